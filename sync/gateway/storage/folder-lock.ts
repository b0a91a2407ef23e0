/**
 * One gateway for one data folder, by a lock of the operating system: it goes with its process, however that ends, and of two that ask in one
 * moment one gets it. SQLite's is the one Node.js reaches on every system; nothing is ever written into the file.
 */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { err, ok, type Result } from '../../../contracts/result.ts'

const busy = 5

/** One that nobody refers to is collected, and its lock with it. */
const heldHere = new Set<DatabaseSync>()

const isBusy = (thrown: unknown): boolean => thrown instanceof Error && 'errcode' in thrown && thrown.errcode === busy

export function lockFolder(folder: string): Result<{ release(): void }, { type: 'folder-in-use' }> {
  const file = new DatabaseSync(path.join(folder, 'gateway-lock.sqlite'), { timeout: 0 })
  try {
    file.exec('PRAGMA journal_mode = MEMORY')
    file.exec('BEGIN EXCLUSIVE')
  } catch (thrown) {
    file.close()
    if (isBusy(thrown)) return err({ type: 'folder-in-use' })
    throw thrown
  }
  heldHere.add(file)
  return ok({
    release: () => {
      heldHere.delete(file)
      file.close()
    },
  })
}
