/** Time as logic sees it: given from outside, so that a simulation can give another. */
export type Clock = {
  /** Wall time, milliseconds since 1970. It may jump, by years, either way. */
  now(): number
  /** Milliseconds which only grow. */
  monotonic(): number
  /** Runs once, after so many milliseconds. Returns its cancel. */
  after(ms: number, run: () => void): () => void
}
