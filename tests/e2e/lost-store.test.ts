/** A kiosk whose browser lost its store, by a damaged block or altogether: what was finished reaches the gateway once, and the queue is whole again. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { accepted, goHome, registerBirth, registrationsOf, smallPaper } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { damageStoreIn } from '../fixtures/damaged-store.ts'
import { readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation?.stop())

const store = () =>
  join(installation.folder, `browser/Default/IndexedDB/http_127.0.0.1_${new URL(installation.kioskUrl).port}.indexeddb.leveldb`)
/** Whoever opens Trạm again starts its station, too: `npm start` ends with its window. */
async function openAgain() {
  await installation.browsers().at(-1)?.close()
  await installation.killStation()
  await installation.restartStation()
  return installation.openBrowser()
}

const [sent, waiting] = ['Lò Thị Gửi Mẫu', 'Lò Thị Chờ Mẫu']

test('a damaged block: the browser throws all away, the next start has it back, and what waited is sent once', async () => {
  const first = await installation.openBrowser()
  await clerk.createOperator(first.page)
  await clerk.signIn(first.page)
  await registerBirth(first.page, sent, smallPaper())
  const before = await accepted(installation.folder, sent)
  await goHome(first.page)
  installation.proxy.setDown(true)
  await registerBirth(first.page, waiting, smallPaper())
  await first.close()
  damageStoreIn(store())

  const hit = await openAgain()
  // Chromium has deleted it all; a shell that watches would begin anew by itself now.
  await expect(hit.page.getByRole('heading', { name: 'Thử mở lại kho hồ sơ' })).toBeVisible(clerk.mayTakeLong)

  const { page } = await openAgain()
  await clerk.signIn(page)
  await expect(page.getByText('kho hồ sơ đã được cứu')).toBeVisible(clerk.mayTakeLong)
  installation.proxy.setDown(false)
  await accepted(installation.folder, waiting)
  const records = await readGateway(installation.folder)
  for (const name of [sent, waiting]) {
    const { packets, codes } = registrationsOf(records, name)
    expect([packets.length, codes.length]).toEqual([1, 1])
  }
  await page.keyboard.press('F7')
  for (const { code } of before.codes) await expect(page.getByText(code).first()).toBeVisible(clerk.mayTakeLong)
})

test('all of it lost, and what was kept beside it: the queue comes back from the gateway', async () => {
  await installation.browsers().at(-1)?.close()
  rmSync(join(installation.folder, 'browser'), { recursive: true })
  rmSync(join(installation.folder, 'station/store-kept-browser'), { recursive: true })
  const { page } = await openAgain()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await page.keyboard.press('F7')
  const records = await readGateway(installation.folder)
  for (const name of [sent, waiting]) {
    const [minted] = registrationsOf(records, name).codes
    await expect(page.getByText(minted?.code ?? 'no code').first()).toBeVisible(clerk.mayTakeLong)
  }
})
