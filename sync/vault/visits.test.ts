import 'fake-indexeddb/auto'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Result } from '../../contracts/result.ts'
import { TramDatabase } from './database.ts'
import { makeGatewayKeys, makeStation, type TestGatewayKeys } from './station.fixture.ts'
import type { Vault } from './vault.ts'
import { openVault } from './vault.ts'
import { visitLimitMs } from './visits.ts'

const pinCost = { memoryKib: 64, iterations: 1 }
const pin = '604182'
const visit = { cards: [{ person: { fullName: 'NGUYỄN THỊ MẪU', personalNumber: '000190000017' } }] }

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

let keys: TestGatewayKeys
let made: Awaited<ReturnType<typeof makeStation>>
let vault: Vault
let databaseName: string
let first: string
let second: string
let serial = 0

const rows = async () => {
  const database = new TramDatabase(databaseName)
  await database.open()
  const found = await database.visits.toArray()
  database.close()
  return found
}
const open = async () => must(await openVault({ station: made.station, databaseName, pinCost }))
const opened = async () => must(await vault.openVisit())?.content

beforeAll(async () => {
  keys = await makeGatewayKeys()
})
beforeEach(async () => {
  made = await makeStation(keys)
  serial += 1
  databaseName = `visits-${serial}`
  vault = await open()
  first = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin })).operatorId
  must(await vault.signIn({ operatorId: first, pin }))
  second = must(await vault.createOperator({ name: 'Quàng Văn Mẫu', pin })).operatorId
  must(await vault.keepVisit(visit))
})
afterEach(() => vault.close())

it('outlives a lock and a restart for the operator who serves it, and nobody reads it in between', async () => {
  vault.lock()
  expect(await vault.openVisit()).toEqual({ ok: false, error: { type: 'locked' } })
  expect((await vault.keepVisit(visit)).ok).toBe(false)
  const [row] = await rows()
  expect(new TextDecoder().decode(row?.content)).not.toMatch(/MẪU|000190000017/)
  vault.close()
  vault = await open()
  must(await vault.signIn({ operatorId: first, pin }))
  expect(await opened()).toEqual(visit)
})

it('is gone when it is ended, whoever is signed in', async () => {
  vault.lock()
  must(await vault.endVisit())
  must(await vault.signIn({ operatorId: first, pin }))
  expect(await opened()).toBeUndefined()
  expect(await rows()).toEqual([])
})

it('is gone when another operator signs in', async () => {
  vault.lock()
  must(await vault.signIn({ operatorId: second, pin }))
  expect(await opened()).toBeUndefined()
  expect(await rows()).toEqual([])
  must(await vault.signIn({ operatorId: first, pin }))
  expect(await opened()).toBeUndefined()
})

it('is gone two hours after its last change by the count of the station, not by the clock', async () => {
  made.standing.elapsedMs = visitLimitMs - 1
  expect(await opened()).toEqual(visit)
  must(await vault.keepVisit(visit))
  made.standing.elapsedMs = 2 * visitLimitMs - 2
  expect(await opened()).toEqual(visit)
  made.standing.elapsedMs = 2 * visitLimitMs
  expect(await opened()).toBeUndefined()
  expect(await rows()).toEqual([])
})

it('is gone at the next start of a machine that was off too long, before anybody signs in', async () => {
  vault.close()
  made.standing.elapsedMs = visitLimitMs
  vault = await open()
  await expect.poll(rows).toEqual([])
})

it('is not read under another operator’s name', async () => {
  vault.lock()
  const database = new TramDatabase(databaseName)
  await database.open()
  const [row] = await database.visits.toArray()
  must(await vault.signIn({ operatorId: second, pin }))
  await expect.poll(rows).toEqual([])
  if (row !== undefined) await database.visits.put({ ...row, operatorId: second })
  expect(await opened()).toBeUndefined()
  database.close()
})
