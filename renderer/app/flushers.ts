/** Who still has something to write before the kiosk locks. */
type Flusher = () => Promise<void>
const flushers = new Set<Flusher>()

export const beforeLock = (flusher: Flusher): (() => void) => {
  flushers.add(flusher)
  return () => flushers.delete(flusher)
}

export const flushAll = async (): Promise<void> => {
  await Promise.allSettled([...flushers].map((flusher) => flusher()))
}
