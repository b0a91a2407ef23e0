import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ReaderStatus } from '../contracts/card.ts'
import type { Scan } from '../contracts/scan.ts'
import { createDeviceHostClient, type DeviceHostClient } from './device-host-client.ts'
import { forkDeviceHost } from './fork-device-host.ts'
import { cardQrOf } from './simulators/simulated-code-scanner.ts'
import { mrzAccessOf, nguyenThiMau, tranVanThu } from './simulators/specimens.ts'

const modulePath = fileURLToPath(new URL('./device-host.ts', import.meta.url))

type Forked = ReturnType<typeof forkDeviceHost>
let client: DeviceHostClient | undefined
let hosts: Forked[] = []
const createClient = (): DeviceHostClient => {
  hosts = []
  client = createDeviceHostClient({
    spawn() {
      const host = forkDeviceHost({ modulePath, readers: 'simulated' })
      hosts.push(host)
      return host
    },
    backoff: [50, 100],
  })
  return client
}
afterEach(async () => {
  await client?.close()
  client = undefined
})

describe('device host, forked, with simulated readers', () => {
  it('lists and reads; a request it does not understand is refused, not lost', async () => {
    const devices = createClient()
    const readers = await devices.listReaders()
    expect(readers.ok && readers.value.map(({ simulated }) => simulated)).toEqual([true, true, true])
    const steps: string[] = []
    const reading = await devices.read({ access: mrzAccessOf(tranVanThu) }, { onProgress: ({ step }) => steps.push(step) })
    expect(reading.ok && reading.value.person.fullName).toBe(tranVanThu.fullName)
    expect(steps.at(-1)).toBe('done')
    const refused = await devices.read({ access: { ...mrzAccessOf(tranVanThu), birthDate: 'x' } })
    expect(refused.ok ? 'read' : refused.error.type).toBe('invalid-request')
  })

  it('cancels the reading it is told to', async () => {
    const devices = createClient()
    const controller = new AbortController()
    const reading = await devices.read(
      { access: mrzAccessOf(nguyenThiMau) },
      { signal: controller.signal, onProgress: () => controller.abort() },
    )
    expect(reading.ok ? 'read' : reading.error.type).toBe('cancelled')
  })

  it('listens to the configured scanner, through the death of the host too', async () => {
    const devices = createClient()
    const states: string[] = []
    const scans: Scan[] = []
    devices.watchScanner({ onStatus: ({ state }) => states.push(state), onScan: (scan) => scans.push(scan) })
    expect(await devices.presentSpecimenCode(0)).toMatchObject({ ok: false, error: { type: 'no-scanner' } })
    const configured = await devices.configureScanner({ type: 'simulated' })
    expect(configured.ok && configured.value).toMatchObject({
      state: 'ready',
      specimens: expect.arrayContaining([nguyenThiMau.fullName]),
    })
    expect(await devices.presentSpecimenCode(0)).toEqual({ ok: true, value: null })
    await expect.poll(() => scans).toMatchObject([{ ok: true, value: { text: cardQrOf(nguyenThiMau) } }])
    expect(await devices.listScannerDevices()).toMatchObject({ ok: true })
    hosts[0]?.kill()
    await expect.poll(() => states.at(-1)).toBe('waiting')
    await expect.poll(() => states.at(-1), { timeout: 10_000 }).toBe('ready')
    expect(await devices.presentSpecimenCode(1)).toMatchObject({ ok: true })
    await expect.poll(() => scans.length).toBe(2)
    expect(await devices.configureScanner({ type: 'none' })).toMatchObject({ ok: true, value: { state: 'off' } })
  })

  it('answers what was pending when the host is killed, starts another, and goes on watching', async () => {
    const devices = createClient()
    const heard: ReaderStatus[][] = []
    const unsubscribe = devices.watchReaders((readers) => heard.push(readers))
    await expect.poll(() => heard.at(-1)?.length, { timeout: 10_000 }).toBe(3)
    const reading = devices.read(
      { access: mrzAccessOf(nguyenThiMau) },
      { onProgress: ({ step }) => step === 'reading-text' && hosts[0]?.kill() },
    )
    const result = await reading
    expect(result.ok ? 'read' : result.error.type).toBe('device-host-crashed')
    expect(heard.at(-1)).toEqual([])
    await expect.poll(() => heard.at(-1)?.length, { timeout: 10_000 }).toBe(3)
    const again = await devices.read({ access: mrzAccessOf(nguyenThiMau) })
    expect(again.ok).toBe(true)
    expect(hosts.length).toBe(2)
    unsubscribe()
  })
})

it('keeps starting a host that cannot live, with pauses, and answers every call meanwhile', async () => {
  let starts = 0
  const began = performance.now()
  const devices = createDeviceHostClient({
    spawn() {
      starts += 1
      return {
        send() {},
        onMessage() {},
        onExit: (listener) => void setTimeout(listener, 5),
        kill() {},
      }
    },
    backoff: [10, 40],
  })
  const listed = await devices.listReaders()
  expect(listed.ok ? 'ok' : listed.error.type).toBe('device-host-crashed')
  await vi.waitFor(() => expect(starts).toBeGreaterThan(3), 20_000)
  // the n-th start has waited for every pause before it: 10 ms, then 40 ms each, and the 5 ms a host lives
  const elapsed = performance.now() - began
  expect(starts).toBeLessThanOrEqual(2 + elapsed / 45)
  await devices.close()
})

it('gives up a host that hangs, kills it and starts another; an answer it cannot read is a failure, not silence', async () => {
  let kills = 0
  const devices = createDeviceHostClient({
    spawn() {
      let exit = (): void => {}
      let say = (_message: unknown): void => {}
      return {
        send(message) {
          if (message.type === 'read') say({ type: 'read', callId: message.callId, result: 'nonsense' })
        },
        onMessage(listener) {
          say = listener
          queueMicrotask(() => listener({ type: 'ready' }))
        },
        onExit(listener) {
          exit = listener
        },
        kill() {
          kills += 1
          exit()
        },
      }
    },
    backoff: [10],
    limits: { list: 60, read: 1_000 },
  })
  const unclear = await devices.read({ access: mrzAccessOf(nguyenThiMau) })
  expect(unclear.ok ? 'read' : unclear.error.type).toBe('device-host-crashed')
  const listed = await devices.listReaders()
  expect(listed.ok ? 'ok' : listed.error.type).toBe('timeout')
  expect(kills).toBe(1)
})
