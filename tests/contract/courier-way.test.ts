/**
 * A queue that never had a network: carried on a stick, handed in at another kiosk and at the gateway's desk, arriving by network too. Real
 * gateway, stations, vaults and sync clients; what counts is what the gateway holds in the end, once.
 */
import 'fake-indexeddb/auto'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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
import { findProcedure } from '../../procedures/catalogue.ts'
import { specimenDossiers } from '../../procedures/specimens.ts'
import { createSyncClient, type SyncClient } from '../../sync/client/sync-client.ts'
import type { CourierSource } from '../../sync/packet/courier-file.ts'
import { openVault, type Vault } from '../../sync/vault/vault.ts'
import { createScriptedCardDevices } from './scripted-card-devices.ts'

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}
const specimen = specimenDossiers.marriedCouple
const at = `${specimen.today}T02:00:00.000Z`
/** Begins as a JPEG does. */
const jpegLike = (size: number) => Uint8Array.from({ length: size }, (_, index) => [0xff, 0xd8, 0xff][index] ?? (index * 7) % 251)

let folder: string
let gateway: GatewayProgram

type Kiosk = { station: Station; api: StationApi; vault: Vault; sync: SyncClient; operatorId: string }

const startKiosk = async (name: string): Promise<Kiosk> => {
  const station = must(
    await createStation({
      dataDir: path.join(folder, name),
      gatewayUrl: gateway.url,
      origin: 'test',
      shell: 'loopback',
      version: '0.1.0',
      simulatedReader: true,
      devices: createScriptedCardDevices(),
      documentScanners: createDocumentScanners({ escl: [] }),
      secretBox: plainFileBox,
      fetch,
    }),
  )
  const api: StationApi = {
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
  const code = await gateway.enrolmentCode({ pointName: 'Bưu điện Mẫu', stationName: name, demo: true })
  must(must(await api.call('enrol', { code })))
  const vault = must(await openVault({ station: api, databaseName: name, pinCost: { memoryKib: 64, iterations: 1 } }))
  const { operatorId } = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin: '604182' }))
  must(await vault.signIn({ operatorId, pin: '604182' }))
  const sync = createSyncClient({ vault, station: api, gatewayUrl: gateway.url, pollSeconds: 1, locks: null })
  return { station, api, vault, sync, operatorId }
}

const finishBirth = async ({ vault, operatorId }: Kiosk, childName: string, paperBytes: number) => {
  const procedure = findProcedure(specimen.procedureCode, specimen.procedureVersion)
  if (procedure === undefined) throw new Error('the specimen names no procedure')
  const given: Record<string, string> = { ...specimen.answers, childName }
  const answers = Object.fromEntries(
    Object.entries(given).map(([id, value]) => [id, { value, provenance: { source: 'typed' as const, at, operatorId } }]),
  )
  const { procedureCode, procedureVersion } = specimen
  const { draftId } = must(await vault.createDraft({ procedureCode, procedureVersion, content: {}, label: 'M.', training: true }))
  for (const paperId of specimen.papers) {
    const paper = { paperId, fileName: 'giay.jpg', mediaType: 'image/jpeg' as const, bytes: jpegLike(paperBytes) }
    must(await vault.addAttachment(draftId, paper))
  }
  const consents = procedure.consents.map(({ id, purpose }) => ({ id, purpose, given: specimen.consents[id] ?? false, at }))
  return must(await vault.finish({ draftId, answers, consents, label: 'M.' }))
}

const exported = async ({ vault }: Kiosk) => {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const made = must(await vault.exportCourier((part) => parts.push(part)))
  return { made, bytes: Buffer.concat(parts) }
}
const sourceOf = (bytes: Uint8Array): CourierSource => ({
  size: bytes.length,
  read: async (from, to) => bytes.subarray(from, to),
})
const statesOf = async ({ vault }: Kiosk) => must(await vault.listOutbox()).map(({ progress }) => progress.state.name)
const until = async (condition: () => Promise<boolean>) => {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('did not happen in time')
}
const desk = async (...words: string[]) => {
  const run = promisify(execFile)
  const data = path.join(folder, 'gateway')
  return run(process.execPath, [
    'sync/gateway/commands.ts',
    'take-courier',
    ...words,
    '--data',
    data,
    '--url',
    gateway.url,
  ]).catch((failed: { stdout: string; stderr: string }) => failed)
}

let origin: Kiosk
let carrier: Kiosk
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tram-courier-way-'))
  await chmod(folder, 0o711)
  gateway = await startGatewayProgram({ dataFolder: path.join(folder, 'gateway'), port: 0, mode: 'demo', origins: [] })
  origin = await startKiosk('Máy gốc')
  carrier = await startKiosk('Máy khác')
  await finishBirth(origin, 'BÉ MẪU MỘT', 30_000)
  // Too large for one request: its papers follow by tus.
  await finishBirth(origin, 'BÉ MẪU HAI', 2_300_000)
})
afterAll(async () => {
  for (const kiosk of [origin, carrier]) {
    await kiosk?.sync.stop()
    kiosk?.vault.close()
    await kiosk?.station.stop()
  }
  await gateway?.stop()
  await rm(folder, { recursive: true, force: true })
})

it('leaves the queue as it is, opens to nobody, and is no draft any more without the gateway’s word', async () => {
  const { made, bytes } = await exported(origin)
  expect(made).toMatchObject({ dossiers: 2, skipped: 0, bytes: bytes.length })
  expect(bytes.includes('MẪU')).toBe(false)
  expect(await statesOf(origin)).toEqual(['queued', 'queued'])
  const [entry] = must(await origin.vault.listOutbox())
  expect(await origin.vault.takeBack(entry?.packetId ?? '')).toMatchObject({ error: { type: 'too-late' } })
  expect(entry?.canRecall).toBe(true)
})

it('tells another file, a file that was cut off, and one that was changed', async () => {
  const { bytes } = await exported(origin)
  expect(await carrier.sync.forwardCourier(sourceOf(Buffer.from('not this')), () => undefined)).toEqual({
    ok: false,
    error: { type: 'not-a-courier' },
  })
  const changed = Buffer.from(bytes)
  // A letter of the first packet's payload.
  const payload = changed.indexOf('"payload":"') + 40
  changed[payload] = changed[payload] === 65 ? 66 : 65
  const report = must(await carrier.sync.forwardCourier(sourceOf(changed.subarray(0, changed.length)), () => undefined))
  expect(report).toMatchObject({ received: 1, refused: [{ reason: 'signature-invalid' }] })
  const cut = await carrier.sync.forwardCourier(sourceOf(bytes.subarray(0, bytes.length - 100_000)), () => undefined)
  expect(cut).toEqual({ ok: false, error: { type: 'cut-off', parcels: 1 } })
})

it('is handed in at another kiosk with nothing kept there, and again at the desk, and counts once', async () => {
  const { bytes } = await exported(origin)
  const report = must(await carrier.sync.forwardCourier(sourceOf(bytes), () => undefined))
  expect(report).toMatchObject({ received: 2, refused: [] })
  expect(must(await carrier.vault.listOutbox())).toEqual([])
  const file = path.join(folder, 'courier.tram')
  const receipts = path.join(folder, 'receipts.json')
  await writeFile(file, bytes)
  expect((await desk(file, '--receipts', receipts)).stdout).toContain('Đã nhận đủ 2 hồ sơ')
  const back = JSON.parse(await readFile(receipts, 'utf8')) as { receipts: { packetId: string }[] }
  expect(back.receipts.map(({ packetId }) => packetId)).toEqual(report.receipts.receipts.map(({ packetId }) => packetId))
  await writeFile(file, bytes.subarray(0, bytes.length - 4))
  expect((await desk(file)).stderr).toContain('bị cắt')
})

it('brings the receipts back by the stick; by the feed when there is a network, and nothing goes again', async () => {
  const { bytes } = await exported(origin)
  const { receipts } = must(await carrier.sync.forwardCourier(sourceOf(bytes), () => undefined))
  const [first, second] = receipts.receipts
  if (first === undefined || second === undefined) throw new Error('two receipts were expected')
  const forged = { ...receipts, receipts: [first, { ...second, receipt: first.receipt }] }
  expect(must(await origin.sync.takeReceipts(JSON.stringify(forged)))).toEqual({ taken: 1, others: 1 })
  expect((await statesOf(origin)).toSorted()).toEqual(['queued', 'received'])
  expect(await origin.sync.takeReceipts('{}')).toMatchObject({ error: { type: 'not-receipts' } })
  origin.sync.start()
  await until(async () => (await statesOf(origin)).every((state) => state === 'accepted'))
  const entries = must(await origin.vault.listOutbox())
  expect(new Set(entries.map(({ official }) => official?.code)).size).toBe(2)
  expect((await exported(origin)).made.dossiers).toBe(0)
})
