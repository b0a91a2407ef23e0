/**
 * How many of Node's threads may wait for the disk at once; imported before anything that uses one. With four, eight papers that came
 * together were synced in four turns, each a write of the disk's journal that could have served all of them.
 */
process.env.UV_THREADPOOL_SIZE ??= '16'
