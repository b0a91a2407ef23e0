/** Papers as they come in practice: a large photo, a blurred one, a dark one, an empty sheet, a camera, a network scanner, a fat PDF. */

import { expect, type Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest'
import { type SimulatedEsclScanner, startSimulatedEsclScanner } from '../../hardware/simulators/escl-scanner.ts'
import { birthOf } from '../fixtures/births.ts'
import type { RunningChromium } from '../fixtures/chromium.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { photographedSheet, scannedPdf } from '../fixtures/papers.ts'

let installation: Installation
let browser: RunningChromium
let scanner: SimulatedEsclScanner
let page: Page

const photo = (filter: string, lines = 60): Promise<Buffer> => photographedSheet(page, filter, lines)

/** As the rows tell them: "giấy chứng sinh.jpg · 0,3 MB". */
const sizes = async (): Promise<number[]> => {
  const rows = await page.getByTestId('paper-birthProof').getByTestId('attachment').allTextContents()
  return rows.map((row) => Number(/· (\d,\d) MB/.exec(row)?.[1]?.replace(',', '.')))
}
const attachments = () => page.getByTestId('paper-birthProof').getByTestId('attachment')
const empty = async (): Promise<void> => {
  for (let left = await attachments().count(); left > 0; left -= 1) {
    await attachments().first().getByRole('button', { name: 'Bỏ tệp này' }).press('Enter')
    await expect(attachments()).toHaveCount(left - 1)
  }
}

afterEach(empty)
beforeAll(async () => {
  const sheets: Uint8Array[] = []
  scanner = await startSimulatedEsclScanner(sheets)
  installation = await startInstallation({ documentScanners: [scanner.address] })
  browser = await installation.openBrowser('browser', {
    switches: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  })
  page = browser.page
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
  await clerk.fillToPapers(page, birthOf('NGUYỄN VĂN GIẤY'))
  for (const lines of [60, 30]) sheets.push(await photo('none', lines))
})
afterAll(async () => {
  await installation?.stop()
  await scanner?.close()
})

describe('papers', () => {
  test('a photo of several megabytes becomes a page of at most 300 KB, without a doubt about sharp print', async () => {
    const sharp = await photo('none')
    await clerk.offerPaper(page, 'birthProof', { name: 'giấy chứng sinh.jpeg', mimeType: 'image/jpeg', buffer: sharp })
    await expect(attachments()).toHaveCount(1, clerk.mayTakeLong)
    await expect(attachments().first()).toContainText('giảm từ')
    expect(await sizes()).toEqual([0.3])
    await expect(attachments().first().getByRole('heading')).toHaveCount(0)
  })

  for (const [words, filter, lines] of [
    ['Chụp lại cho rõ', 'blur(9px)', 60],
    ['Chụp lại ở nơi sáng', 'brightness(0.2)', 60],
    ['Xem lại trang trắng', 'none', 0],
  ] as const)
    test(`a doubtful page is kept and said: ${words}`, async () => {
      const doubtful = await photo(filter, lines)
      await clerk.offerPaper(page, 'birthProof', { name: 'trang.jpg', mimeType: 'image/jpeg', buffer: doubtful })
      await expect(attachments().first().getByRole('heading', { name: words })).toBeVisible(clerk.mayTakeLong)
      await attachments().first().getByRole('button', { name: 'Giữ nguyên' }).click()
      await expect(attachments().first().getByRole('heading', { name: words })).toHaveCount(0)
    })

  test('the camera adds page after page; they are joined, turned and cut by keys alone', async () => {
    const paper = page.getByTestId('paper-birthProof')
    await paper.getByTestId('camera').click()
    const shoot = page.getByTestId('shoot')
    await expect(shoot).toBeEnabled(clerk.mayTakeLong)
    await shoot.press('Enter')
    await expect(page.getByTestId('camera-dialog')).toContainText('Đã chụp và lưu 1 trang')
    await shoot.press('Enter')
    await expect(page.getByTestId('camera-dialog')).toContainText('Đã chụp và lưu 2 trang')
    await page.getByTestId('camera-done').press('Enter')
    await expect(attachments()).toHaveCount(2)

    await attachments().first().getByTestId('view').press('Enter')
    await expect(page.getByTestId('page-picture')).toBeVisible(clerk.mayTakeLong)
    const shape = () =>
      page.evaluate<number>(
        `(() => { const { naturalWidth: w, naturalHeight: h } = document.querySelector('[data-testid=page-picture]'); return w / h })()`,
      )
    await expect.poll(shape).toBeGreaterThan(1)
    await page.getByTestId('turn-right').press('Enter')
    await expect.poll(shape).toBeLessThan(1)
    const tall = await shape()
    await page.getByRole('button', { name: 'Cắt thêm mép trên' }).press('Enter')
    await expect.poll(shape).toBeGreaterThan(tall)
    await page.getByTestId('page-done').press('Enter')
    await expect(page.getByTestId('page-dialog')).toHaveCount(0)
    await expect(attachments()).toHaveCount(2)

    await paper.getByTestId('combine').press('Enter')
    await expect(attachments()).toHaveCount(1, clerk.mayTakeLong)
    await expect(attachments().first()).toContainText('trang 1.pdf')
    await clerk.saved(page)
  })

  test('a network scanner brings the sheets of its feeder', async () => {
    await page.getByTestId('paper-birthProof').getByTestId('scan').click()
    const dialog = page.getByTestId('scan-dialog')
    await dialog.getByText('Máy quét mô phỏng').click(clerk.mayTakeLong)
    await dialog.getByText('Khay nạp, nhiều trang').click()
    await dialog.getByTestId('start-scan').click()
    await expect(dialog).toContainText('Đã quét và lưu 2 trang', clerk.mayTakeLong)
    await dialog.getByTestId('scan-done').click()
    await expect(attachments()).toHaveCount(2)
    expect(await sizes()).toEqual([0.3, 0.3])
  })

  test('a PDF above the limit is made smaller by one press, looked at, and used', async () => {
    const fat = await scannedPdf(page)
    expect(fat.length).toBeGreaterThan(6 * 1024 * 1024)
    await clerk.offerPaper(page, 'birthProof', { name: 'bản quét.pdf', mimeType: 'application/pdf', buffer: fat })
    await page.getByTestId('reduce').click(clerk.mayTakeLong)
    await expect(page.getByTestId('reduced-dialog')).toContainText('còn', clerk.mayTakeLong)
    await page.getByTestId('use-reduced').click()
    await expect(attachments()).toHaveCount(1, clerk.mayTakeLong)
    await expect(attachments().first()).toContainText('giảm từ')
    await clerk.saved(page)
  })
})
