/**
 * The gateway's machine is put back to an older state: it gave a receipt for a dossier it knows nothing of any more. Real gateway, station,
 * vault and sync client.
 */
import 'fake-indexeddb/auto'
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type BareGateway,
  type BareKiosk,
  finishBirth,
  must,
  startBareGateway,
  startBareKiosk,
  until,
} from '../fixtures/bare-kiosk.ts'

let at: BareGateway
let kiosk: BareKiosk
beforeAll(async () => {
  at = await startBareGateway('put-back')
  kiosk = await startBareKiosk(at, 'Quầy 1')
})
afterAll(async () => {
  await kiosk?.stop()
  await at?.stop()
})

/** With owners and times, as an image of the disk is. */
const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to])
const entries = async () => must(await kiosk.vault.listOutbox())
const allAccepted = async (count: number) => {
  const all = await entries()
  return all.length === count && all.every(({ progress }) => progress.state.name === 'accepted')
}

it('tells by its slip code what the gateway has forgotten, until somebody has read it, and goes on with it', async () => {
  const data = path.join(at.folder, 'gateway')
  const older = path.join(at.folder, 'older')
  kiosk.sync.start()
  await finishBirth(kiosk, { childName: 'BÉ MẪU MỘT', paperBytes: 30_000 })
  await until(() => allAccepted(1))
  await at.away(() => copy(data, older))
  await finishBirth(kiosk, { childName: 'BÉ MẪU HAI', paperBytes: 30_000 })
  await until(() => allAccepted(2))
  expect(kiosk.sync.status.get().forgottenThere).toBe('')
  const [forgotten] = await entries()

  await at.away(async () => {
    await rm(data, { recursive: true })
    await copy(older, data)
  })
  await until(async () => kiosk.sync.status.get().forgottenThere !== '')
  expect(kiosk.sync.status.get().forgottenThere).toBe(forgotten?.slipCode)
  await kiosk.sync.acknowledgeForgottenThere()
  await finishBirth(kiosk, { childName: 'BÉ MẪU BA', paperBytes: 30_000 })
  await until(() => allAccepted(3))
  expect(kiosk.sync.status.get().forgottenThere).toBe('')
})
