/**
 * What the gateway's desk does about the citizens' store (Law 91/2025/QH15: to know what is kept of oneself, and to have it erased): shows,
 * erases, and says who touched it. A number is read from standard input, never from a command line, which others on the machine can read.
 */
import { parseArgs } from 'node:util'
import { dataFolderDefault, withDatabase } from './beside.ts'
import type { StoreActor } from './citizen-store/citizen-store.ts'
import { keysFile, openCitizenStore } from './gateway.ts'
import { loadKeys } from './keys.ts'
import type { Database } from './storage/database.ts'
import { createPostgresCitizenRecords } from './storage/postgres-citizen-records.ts'

const fail = (line: string): void => {
  console.error(line)
  process.exitCode = 1
}

const longestInput = 200

async function readNumber(): Promise<string | undefined> {
  if (process.stdin.isTTY) console.error('Gõ số định danh cá nhân rồi Enter / type the personal number, then Enter')
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.includes('\n') || text.length > longestInput) break
  }
  const number = text.trim()
  return /^\d{12}$/.test(number) ? number : undefined
}

type Found = { database: Database; personalNumber: string; by: StoreActor; dataFolder: string }

async function aboutCitizen(words: string[], work: (found: Found) => Promise<void>): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: { data: { type: 'string', default: dataFolderDefault }, why: { type: 'string', default: '' } },
  })
  if (values.why.trim() === '') return fail('Cần --why: ai yêu cầu, theo giấy nào / say who asks and by which paper')
  const personalNumber = await readNumber()
  if (personalNumber === undefined) return fail('Cần đúng 12 chữ số / twelve digits are needed')
  await withDatabase(values.data, (database) =>
    work({ database, personalNumber, dataFolder: values.data, by: { why: `desk: ${values.why.trim()}` } }),
  )
}

export const showStored = (words: string[]): Promise<void> =>
  aboutCitizen(words, async ({ database, personalNumber, by, dataFolder }) => {
    const store = await openCitizenStore(database, await loadKeys(keysFile(dataFolder)), { dataFolder })
    const { facts, until } = await store.read(personalNumber, by, 'shown')
    if (until === undefined) return console.log('Không lưu gì về người này / nothing is kept of this person')
    for (const [fact, kept] of Object.entries(facts))
      console.log(`${fact}: ${kept.value}  (${kept.procedureCode}, ${kept.source}, ${kept.declaredAt})`)
    console.log(`Lưu đến / kept until ${until}`)
  })

export const eraseStored = (words: string[]): Promise<void> =>
  aboutCitizen(words, async ({ database, personalNumber, by, dataFolder }) => {
    const store = await openCitizenStore(database, await loadKeys(keysFile(dataFolder)), { dataFolder })
    const had = await store.erase(personalNumber, by)
    console.log(
      had
        ? 'Đã xoá / erased'
        : 'Không có gì để xoá; hồ sơ đến sau cũng không lưu / there was nothing; nothing older will be kept',
    )
  })

/** Whose record it is stands there as a hash; with a number on standard input (`--of`), only that person's. */
export async function auditStore(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      data: { type: 'string', default: dataFolderDefault },
      since: { type: 'string', default: '1970-01-01' },
      of: { type: 'boolean', default: false },
    },
  })
  const since = new Date(values.since)
  if (Number.isNaN(since.getTime())) return fail('--since yyyy-MM-dd')
  const number = values.of ? await readNumber() : undefined
  if (values.of && number === undefined) return fail('Cần đúng 12 chữ số / twelve digits are needed')
  await withDatabase(values.data, async (database) => {
    const keys = await loadKeys(keysFile(values.data))
    const personHash = number === undefined ? {} : { personHash: keys.hashOfCitizen(number) }
    const notes = await createPostgresCitizenRecords(database).notes({ since, limit: 10_000, ...personHash })
    for (const note of notes.toReversed()) {
      const who = note.stationId === undefined ? 'desk' : `station ${note.stationId} operator ${note.operatorId ?? '?'}`
      console.log(`${note.at.toISOString()}  ${note.act.padEnd(7)}  ${note.personHash?.slice(0, 16) ?? '-'}  ${who}  ${note.why}`)
    }
  })
}
