/**
 * A key for each citizen's record, each in a file of its own beside the database and in no copy of it: whoever destroys the file has erased
 * the record wherever else its bytes lie, in backups and logs of the database too.
 *
 * Invariants: a key is wrapped (AES-256-GCM) by the gateway's key for the store, its record's name is part of what is authenticated, and
 * its file is durable before anything is sealed under it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { Base64Url } from '../../../contracts/encoding.ts'
import type { Keys } from '../keys.ts'
import { removeFile, syncFolder, writeSecretFile } from '../storage/durable-file.ts'

export type RecordKeys = {
  /** Durable when resolved. */
  make(recordId: string): Promise<Uint8Array>
  /** Undefined once it is destroyed. */
  find(recordId: string): Promise<Uint8Array | undefined>
  destroy(recordId: string): Promise<void>
  list(): Promise<string[]>
  /** What a stop left half written: a key may stand in it. While nothing is being written. */
  discardHalfWritten(): Promise<void>
  /** Wraps by the present key what a former one wraps. How many keys do not open. */
  rewrap(): Promise<number>
}

const Wrapped = z.object({ keyId: z.string(), wrapped: Base64Url })

const nonceBytes = 12
const tagBytes = 16

export const sealBytes = (key: Uint8Array, about: string, plain: Uint8Array): string => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** Undefined when it was sealed by another key, or about something else, or was changed. */
export const openBytes = (key: Uint8Array, about: string, sealed: string): Uint8Array | undefined => {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < nonceBytes + tagBytes) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(about))
      .setAuthTag(bytes.subarray(bytes.length - tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)), decipher.final()])
  } catch {
    return undefined
  }
}

const about = (recordId: string): string => `tram citizen record key|${recordId}`
const isName = (name: string): boolean => /^[0-9a-f-]{36}$/.test(name)
/** As storage/durable-file.ts writes aside. */
const isHalfWritten = (name: string): boolean => /^[0-9a-f-]{36}\.[0-9a-f]+$/.test(name)

/** Makes its folder. */
export async function openRecordKeys(folder: string, keys: Pick<Keys, 'storeKey' | 'storeKeyOf'>): Promise<RecordKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await syncFolder(path.dirname(folder))
  const fileOf = (recordId: string): string => {
    if (!isName(recordId)) throw new Error('Not the name of a record')
    return path.join(folder, recordId)
  }
  const write = async (recordId: string, key: Uint8Array): Promise<void> => {
    const { keyId, secret } = keys.storeKey
    await writeSecretFile(fileOf(recordId), JSON.stringify({ keyId, wrapped: sealBytes(secret, about(recordId), key) }))
  }
  const read = async (recordId: string): Promise<{ keyId: string; key: Uint8Array } | undefined> => {
    const text = await readFile(fileOf(recordId), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (text === undefined) return undefined
    const { keyId, wrapped } = Wrapped.parse(JSON.parse(text))
    const by = keys.storeKeyOf(keyId)
    const key = by && openBytes(by.secret, about(recordId), wrapped)
    if (key === undefined) throw new Error('The key of a record does not open')
    return { keyId, key }
  }
  const list = async () => (await readdir(folder)).filter(isName)
  return {
    make: async (recordId) => {
      const key = randomBytes(32)
      await write(recordId, key)
      return key
    },
    find: async (recordId) => (await read(recordId))?.key,
    destroy: async (recordId) => {
      await removeFile(fileOf(recordId))
      await syncFolder(folder)
    },
    list,
    discardHalfWritten: async () => {
      const halves = (await readdir(folder)).filter(isHalfWritten)
      for (const name of halves) await removeFile(path.join(folder, name))
      if (halves.length > 0) await syncFolder(folder)
    },
    rewrap: async () => {
      let unopened = 0
      for (const recordId of await list()) {
        // One that is damaged keeps the gateway from no start, and no other from its new key.
        const held = await read(recordId).catch(() => {
          unopened += 1
          return undefined
        })
        if (held === undefined || held.keyId === keys.storeKey.keyId) continue
        await write(recordId, held.key)
      }
      return unopened
    },
  }
}
