/** The device process over the real card service: what a kiosk sees when the service, the card or the process itself goes away. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReaderStatus } from '../../contracts/card.ts'
import { createDeviceHostClient, type DeviceHostClient } from '../../hardware/device-host-client.ts'
import { forkDeviceHost } from '../../hardware/fork-device-host.ts'
import { createSimulatedChip } from '../../hardware/simulators/chip/simulated-chip.ts'
import { mrzAccessOf, nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import { insertVpcdCard } from '../../hardware/simulators/vpcd-card.ts'
import { createPcscdFixture, type PcscdFixture } from './pcscd-fixture.ts'

const modulePath = fileURLToPath(new URL('../../hardware/device-host.ts', import.meta.url))
const hosts: ReturnType<typeof forkDeviceHost>[] = []
let pcscd: PcscdFixture
let devices: DeviceHostClient
let readers: ReaderStatus[] | undefined

beforeAll(async () => {
  pcscd = await createPcscdFixture()
  devices = createDeviceHostClient({
    spawn() {
      const host = forkDeviceHost({ modulePath, readers: 'pcsc', env: pcscd.env })
      hosts.push(host)
      return host
    },
    backoff: [100],
  })
  devices.watchReaders((heard) => {
    readers = heard
  })
})
afterAll(async () => {
  await devices.close()
  await pcscd.dispose()
})

const cardPresent = () => readers?.find(({ name }) => name === pcscd.readerName)?.cardPresent
const request = () => ({ access: mrzAccessOf(nguyenThiMau), readerName: pcscd.readerName })

it('finds readers when the card service comes, loses them when it dies, finds them again; the process lives on', async () => {
  await expect.poll(() => readers, { timeout: 10_000 }).toEqual([])
  await pcscd.start()
  await expect.poll(cardPresent, { timeout: 10_000 }).toBe(false)
  await pcscd.stop()
  await expect.poll(() => readers, { timeout: 10_000 }).toEqual([])
  await pcscd.start()
  await expect.poll(cardPresent, { timeout: 10_000 }).toBe(false)
  expect(hosts.length).toBe(1)
})

it('killed in mid-read it answers, starts again and reads the card that still lies there', async () => {
  const card = await insertVpcdCard(createSimulatedChip(nguyenThiMau), { port: pcscd.port })
  await expect.poll(cardPresent, { timeout: 10_000 }).toBe(true)
  const killed = await devices.read(request(), { onProgress: ({ step }) => step === 'reading-text' && hosts[0]?.kill() })
  expect(killed.ok ? 'read' : killed.error.type).toBe('device-host-crashed')
  await expect.poll(cardPresent, { timeout: 10_000 }).toBe(true)
  const again = await devices.read(request())
  expect(again.ok ? again.value.person.fullName : again.error).toBe(nguyenThiMau.fullName)
  expect(hosts.length).toBe(2)
  await card.remove()
  await expect.poll(cardPresent, { timeout: 10_000 }).toBe(false)
})
