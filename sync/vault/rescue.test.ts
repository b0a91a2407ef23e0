import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, expect, it, vi } from 'vitest'
import type { Result } from '../../contracts/result.ts'
import { TramDatabase } from './database.ts'
import { rescueStore } from './rescue.ts'
import { makeGatewayKeys, makeStation } from './station.fixture.ts'
import { openVault } from './vault.ts'

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const pin = '604182'
const newDraft = { procedureCode: '1.001193', procedureVersion: '2025-07-01', content: {}, label: 'M.', training: true }

afterEach(() => vi.restoreAllMocks())

/** As a store whose block is gone: one row does not come, and no reading over it either. */
const damage = (store: string, key: string, disk: string) => {
  const isIt = (of: IDBObjectStore) => of.name === store && of.transaction.db.name === disk
  const { get, getAll } = IDBObjectStore.prototype
  const broken = () => new DOMException('Internal error', 'UnknownError')
  vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (this: IDBObjectStore, asked) {
    if (isIt(this) && asked === key) throw broken()
    return get.call(this, asked)
  })
  vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...asked) {
    if (isIt(this)) throw broken()
    return getAll.apply(this, asked)
  })
}

it('is noticed at start, set aside and kept; what can be read goes on under the same PIN', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'damaged', pinCost: { memoryKib: 64, iterations: 1 } }
  const before = must(await openVault(options))
  const { operatorId } = must(await before.createOperator({ name: 'Lò Thị Mẫu', pin }))
  must(await before.signIn({ operatorId, pin }))
  const lost = must(await before.createDraft(newDraft))
  const kept = must(await before.createDraft(newDraft))
  const queued = must(await before.createDraft(newDraft))
  const at = '2026-11-22T02:00:00.000Z'
  const consents = [{ id: 'submit', purpose: { vi: 'Gửi' }, given: true, at }]
  const { packetId } = must(await before.finish({ draftId: queued.draftId, answers: {}, consents, label: 'M.' }))
  must(await before.outbox.writeCursor(7))
  before.close()

  damage('drafts', lost.draftId, 'damaged')
  expect(await openVault(options)).toEqual({ ok: false, error: { type: 'store-broken', detail: 'damaged' } })
  const after = must(await openVault({ ...options, rescue: true }))
  must(await after.signIn({ operatorId, pin }))
  expect(must(await after.listDrafts()).map(({ draftId }) => draftId)).toEqual([kept.draftId])
  expect(must(await after.listOutbox()).map((entry) => entry.packetId)).toEqual([packetId])
  expect(must(await after.outbox.readCursor())).toBe(0)
  expect(await after.rescued()).toMatchObject({ lost: 1 })
  await after.acknowledgeRescue()
  expect(await after.rescued()).toBeUndefined()
  after.close()
  expect(await Dexie.getDatabaseNames()).toEqual(expect.arrayContaining(['damaged', 'damaged~1']))

  // The next start goes on with the new one, whatever the old one is like.
  const again = must(await openVault(options))
  must(await again.signIn({ operatorId, pin }))
  expect(must(await again.listDrafts())).toHaveLength(1)
  again.close()
})

it('is done once when the store is asked for again while it goes on', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'together', pinCost: { memoryKib: 64, iterations: 1 } }
  const before = must(await openVault(options))
  const { operatorId } = must(await before.createOperator({ name: 'Lò Thị Mẫu', pin }))
  must(await before.signIn({ operatorId, pin }))
  for (let count = 0; count < 30; count += 1) must(await before.createDraft(newDraft))
  before.close()
  const rescues: ReturnType<typeof rescueStore>[] = []
  const { getAllKeys } = IDBObjectStore.prototype
  vi.spyOn(IDBObjectStore.prototype, 'getAllKeys').mockImplementation(function (this: IDBObjectStore, ...asked) {
    // In its midst the station went and came back: the page asks once more.
    if (this.name === 'operators' && this.transaction.db.name === 'together' && rescues.length === 1)
      rescues.push(rescueStore('together'))
    return getAllKeys.apply(this, asked)
  })
  const first = rescueStore('together')
  rescues.push(first)
  const asked = openVault({ ...options, openTimeoutMs: 1_000 })
  must(await first)
  // What counts as finished is whole, should the machine be switched off now.
  const made = new TramDatabase('together~1')
  expect(await made.drafts.count()).toBe(30)
  made.close()
  expect((await Promise.all(rescues)).map((one) => must(one).name)).toEqual(['together~1', 'together~1'])
  expect(await Dexie.getDatabaseNames()).not.toContain('together~2')
  const after = must(await asked)
  must(await after.signIn({ operatorId, pin }))
  expect(must(await after.listDrafts())).toHaveLength(30)
  expect(await after.rescued()).toMatchObject({ lost: 0 })
  after.close()
})

it('says how far it is, and stops when it is told to: the damaged store lies there as before', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'long', pinCost: { memoryKib: 64, iterations: 1 } }
  const before = must(await openVault(options))
  const { operatorId } = must(await before.createOperator({ name: 'Lò Thị Mẫu', pin }))
  must(await before.signIn({ operatorId, pin }))
  for (let count = 0; count < 40; count += 1) must(await before.createDraft(newDraft))
  before.close()
  const stopped = await openVault({
    ...options,
    rescue: true,
    watchRescue: ({ done, cancel }) => (done > 16 ? cancel() : undefined),
  })
  expect(stopped).toEqual({ ok: false, error: { type: 'store-broken', detail: 'rescue-cancelled' } })
  expect((await Dexie.getDatabaseNames()).filter((name) => name.startsWith('long'))).toEqual(['long'])

  const seen: [number, number][] = []
  const watchRescue = ({ done, total }: { done: number; total: number }) => seen.push([done, total])
  const after = must(await openVault({ ...options, rescue: true, watchRescue }))
  const [, total = 0] = seen[0] ?? []
  expect(total).toBeGreaterThan(40)
  expect(seen.every(([done, of], at) => of === total && done < total && done >= (seen[at - 1]?.[0] ?? 0))).toBe(true)
  expect(seen.length).toBeGreaterThanOrEqual(4)
  must(await after.signIn({ operatorId, pin }))
  expect(must(await after.listDrafts())).toHaveLength(40)
  expect(await after.rescued()).toMatchObject({ lost: 0 })
  after.close()
})

it('copies all others though the new store will not have one row', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'choosy', pinCost: { memoryKib: 64, iterations: 1 } }
  const before = must(await openVault(options))
  const { operatorId } = must(await before.createOperator({ name: 'Lò Thị Mẫu', pin }))
  must(await before.signIn({ operatorId, pin }))
  const drafts: string[] = []
  for (let count = 0; count < 5; count += 1) drafts.push(must(await before.createDraft(newDraft)).draftId)
  before.close()
  const { put } = IDBObjectStore.prototype
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, row, ...key) {
    if (this.transaction.db.name === 'choosy~1' && row.draftId === drafts[2]) throw new DOMException('Twice', 'ConstraintError')
    return put.call(this, row, ...key)
  })
  const after = must(await openVault({ ...options, rescue: true }))
  must(await after.signIn({ operatorId, pin }))
  const copied = must(await after.listDrafts()).map(({ draftId }) => draftId)
  expect(copied.toSorted()).toEqual(drafts.filter((_, at) => at !== 2).toSorted())
  expect(await after.rescued()).toMatchObject({ lost: 1 })
  after.close()
})

it('is made again when the machine was switched off in the midst', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'halfway', pinCost: { memoryKib: 64, iterations: 1 } }
  const before = must(await openVault(options))
  must(await before.createOperator({ name: 'Lò Thị Mẫu', pin }))
  before.close()
  const half = new Dexie('halfway~1')
  half.version(1).stores({ meta: '&key' })
  await half.open()
  half.close()
  const after = must(await openVault(options))
  expect(must(await after.listOperators())).toHaveLength(1)
  after.close()
  expect(await Dexie.getDatabaseNames()).not.toContain('halfway~1')
})

it('does not take a second rescue that was broken off for a finished one', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'twice', pinCost: { memoryKib: 64, iterations: 1 } }
  const before = must(await openVault(options))
  must(await before.createOperator({ name: 'Lò Thị Mẫu', pin }))
  before.close()
  const once = must(await openVault({ ...options, rescue: true }))
  expect(await once.rescued()).toMatchObject({ lost: 0 })
  once.close()
  // The machine is switched off when the new store's notes are copied and its operators are not.
  const { put } = IDBObjectStore.prototype
  const off = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...asked) {
    if (this.transaction.db.name === 'twice~2' && this.name === 'operators')
      throw new DOMException('The disk is full', 'QuotaExceededError')
    return put.apply(this, asked)
  })
  const kept = vi.spyOn(Dexie, 'delete').mockRejectedValue(new DOMException('Switched off', 'UnknownError'))
  expect(await openVault({ ...options, rescue: true })).toMatchObject({ ok: false })
  off.mockRestore()
  kept.mockRestore()
  expect(await Dexie.getDatabaseNames()).toContain('twice~2')

  const after = must(await openVault(options))
  expect(must(await after.listOperators())).toHaveLength(1)
  after.close()
})

it('lets a sealed packet go on whose row could not be read', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'rowless', pinCost: { memoryKib: 64, iterations: 1 } }
  const before = must(await openVault(options))
  const { operatorId } = must(await before.createOperator({ name: 'Lò Thị Mẫu', pin }))
  must(await before.signIn({ operatorId, pin }))
  const { draftId } = must(await before.createDraft(newDraft))
  const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0])
  must(await before.addAttachment(draftId, { paperId: 'proof', fileName: 'a.jpg', mediaType: 'image/jpeg', bytes }))
  const consents = [{ id: 'submit', purpose: { vi: 'Gửi' }, given: true, at: '2026-11-22T02:00:00.000Z' }]
  const { packetId, counter, dossierId } = must(await before.finish({ draftId, answers: {}, consents, label: 'M.' }))
  before.close()
  damage('outbox', packetId, 'rowless')
  const after = must(await openVault({ ...options, rescue: true }))
  const [entry] = must(await after.listOutbox())
  expect(entry).toMatchObject({
    packetId,
    counter,
    dossierId,
    slipCode: '',
    rebuilt: true,
    progress: { state: { name: 'queued' } },
  })
  const sealed = must(await after.outbox.read(packetId, 10_000))
  expect(sealed.packet).toBeDefined()
  expect(sealed.sealed).toHaveLength(1)
  after.close()
})

it('lets the queue leave on a stick though one packet of it cannot be read', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  const options = { station, databaseName: 'stick', pinCost: { memoryKib: 64, iterations: 1 } }
  const vault = must(await openVault(options))
  const { operatorId } = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin }))
  must(await vault.signIn({ operatorId, pin }))
  const consents = [{ id: 'submit', purpose: { vi: 'Gửi' }, given: true, at: '2026-11-22T02:00:00.000Z' }]
  const packetIds: string[] = []
  for (let count = 0; count < 3; count += 1) {
    const { draftId } = must(await vault.createDraft(newDraft))
    packetIds.push(must(await vault.finish({ draftId, answers: {}, consents, label: 'M.' })).packetId)
  }
  damage('packets', packetIds[1] ?? '', 'stick')
  expect(await vault.exportCourier(() => undefined)).toMatchObject({ ok: true, value: { dossiers: 2, skipped: 1 } })
  vault.close()
})

it('is told, and nothing is thrown, when the browser cannot open any store', async () => {
  const { station } = await makeStation(await makeGatewayKeys())
  vi.spyOn(indexedDB, 'databases').mockRejectedValue(new DOMException('Internal error opening backing store', 'UnknownError'))
  const options = { station, databaseName: 'unopened', pinCost: { memoryKib: 64, iterations: 1 } }
  const broken = { ok: false, error: { type: 'store-broken', detail: 'UnknownError' } }
  expect(await openVault(options)).toEqual(broken)
  expect(await openVault({ ...options, rescue: true })).toEqual(broken)
})
