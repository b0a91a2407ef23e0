import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { type OutboxRow, TramDatabase } from './database.ts'
import { createOutboxStore } from './outbox-store.ts'

const row = (number: number, counter: number): OutboxRow => ({
  packetId: `p${number}`,
  dossierId: `d${number}`,
  stationId: 's',
  counter,
  packetDigest: '',
  slipCode: '',
  slipKey: `k${number}`,
  procedureCode: '',
  procedureVersion: '',
  training: true,
  operatorId: 'o',
  queuedAt: '',
  progress: { state: { name: 'queued' }, attempt: 0, reuploads: 0 },
  open: number % 10 === 9 ? 0 : 1,
  sentOnce: false,
  attachments: [],
  bytesSent: {},
  label: new Uint8Array(),
})

it('lists a queue that is longer than one reading: each that is open once, in the order of the counters', async () => {
  const database = new TramDatabase('outbox-store-test')
  // After a rescue two rows may carry one counter: here each even one twice, on both sides of every edge.
  const rows = Array.from({ length: 1_100 }, (_, at) => row(at, at - (at % 4 === 1 ? 1 : 0)))
  await database.outbox.bulkAdd(rows.toReversed())
  const listed = await createOutboxStore(database).listOpen()
  const wanted = rows.filter(({ open }) => open === 1).map(({ packetId }) => packetId)
  expect(listed.ok && listed.value.map(({ packetId }) => packetId)).toEqual(
    wanted.toSorted((a, b) => {
      const [one, other] = [rows[Number(a.slice(1))], rows[Number(b.slice(1))]]
      return (one?.counter ?? 0) - (other?.counter ?? 0) || a.localeCompare(b)
    }),
  )
  database.close()
})

it('lets one whose bytes the disk has lost take nothing from those changed beside it', async () => {
  const database = new TramDatabase('outbox-lost-test')
  database.use({
    stack: 'dbcore',
    name: 'lost',
    create: (down) => ({
      ...down,
      table: (name) => {
        const table = down.table(name)
        if (name !== 'packets') return table
        const lost = () => Promise.reject(new DOMException('Data lost due to missing file.', 'NotReadableError'))
        return { ...table, get: (request) => (request.key === 'p1' ? lost() : table.get(request)) }
      },
    }),
  })
  const rows = [row(0, 0), row(1, 1), row(2, 2)]
  await database.outbox.bulkAdd(rows)
  const packet = { header: '', sealedKey: { enc: '', ciphertext: '' }, payload: '', signature: '' }
  await database.packets.bulkAdd(rows.map(({ packetId }) => ({ packetId, packet })))
  const store = createOutboxStore(database)
  const changed = await Promise.all(
    rows.map(({ packetId }) =>
      store.change(packetId, ({ progress }) => ({ progress: { ...progress, attempt: progress.attempt + 1 } }), 0),
    ),
  )
  expect(changed.map((one) => one.ok && [one.value.progress.attempt, one.value.entry !== undefined])).toEqual([
    [1, true],
    [1, false],
    [1, true],
  ])
  const read = await Promise.all(rows.map(({ packetId }) => store.read(packetId)))
  expect(read.map((one) => one.ok && one.value.packet !== undefined)).toEqual([true, false, true])
  database.close()
})
