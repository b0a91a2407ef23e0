/**
 * The longest answers that each reader bore, so that the next reading begins with them.
 *
 * Invariants: a chip that bears less than its reader must not make the reader slow for good: every `tryLongestEvery` readings the longest
 * is tried again. Whatever was stored is taken only as far as it names a manner there is.
 */
import { readManners } from '../protocols/reading/read-file.ts'

/** Reader's name to the longest answer in bytes. */
export type StoredMemory = Readonly<Record<string, number>>

export type ReaderMemory = {
  /** Index of the manner to begin with. */
  beginWith(readerName: string): number
  /** In this manner a card was read. */
  told(readerName: string, mannerIndex: number): void
}

const tryLongestEvery = 20
/** More readers than any station sees; a service that makes up names must not fill the disk. */
const mostReaders = 32

export const createReaderMemory = (stored: StoredMemory = {}, save: (memory: StoredMemory) => void = () => {}): ReaderMemory => {
  const indexOf = (longest: number): number =>
    Math.max(
      0,
      readManners.findIndex((manner) => manner.longest === longest),
    )
  const memory = new Map(Object.entries(stored).map(([name, longest]) => [name, { index: indexOf(longest), readings: 0 }]))
  return {
    beginWith(readerName) {
      const known = memory.get(readerName)
      return known === undefined || known.readings >= tryLongestEvery ? 0 : known.index
    },
    told(readerName, mannerIndex) {
      const before = memory.get(readerName)
      const triedAgain = before !== undefined && before.readings >= tryLongestEvery
      memory.set(readerName, { index: mannerIndex, readings: triedAgain || mannerIndex === 0 ? 0 : (before?.readings ?? 0) + 1 })
      if (before?.index === mannerIndex) return
      const oldest = memory.keys().next().value
      if (memory.size > mostReaders && oldest !== undefined) memory.delete(oldest)
      save(Object.fromEntries(Array.from(memory, ([name, { index }]) => [name, readManners[index]?.longest ?? 0])))
    },
  }
}
