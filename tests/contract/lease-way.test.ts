/**
 * The way of a lease through all that carry it: a real gateway, a real station, the vault and the sync client of the page.
 */
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSyncClient } from '../../sync/client/sync-client.ts'
import type { Vault } from '../../sync/vault/vault.ts'
import {
  type BareGateway,
  type BareStation,
  enrol,
  must,
  openBareVault,
  startBareGateway,
  startBareStation,
  until,
} from '../fixtures/bare-kiosk.ts'

const name = 'Quầy 1'
let at: BareGateway
let bare: BareStation
let vault: Vault
const machine = { wallMs: Date.now(), uptimeMs: 1_000 }
const desk = (...words: string[]) => at.desk(...words)

const startStation = async () => {
  bare = await startBareStation(at, name, { wallMs: () => machine.wallMs, uptimeMs: () => machine.uptimeMs })
}
const synchronise = async (done: () => Promise<boolean>) => {
  const client = createSyncClient({ vault, station: bare.api, gatewayUrl: at.gateway.url, pollSeconds: 1, locks: null })
  client.start()
  await until(done)
  await client.stop()
}

beforeAll(async () => {
  at = await startBareGateway('lease-way')
  await startStation()
  await enrol(at, bare, name)
  vault = await openBareVault(bare, name)
})
afterAll(async () => {
  vault?.close()
  await bare?.station.stop()
  await at?.stop()
})

it('recovers a PIN by the desk’s code before the first synchronisation, and by it alone', async () => {
  const { operatorId } = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin: '604182' }))
  const { challenge } = must(await vault.recoveryChallenge(operatorId))
  const [code = ''] = (await desk('recovery', challenge)).split('\n')
  must(await vault.recoverWithCode({ operatorId, code, newPin: '902711' }))
  must(await vault.signIn({ operatorId, pin: '902711' }))
  expect(await vault.signIn({ operatorId, pin: '604182' })).toMatchObject({ error: { type: 'wrong-pin' } })
})

it('tells the desk who works there, and locks out whom the desk removes, with the next synchronisation', async () => {
  const [first] = must(await vault.listOperators())
  must(await vault.signIn({ operatorId: first?.operatorId ?? '', pin: '902711' }))
  const { operatorId } = must(await vault.createOperator({ name: 'Giàng A Thử', pin: '719305' }))
  await synchronise(async () => (await desk('operators')).includes('Giàng A Thử'))
  await desk('remove-operator', operatorId)
  await synchronise(async () => must(await vault.listOperators()).length === 1)
  expect(await vault.signIn({ operatorId, pin: '719305' })).toMatchObject({ error: { type: 'removed' } })
  expect(await bare.api.call('tryOperatorSecret', { operatorId, way: 'pin', input: 'A'.repeat(43) })).toMatchObject({
    value: { error: { type: 'removed' } },
  })
})

it('lets nobody in after the days without the gateway, through a restart; the next synchronisation opens again', async () => {
  const [first] = must(await vault.listOperators())
  const operatorId = first?.operatorId ?? ''
  await bare.station.stop()
  machine.wallMs += 15 * 86_400_000
  await startStation()
  vault.close()
  vault = await openBareVault(bare, name)
  expect(await vault.signIn({ operatorId, pin: '902711' })).toMatchObject({ error: { type: 'contact-needed', offlineDays: 15 } })
  await synchronise(async () => (must(await bare.api.call('standing', {})).offline?.ms ?? 1) === 0)
  must(await vault.signIn({ operatorId, pin: '902711' }))
})

it('follows rotated keys by leases, from the key it trusts to the newest', async () => {
  const before = must(await bare.api.call('describe', {})).enrolment?.keys
  const keysNow = async () => must(await bare.api.call('describe', {})).enrolment?.keys
  await desk('rotate-keys')
  // The running gateway takes the keys over within seconds.
  for (let tries = 0; tries < 10 && (await keysNow())?.receipts.keyId === before?.receipts.keyId; tries += 1) {
    const lastLease = must(await bare.api.call('standing', {})).offline?.ms ?? 0
    machine.uptimeMs += 1_000
    await synchronise(async () => (must(await bare.api.call('standing', {})).offline?.ms ?? 0) < lastLease + 1_000)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const after = await keysNow()
  expect(after?.receipts.keyId).not.toBe(before?.receipts.keyId)
  expect(after?.sealing.keyId).not.toBe(before?.sealing.keyId)
  expect(after?.formerReceipts?.map(({ keyId }) => keyId)).toEqual([before?.receipts.keyId])
})

it('tells a station that was enrolled without its place where it stands, by the desk’s word', async () => {
  const place = async () => must(await bare.api.call('describe', {})).enrolment?.pointPlace
  expect(await place()).toBeUndefined()
  const line = (await desk('stations')).split('\n').find((each) => each.includes(name)) ?? ''
  expect(line).toContain('chưa có nơi đặt')
  await desk('set-place', line.slice(0, 36), 'xã Mường Ảng,', 'tỉnh Điện Biên')
  await synchronise(async () => (await place()) !== undefined)
  expect(await place()).toBe('Xã Mường Ảng, Tỉnh Điện Biên')
  expect(await desk('stations')).toContain('Xã Mường Ảng')
})
