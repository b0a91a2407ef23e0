/**
 * Files of the station's own folder: readable by their owner alone (0600 in 0700), replaced whole or not at all.
 * A write is durable when its promise resolves: data, then name (fsync of file and folder around the rename).
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Makes the folder, or closes one to others that is already there. */
export const openPrivateFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
}

export const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot open a folder; its rename is journalled by NTFS.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export const writeDurably = async (file: string, content: Uint8Array | string): Promise<void> => {
  const folder = dirname(file)
  const aside = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  try {
    const handle = await open(aside, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, file)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** The file's bytes, or undefined where there is none. Any other failure throws: a secret that cannot be read is never made anew. */
export const readIfThere = async (file: string): Promise<Uint8Array | undefined> => {
  try {
    return await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
