/** No network at the kiosk: the queue leaves by a file, the desk takes it, the receipts come back by a file. Through the screens. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { registerBirth } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation?.stop())

test('a queue goes by stick and its receipts come back, and the kiosk never had a network', async () => {
  const { page } = await installation.openBrowser()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  // The desk goes the same line: of the kiosk, nothing gets through but its asking who is there.
  const kioskOnly = /^\/v1\/(packets|updates|attachments|lease)/
  installation.proxy.setFault(({ path }) => (kioskOnly.test(path) ? { type: 'cut' } : undefined))
  await registerBirth(page, 'Lò Thị Gói Mẫu')
  await page.keyboard.press('F7')
  await page.getByRole('button', { name: 'Chuyển USB' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Lưu hàng chờ ra tệp' }).click()
  const file = join(installation.folder, 'queue.tram')
  await (await download).saveAs(file)
  const dialog = page.getByTestId('courier-dialog')
  await expect(dialog).toContainText('Đã ghi 1 hồ sơ')
  await page.screenshot({ path: join(installation.folder, 'courier-out.png') })

  const receipts = join(installation.folder, 'receipts.json')
  const words = ['take-courier', file, '--receipts', receipts, '--url', installation.proxy.url]
  const data = ['--data', join(installation.folder, 'gateway')]
  await promisify(execFile)(process.execPath, ['sync/gateway/commands.ts', ...words, ...data])
  expect((await readGateway(installation.folder)).packets).toHaveLength(1)

  await page.getByTestId('courier-file').setInputFiles(receipts)
  await expect(dialog).toContainText('Đã nhận 1 biên nhận')
  await page.keyboard.press('Escape')
  await expect(page.locator('[data-testid="outbox-entry"][data-state="received"]')).toHaveCount(1)
  await page.screenshot({ path: join(installation.folder, 'courier-back.png') })
})
