/**
 * What IndexedDB throws, in our words. A full disk shows in three shapes in Chromium: QuotaExceededError,
 * `DataError: Failed to write blobs`, `UnknownError ... NO_SPACE`. What is not the store's is a bug and goes on up.
 */
import { err, ok, type Result } from '../../contracts/result.ts'
import type { StoreFault } from './vault-api.ts'

type Thrown = { name: string; message: string; inner?: unknown; failures?: unknown }

const isThrown = (value: unknown): value is Thrown =>
  typeof value === 'object' && value !== null && 'name' in value && 'message' in value && typeof value.name === 'string'

const brokenNames = new Set([
  'UnknownError',
  'DataError',
  'AbortError',
  'TimeoutError',
  'OpenFailedError',
  'VersionError',
  'NotFoundError',
  'NotReadableError',
  'DataCloneError',
  'ConstraintError',
  'TransactionInactiveError',
  'PrematureCommitError',
  'MissingAPIError',
])

/** What was thrown and what it stands for: Dexie wraps one cause in `inner`, and those of several rows (ModifyError, which has no name of its own) in `failures`. */
const causesOf = (thrown: unknown): Thrown[] => {
  const causes: Thrown[] = []
  const open = [thrown]
  while (open.length > 0 && causes.length < 12) {
    const at = open.shift()
    if (!isThrown(at)) continue
    causes.push(at)
    open.push(at.inner, ...(Array.isArray(at.failures) ? at.failures.slice(0, 4) : []))
  }
  return causes
}

export const toStoreFault = (thrown: unknown): StoreFault | undefined => {
  const chain = causesOf(thrown)
  for (const { name, message } of chain) {
    if (name === 'QuotaExceededError') return { type: 'disk-full' }
    if (name === 'DataError' && message.includes('Failed to write blobs')) return { type: 'disk-full' }
    if (/NO_SPACE|No space left|disk (is )?full/i.test(message)) return { type: 'disk-full' }
  }
  for (const { name } of chain) {
    if (name === 'DatabaseClosedError' || name === 'InvalidStateError') return { type: 'store-closed' }
  }
  const broken = chain.find(({ name }) => brokenNames.has(name))
  return broken === undefined ? undefined : { type: 'store-broken', detail: broken.name }
}

/** Chromium keeps large values in files of their own, and says so of one whose file is gone or has another length than it had. */
const isLost = (thrown: unknown): boolean =>
  causesOf(thrown).some(
    ({ name, message }) => name === 'NotReadableError' || message.includes('Failed to read large IndexedDB value'),
  )

/**
 * What to do where the disk no longer has what a row holds: asked again it never will, and of no other row that says anything. Around a
 * whole transaction, for the browser gives up one in which a value could not be read.
 */
export const ifLost = async <T, U>(reading: PromiseLike<T>, instead: () => PromiseLike<U> | U): Promise<T | U> => {
  try {
    return await reading
  } catch (thrown) {
    if (isLost(thrown)) return instead()
    throw thrown
  }
}

/** Less than this and the next paper does not fit, bytes. */
const noRoom = 64 * 1024 * 1024

/** A paper and what keeping it needs beside it, bytes. */
const probeBytes = 8 * 1024 * 1024
const probeWaitMs = 5_000

/** Whether as much as a paper can still be written, in a database of its own that is gone again afterwards. */
const probeFails = (): Promise<boolean> =>
  new Promise((resolve) => {
    const name = 'tram-room-probe'
    const timer = setTimeout(() => resolve(false), probeWaitMs)
    const end = (failed: boolean, database?: IDBDatabase) => {
      clearTimeout(timer)
      database?.close()
      indexedDB.deleteDatabase(name)
      resolve(failed)
    }
    const opening = indexedDB.open(name, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('probe')
    opening.onerror = () => end(true)
    opening.onsuccess = () => {
      const database = opening.result
      const bytes = new Uint8Array(probeBytes)
      for (let at = 0; at < probeBytes; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
      const writing = database.transaction('probe', 'readwrite', { durability: 'strict' })
      writing.oncomplete = () => end(false, database)
      writing.onabort = () => end(true, database)
      writing.objectStore('probe').put(bytes, 0)
    }
  })

/**
 * Of several writes side by side the first to fail may be told only that the transaction was aborted: then the machine's room says why. The
 * browser reckons its estimate once in a while, so a disk that has just run full is found by writing.
 */
const outOfRoom = async (): Promise<boolean> => {
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => undefined)
  if (estimate?.quota !== undefined && estimate.quota - (estimate.usage ?? 0) < noRoom) return true
  return typeof indexedDB === 'undefined' ? false : probeFails()
}

/** The same, once it is known why a transaction was only aborted. */
export const explained = async (thrown: unknown): Promise<StoreFault | undefined> => {
  const fault = toStoreFault(thrown)
  const unexplained = fault?.type === 'store-broken' && fault.detail === 'AbortError'
  return unexplained && (await outOfRoom()) ? { type: 'disk-full' } : fault
}

/** Runs work on the store; its failures become values, bugs stay thrown. */
export const guarded = async <T>(work: () => PromiseLike<T>): Promise<Result<T, StoreFault>> => {
  try {
    return ok(await work())
  } catch (thrown) {
    const fault = await explained(thrown)
    if (fault === undefined) throw thrown
    return err(fault)
  }
}
