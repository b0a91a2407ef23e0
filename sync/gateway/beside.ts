/** How a command reaches a running gateway's database and keys: by DATABASE_URL or the 0600 files of its data folder. */
import { readFile } from 'node:fs/promises'
import { databaseUrlFile } from './gateway.ts'
import { type Database, openDatabase } from './storage/database.ts'

export const dataFolderDefault = process.env.TRAM_GATEWAY_DATA ?? 'data/gateway'

/** Says why and ends the program with 1 when there is none. */
export async function withDatabase(dataFolder: string, work: (database: Database) => Promise<void>): Promise<void> {
  const url = process.env.DATABASE_URL ?? (await readFile(databaseUrlFile(dataFolder), 'utf8').catch(() => undefined))
  if (url === undefined) {
    console.error(`Máy chủ chưa chạy với thư mục ${dataFolder} / no gateway runs on this data folder`)
    process.exitCode = 1
    return
  }
  const database = openDatabase(url, () => undefined)
  try {
    await work(database)
  } catch (error) {
    console.error(`Không làm được / it failed: ${error instanceof Error ? error.name : 'unknown'}`)
    process.exitCode = 1
  } finally {
    await database.destroy()
  }
}
