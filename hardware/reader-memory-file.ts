/**
 * What the readers bore, on disk: `readers.json` in the station's folder. Names of readers and lengths, nothing else.
 *
 * Invariants: written beside and renamed; a file that is not there, not readable or not understood is no memory, never a failure.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { createReaderMemory, type ReaderMemory } from './sessions/reader-memory.ts'

const MemoryFile = z.object({ format: z.literal('tram-readers-1'), longestAnswer: z.record(z.string(), z.number().int()) })

const stored = (path: string): Record<string, number> => {
  try {
    const parsed = MemoryFile.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return parsed.success ? parsed.data.longestAnswer : {}
  } catch {
    // Absent at first; whatever else it is, the next reading finds the length anew.
    return {}
  }
}

export const openReaderMemory = (path: string): ReaderMemory =>
  createReaderMemory(stored(path), (longestAnswer) => {
    try {
      writeFileSync(`${path}.new`, JSON.stringify({ format: 'tram-readers-1', longestAnswer }))
      renameSync(`${path}.new`, path)
    } catch {
      // A full disk costs the next start one longer reading.
    }
  })
