/**
 * A new log before the first word is written into a store just opened.
 *
 * Chromium's IndexedDB on LevelDB goes on, after a start, at the end of the log it finds. Where that end is torn (power or browser gone in
 * the middle of a write, or a disk that ran full) it reads up to the tear and writes behind it, strictly and confirmed; the start after that
 * finds a broken log and throws the whole store away. Once a database was deleted, LevelDB keeps what the log held in a table and begins
 * another log: so one is made and deleted. The store on SQLite does not need it and is not troubled by it.
 */
const passing = 'tram-passing'

/** Rejects with what IndexedDB threw: nothing may be written then, for it would be lost. */
export const beginFreshLog = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const made = indexedDB.open(passing, 1)
    made.onupgradeneeded = () => void made.result.createObjectStore('rows').put(1, 1)
    made.onerror = () => reject(made.error ?? new Error('no new log'))
    made.onsuccess = () => {
      made.result.close()
      const gone = indexedDB.deleteDatabase(passing)
      gone.onerror = () => reject(gone.error ?? new Error('no new log'))
      gone.onsuccess = () => resolve()
    }
  })
