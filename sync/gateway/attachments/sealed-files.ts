/**
 * Sealed attachments on disk, as a data store of @tus/server (tus 1.0.0: core, creation).
 *
 * Invariants
 * - No offset is told to anyone before the bytes below it are synced to disk; a broken request's bytes are kept and synced.
 * - The offset is the length of the durable file and stands nowhere else, so the two cannot disagree after a crash.
 * - Only an attachment which a stored packet announced can be created, and only with the size it announced.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { DataStore, ERRORS, Upload } from '@tus/server'
import type { PacketStore } from '../packets/packet-store.ts'
import { removeFile, syncFolder } from '../storage/durable-file.ts'

export type UploadName = { packetId: string; attachmentId: string }

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const uploadIdShape = new RegExp(`^(${uuid})\\.(${uuid})$`)

/** Undefined for anything but two lower-case UUIDs: an upload's id becomes a file's name. */
export function parseUploadId(id: string): UploadName | undefined {
  const [, packetId, attachmentId] = uploadIdShape.exec(id) ?? []
  return packetId === undefined || attachmentId === undefined ? undefined : { packetId, attachmentId }
}

export const uploadIdOf = (name: UploadName): string => `${name.packetId}.${name.attachmentId}`

/** Beside the folders of two hexadecimal digits. */
const incoming = 'incoming'

export class SealedFiles extends DataStore {
  readonly #folder: string
  readonly #announced: PacketStore['announced']

  constructor(folder: string, announced: PacketStore['announced']) {
    super()
    this.#folder = folder
    this.#announced = announced
    this.extensions = ['creation']
  }

  #pathOf(id: string): string {
    if (parseUploadId(id) === undefined) throw ERRORS.FILE_NOT_FOUND
    return path.join(this.#folderOf(id), id)
  }

  /** Throws away what a killed gateway had begun to place. The folders are all there before the first file is. */
  async prepare(): Promise<void> {
    const begun = path.join(this.#folder, incoming)
    await rm(begun, { recursive: true, force: true })
    const folders = [begun, ...Array.from({ length: 256 }, (_, at) => this.#folderOf(Buffer.from([at]).toString('hex')))]
    for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 })
    await syncFolder(this.#folder)
  }

  #folderOf(id: string): string {
    return path.join(this.#folder, id.slice(0, 2))
  }

  /** Bytes on disk, synced; undefined when the upload was not created yet. */
  async durableSize(id: string): Promise<number | undefined> {
    const handle = await open(this.#pathOf(id), 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (handle === undefined) return undefined
    try {
      // Before the size is read: what a killed gateway wrote and did not sync must not be acknowledged by its successor.
      await handle.datasync()
      return (await handle.stat()).size
    } finally {
      await handle.close()
    }
  }

  read(id: string): Promise<Buffer> {
    return readFile(this.#pathOf(id))
  }

  /**
   * Whole and synced when resolved. Whoever is writing another file of this name goes on in that one, which nobody reads any more. Bytes and
   * name are synced side by side, for one write of the disk's journal then serves both; only what takes the place of another file is on disk
   * before it has the name.
   */
  async place(id: string, bytes: Uint8Array): Promise<void> {
    const file = this.#pathOf(id)
    const folder = path.dirname(file)
    const aside = path.join(this.#folder, incoming, randomUUID())
    const handle = await open(aside, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      if (existsSync(file)) await handle.datasync()
      await rename(aside, file)
      await Promise.all([handle.datasync(), syncFolder(folder)])
    } catch (error) {
      await rm(aside, { force: true })
      throw error
    } finally {
      await handle.close()
    }
  }

  override async create(upload: Upload): Promise<Upload> {
    const file = this.#pathOf(upload.id)
    const folder = path.dirname(file)
    const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      // Two creations at once: one of them made it.
      throw error.code === 'EEXIST' ? { status_code: 409, body: 'created before' } : error
    })
    await handle.sync()
    await handle.close()
    await syncFolder(folder)
    return upload
  }

  override async remove(id: string): Promise<void> {
    const file = this.#pathOf(id)
    await removeFile(file)
    await syncFolder(path.dirname(file))
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const handle = await open(this.#pathOf(id), 'r+')
    let position = offset
    try {
      for await (const chunk of stream) {
        const bytes = Buffer.from(chunk)
        for (let done = 0; done < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position)
          done += bytesWritten
          position += bytesWritten
        }
      }
    } finally {
      try {
        await handle.datasync()
      } finally {
        await handle.close()
      }
    }
    return position
  }

  override async getUpload(id: string): Promise<Upload> {
    const name = parseUploadId(id)
    if (name === undefined) throw ERRORS.FILE_NOT_FOUND
    const expected = await this.#announced(name.packetId, name.attachmentId)
    const size = await this.durableSize(id)
    if (expected === undefined || size === undefined) throw ERRORS.FILE_NOT_FOUND
    return new Upload({ id, size: expected.sealedSize, offset: size })
  }
}
