/** A long queue is read once; a status that arrives afterwards reads the one row it is of. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type OutboxRow, TramDatabase } from './database.ts'
import { eventsOf } from './finish.ts'
import { followOutbox } from './outbox-changes.ts'

const many = 600
let database: TramDatabase
let read = 0

const rowOf = (number: number, open: 0 | 1): OutboxRow => ({
  packetId: `packet-${number}`,
  dossierId: `dossier-${number}`,
  stationId: 'station',
  counter: number,
  packetDigest: '',
  slipCode: `slip-${number}`,
  slipKey: `slip-${number}`,
  procedureCode: '1.001193',
  procedureVersion: '2026-07-18',
  training: true,
  operatorId: 'operator',
  queuedAt: '2026-01-01T00:00:00.000Z',
  progress: { state: { name: open === 1 ? 'queued' : 'received' }, attempt: 0, reuploads: 0 },
  open,
  sentOnce: false,
  attachments: [],
  bytesSent: {},
  label: new Uint8Array(1),
})

beforeEach(async () => {
  database = new TramDatabase(`outbox-${Math.random()}`)
  database.use({
    stack: 'dbcore',
    name: 'counting',
    create: (core) => ({
      ...core,
      table: (name) => {
        const table = core.table(name)
        if (name !== 'outbox') return table
        return {
          ...table,
          getMany: async (request) => {
            read += request.keys.length
            return table.getMany(request)
          },
          query: async (request) => {
            const answer = await table.query(request)
            if (request.values === true) read += answer.result.length
            return answer
          },
        }
      },
    }),
  })
  await database.outbox.bulkAdd(Array.from({ length: many }, (_, number) => rowOf(number, number % 2 === 0 ? 1 : 0)))
  read = 0
})
afterEach(() => database.delete())

const follow = (which: 'all' | 'open') => {
  let rows: ReadonlyMap<string, OutboxRow> = new Map()
  let hear = () => {}
  const end = followOutbox(database, which, (found) => {
    rows = found
    hear()
  })
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      hear = () => {
        if (condition()) resolve()
      }
      hear()
    })
  return { rows: () => rows, until, end }
}

it('reads all rows once and then those that changed, joined or left', async () => {
  const followed = follow('all')
  await followed.until(() => followed.rows().size === many)
  expect(read).toBe(many)
  await database.outbox.update('packet-7', { official: { code: 'H-1' } as never })
  await followed.until(() => followed.rows().get('packet-7')?.official !== undefined)
  await database.outbox.add(rowOf(many, 1))
  await followed.until(() => followed.rows().size === many + 1)
  await database.outbox.bulkDelete(['packet-1', 'packet-2'])
  await followed.until(() => followed.rows().size === many - 1)
  expect(read).toBeLessThan(many + 20)
  followed.end()
})

it('reads and keeps only what is still to be sent, where nothing else is asked for', async () => {
  const followed = follow('open')
  await followed.until(() => followed.rows().size === many / 2)
  expect(read).toBe(many / 2)
  await database.outbox.update('packet-0', { open: 0 })
  await followed.until(() => !followed.rows().has('packet-0'))
  await database.outbox.clear()
  await followed.until(() => followed.rows().size === 0)
  followed.end()
})

it('finds a dossier’s events by their indexes', async () => {
  await database.outbox.put({ ...rowOf(many, 1), about: { kind: 'withdraw', dossierId: 'dossier-4', sequence: 2 } })
  const found = await eventsOf(database, 'dossier-4')
  expect(found.map(({ packetId }) => packetId).toSorted()).toEqual(['packet-4', `packet-${many}`])
  expect(database.outbox.schema.indexes.map(({ name }) => name)).toEqual(expect.arrayContaining(['dossierId', 'about.dossierId']))
})
