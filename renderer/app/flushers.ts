/** Who still has something to write before the kiosk locks or the page is left. A flusher says whether everything of its own is durable. */
type Flusher = () => Promise<boolean>
const flushers = new Set<Flusher>()

export const beforeLock = (flusher: Flusher): (() => void) => {
  flushers.add(flusher)
  return () => flushers.delete(flusher)
}

/** True only when everybody's work is durable. */
export const flushAll = async (): Promise<boolean> => {
  const ends = await Promise.allSettled([...flushers].map((flusher) => flusher()))
  return ends.every((end) => end.status === 'fulfilled' && end.value)
}
