/**
 * A cluster as a gateway's first start leaves it, made once for all tests and copied for each: making one takes 3 s, a copy half of one.
 * Invariant: the store in `.cache` is named by what makes it, so a change there never meets an older one's work.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { openDatabase } from './database.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate } from './migrations.ts'

const run = promisify(execFile)
const store = path.resolve(import.meta.dirname, '../../../.cache/clusters')
/** In a gateway's data folder (gateway.ts). */
export const clusterIn = (dataFolder: string) => ({
  folder: path.join(dataFolder, 'postgresql'),
  secretFile: path.join(dataFolder, 'postgresql.json'),
})

/** What lies in it. */
const copy = async (from: string, to: string): Promise<void> => {
  await run('cp', ['-a', '--reflink=auto', '--sparse=always', `${from}/.`, to])
}

async function nameOfCluster(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of ['embedded-postgres.ts', 'migrations.ts', '../../../package-lock.json'])
    hash.update(await readFile(path.join(import.meta.dirname, source)))
  return hash.digest('hex').slice(0, 16)
}

async function make(ready: string): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tram-cluster-'))
  await chmod(folder, 0o711)
  try {
    const made = path.join(folder, 'made')
    const server = await startEmbeddedPostgres({ ...clusterIn(made), onUnexpectedExit: () => undefined })
    const database = openDatabase(server.url, () => undefined)
    await migrate(database)
    await database.destroy()
    await server.stop()
    await mkdir(store, { recursive: true })
    const aside = await mkdtemp(`${ready}.`)
    await copy(made, aside)
    // Another test's process was quicker with the same.
    await rename(aside, ready).catch(() => rm(aside, { recursive: true, force: true }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** For a data folder that is not there yet. */
export async function layReadyCluster(dataFolder: string): Promise<void> {
  const ready = path.join(store, await nameOfCluster())
  if (!existsSync(ready)) await make(ready)
  await mkdir(dataFolder, { recursive: true, mode: 0o711 })
  await copy(ready, dataFolder)
}
