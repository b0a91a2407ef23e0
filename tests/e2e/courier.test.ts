/** No network at the kiosk: the queue leaves by a file, the desk takes it, the receipts come back by a file. Through the screens. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, type Page } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { registerBirth } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
let page: Page
beforeAll(async () => {
  installation = await startInstallation()
  page = (await installation.openBrowser()).page
  await clerk.createOperator(page)
  await clerk.signIn(page)
})
afterAll(() => installation?.stop())

const desk = async (...words: string[]) =>
  (
    await promisify(execFile)(process.execPath, [
      'sync/gateway/commands.ts',
      ...words,
      '--data',
      join(installation.folder, 'gateway'),
    ])
  ).stdout

test('a queue goes by stick and its receipts come back, and the kiosk never had a network', async () => {
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
  await desk('take-courier', file, '--receipts', receipts, '--url', installation.proxy.url)
  expect((await readGateway(installation.folder)).packets).toHaveLength(1)

  await page.getByTestId('courier-file').setInputFiles(receipts)
  await expect(dialog).toContainText('Đã nhận 1 biên nhận')
  await page.keyboard.press('Escape')
  await expect(page.locator('[data-testid="outbox-entry"][data-state="received"]')).toHaveCount(1)
  await page.screenshot({ path: join(installation.folder, 'courier-back.png') })
})

test('a dossier on the shelf goes alone: the desk reads why it lies there and what it says itself, and takes it', async () => {
  await page.keyboard.press('Alt+ArrowLeft')
  const body = JSON.stringify({ type: 'key-reused', title: 'Số gói đã dùng', status: 409, detail: 'packetId' })
  installation.proxy.setFault(({ method, path }) =>
    method === 'POST' && path === '/v1/packets'
      ? { type: 'answer', status: 409, contentType: 'application/problem+json', body }
      : undefined,
  )
  await registerBirth(page, 'Lò Thị Kệ Mẫu')
  await page.keyboard.press('F7')
  const entry = page.locator('[data-testid="outbox-entry"][data-state="needs-attention"]')
  await expect(entry).toHaveCount(1, clerk.mayTakeLong)
  const slipCode = (await entry.getAttribute('data-slip')) ?? ''
  const download = page.waitForEvent('download')
  await entry.getByRole('button', { name: 'Lưu ra tệp' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toContain(slipCode)
  const file = join(installation.folder, 'one.tram')
  await saved.saveAs(file)
  await expect(page.getByText(`Chép tệp hồ sơ ${slipCode} vào USB`)).toBeVisible()
  await page.screenshot({ path: join(installation.folder, 'shelf-saved.png') })

  const looked = await desk('look-at', file)
  for (const words of ['Bưu điện Thử Nghiệm · Quầy 2', slipCode, 'chưa có', 'mở được, đúng mẫu', 'key-reused', 'một gói khác'])
    expect(looked).toContain(words)
  expect(looked).not.toContain('Kệ Mẫu')
  installation.proxy.setFault(() => undefined)
  await desk('take-courier', file, '--url', installation.proxy.url)
  // The shelf hears of the receipt by the feed.
  await expect(page.locator(`[data-slip="${slipCode}"][data-state="accepted"]`)).toHaveCount(1, clerk.mayTakeLong)
})
