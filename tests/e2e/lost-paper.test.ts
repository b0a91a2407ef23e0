/** The disk loses the files of two papers while their dossiers wait: the others are sent, these lie on the shelf, say why, and are made good. */
import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { accepted, goHome, registerBirth, registrationsOf, smallPaper } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation?.stop())

/** Chromium keeps each in a file of its own. Oldest first. */
const paperFiles = () => {
  const origin = `http_127.0.0.1_${new URL(installation.kioskUrl).port}`
  return readdirSync(join(installation.folder, `browser/Default/IndexedDB/${origin}.indexeddb.blob`), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs)
}

const names = ['Lò Thị Một Mẫu', 'Lò Thị Hai Mẫu', 'Lò Thị Ba Mẫu', 'Lò Thị Bốn Mẫu']

test('papers whose files are gone or empty hold up their own dossiers alone, which are told and made good', async () => {
  const first = await installation.openBrowser()
  await clerk.createOperator(first.page)
  await clerk.signIn(first.page)
  installation.proxy.setDown(true)
  for (const name of names) {
    await registerBirth(first.page, name, smallPaper())
    await goHome(first.page)
  }
  await first.close()
  const files = paperFiles()
  expect(files).toHaveLength(4)
  rmSync(files[1] ?? '')
  truncateSync(files[2] ?? '', 0)
  installation.proxy.setDown(false)
  await installation.killStation()
  await installation.restartStation()

  const { page } = await installation.openBrowser()
  const entry = (state: string) => page.locator(`[data-testid="outbox-entry"][data-state="${state}"]`)
  await accepted(installation.folder, 'Lò Thị Một Mẫu')
  await accepted(installation.folder, 'Lò Thị Bốn Mẫu')
  await clerk.signIn(page)
  await page.keyboard.press('F7')
  const told = entry('needs-attention')
  await expect(told).toHaveCount(2, clerk.mayTakeLong)
  for (const one of await told.all()) await expect(one.getByTestId('outbox-sentence')).toContainText('đã mất một tệp')
  for (let left = 2; left > 0; left -= 1) {
    // While others are on their way their rows change height, and a press that begins on a button may end beside it.
    await expect(entry('accepted')).toHaveCount(4 - left, clerk.mayTakeLong)
    await told.first().getByRole('button', { name: 'Lấy lại để sửa' }).click()
    // The gateway has its packet, and promises not to receive it.
    await entry('recalled').getByRole('button', { name: 'Lấy lại để sửa' }).click(clerk.mayTakeLong)
    await expect(page.getByText('giay-chung-sinh.png. Các tệp khác')).toBeVisible(clerk.mayTakeLong)
    await clerk.next(page)
    await page.getByRole('link', { name: 'Thêm ảnh hoặc tệp PDF: Giấy chứng sinh' }).click()
    await expect(page.getByTestId('paper-birthProof').getByTestId('attachment')).toHaveCount(0)
    await clerk.addPaper(page, 'birthProof', smallPaper())
    await clerk.next(page)
    // The citizen's consent was kept with all else.
    await clerk.atPlace(page, 'review')
    await page.getByTestId('next').click()
    const lost = page.getByTestId('lost-files')
    await expect(page.getByText('để không đi thiếu giấy tờ')).toBeInViewport()
    await expect(lost).toBeInViewport()
    if (process.env.TRAM_KEEP) await page.screenshot({ path: `${installation.folder}/lost-${left}.png` })
    await lost.getByRole('button', { name: 'bỏ hẳn tệp hỏng' }).click()
    await expect(lost).toHaveCount(0)
    await page.getByTestId('next').click()
    await expect(page.getByTestId('slip-page')).toBeVisible(clerk.mayTakeLong)
    await page.keyboard.press('F7')
  }
  for (const name of names) await accepted(installation.folder, name)
  const records = await readGateway(installation.folder)
  for (const name of names) expect(registrationsOf(records, name).codes).toHaveLength(1)
})
