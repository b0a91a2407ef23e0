/**
 * Keys and database belong together: a gateway that came up with new keys over an old database could open nothing that waits for it, and
 * one with an empty database would take every citizen's key for one that nobody needs.
 *
 * Invariant: keys are made for a database that has never known any, and no others are taken for it afterwards.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type Keys, loadKeys, makeKeys } from './keys.ts'
import type { Database } from './storage/database.ts'

const known = async (database: Database): Promise<string | undefined> =>
  (await database.selectFrom('gateway').select('gateway_id').executeTakeFirst())?.gateway_id

const isUsed = async (database: Database): Promise<boolean> =>
  (await database.selectFrom('stations').select('station_id').limit(1).executeTakeFirst()) !== undefined

const holdsAny = async (folders: readonly string[]): Promise<boolean> => {
  for (const folder of folders) if (existsSync(folder) && (await readdir(folder)).length > 0) return true
  return false
}

/** `kept`: folders of what a database knows the meaning of. Throws, in words for whoever runs the gateway, when the two do not belong together. */
export async function openOwnKeys(database: Database, file: string, kept: readonly string[]): Promise<Keys> {
  const before = await known(database)
  if (!existsSync(file)) {
    if (before !== undefined || (await isUsed(database)))
      throw new Error(
        `thiếu ${file} của cơ sở dữ liệu này, chép lại từ bản sao / the keys of this database are missing: put ${file} back from its copy. What was sealed to them opens with no others`,
      )
  } else if (before === undefined && !(await isUsed(database)) && (await holdsAny(kept)))
    throw new Error(
      'cơ sở dữ liệu này còn trống, thư mục dữ liệu thì không: xem lại DATABASE_URL / this database is empty and the data folder is not: look at DATABASE_URL, or put the database back from its copy',
    )
  await makeKeys(file)
  const keys = await loadKeys(file)
  if (before === undefined)
    await database
      .insertInto('gateway')
      .values({ gateway_id: keys.gatewayId })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  if ((await known(database)) !== keys.gatewayId)
    throw new Error(
      `cơ sở dữ liệu này thuộc bộ khoá khác, không phải ${file} / this database belongs to other keys than those in ${file}`,
    )
  return keys
}
