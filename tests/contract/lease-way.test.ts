/**
 * The way of a lease through all that carry it: a real gateway, a real station, the vault and the sync client of the page.
 */
import 'fake-indexeddb/auto'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { err, ok, type Result } from '../../contracts/result.ts'
import { type StationApi, stationMethods } from '../../contracts/station-api.ts'
import { type GatewayProgram, startGatewayProgram } from '../../electron/start/programs.ts'
import { plainFileBox } from '../../electron/station/secret-store.ts'
import { createStation, type Station } from '../../electron/station/station.ts'
import { createDocumentScanners } from '../../hardware/drivers/document-scanners/document-scanners.ts'
import { createSyncClient } from '../../sync/client/sync-client.ts'
import { openVault, type Vault } from '../../sync/vault/vault.ts'
import { createScriptedCardDevices } from './scripted-card-devices.ts'

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const until = async (condition: () => Promise<boolean>) => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('did not happen in time')
}

let folder: string
let gateway: GatewayProgram
let station: Station
let api: StationApi
let vault: Vault
const machine = { wallMs: Date.now(), uptimeMs: 1_000 }

const dataFolder = () => path.join(folder, 'gateway')
/** `npm run gateway -- COMMAND`, beside the running gateway. */
const desk = async (...words: string[]) => {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['sync/gateway/commands.ts', ...words, '--data', dataFolder()])
  return stdout
}

const startStation = async () => {
  station = must(
    await createStation({
      dataDir: path.join(folder, 'station'),
      gatewayUrl: gateway.url,
      origin: 'test',
      shell: 'loopback',
      version: '0.1.0',
      simulatedReader: true,
      devices: createScriptedCardDevices(),
      documentScanners: createDocumentScanners({ escl: [] }),
      secretBox: plainFileBox,
      fetch,
      clocks: { wallMs: () => machine.wallMs, uptimeMs: () => machine.uptimeMs },
    }),
  )
  api = {
    call: async (method, request) => {
      try {
        return ok(stationMethods[method].response.parse(await station.handle(method, request)) as never)
      } catch (error) {
        return err({ type: 'station-unavailable', detail: String(error) })
      }
    },
    onEvent: () => () => undefined,
    onReachable: () => () => undefined,
  }
}

const synchronise = async (done: () => Promise<boolean>) => {
  const client = createSyncClient({ vault, station: api, gatewayUrl: gateway.url, pollSeconds: 1, locks: null })
  client.start()
  await until(done)
  await client.stop()
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-lease-way-'))
  await chmod(folder, 0o711)
  gateway = await startGatewayProgram({ dataFolder: dataFolder(), port: 0, mode: 'demo', origins: [] })
  await startStation()
  const code = await gateway.enrolmentCode({ pointName: 'Bưu điện Mẫu', stationName: 'Quầy 1', demo: true })
  must(must(await api.call('enrol', { code })))
  vault = must(await openVault({ station: api, databaseName: 'lease-way', pinCost: { memoryKib: 64, iterations: 1 } }))
})
afterAll(async () => {
  vault?.close()
  await station?.stop()
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
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
  expect(await api.call('tryOperatorSecret', { operatorId, way: 'pin', input: 'A'.repeat(43) })).toMatchObject({
    value: { error: { type: 'removed' } },
  })
})

it('lets nobody in after the days without the gateway, through a restart; the next synchronisation opens again', async () => {
  const [first] = must(await vault.listOperators())
  const operatorId = first?.operatorId ?? ''
  await station.stop()
  machine.wallMs += 15 * 86_400_000
  await startStation()
  vault.close()
  vault = must(await openVault({ station: api, databaseName: 'lease-way', pinCost: { memoryKib: 64, iterations: 1 } }))
  expect(await vault.signIn({ operatorId, pin: '902711' })).toMatchObject({ error: { type: 'contact-needed', offlineDays: 15 } })
  await synchronise(async () => (must(await api.call('standing', {})).offline?.ms ?? 1) === 0)
  must(await vault.signIn({ operatorId, pin: '902711' }))
})

it('follows rotated keys by leases, from the key it trusts to the newest', async () => {
  const before = must(await api.call('describe', {})).enrolment?.keys
  const keysNow = async () => must(await api.call('describe', {})).enrolment?.keys
  await desk('rotate-keys')
  // The running gateway takes the keys over within seconds.
  for (let tries = 0; tries < 10 && (await keysNow())?.receipts.keyId === before?.receipts.keyId; tries += 1) {
    const lastLease = must(await api.call('standing', {})).offline?.ms ?? 0
    machine.uptimeMs += 1_000
    await synchronise(async () => (must(await api.call('standing', {})).offline?.ms ?? 0) < lastLease + 1_000)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const after = await keysNow()
  expect(after?.receipts.keyId).not.toBe(before?.receipts.keyId)
  expect(after?.sealing.keyId).not.toBe(before?.sealing.keyId)
  expect(after?.formerReceipts?.map(({ keyId }) => keyId)).toEqual([before?.receipts.keyId])
})
