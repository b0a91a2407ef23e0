/** The card's QR and its chip in the wizard: a serial scanner on a real pseudo terminal, one that types, and what the chip says. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import { cardQrOf } from '../../hardware/simulators/simulated-code-scanner.ts'
import { nguyenThiMau, tranVanThu } from '../../hardware/simulators/specimens.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { makeSerialPair, type SerialPair } from '../fixtures/serial-pair.ts'

let installation: Installation
let scanner: SerialPair
let page: Page
beforeAll(async () => {
  scanner = await makeSerialPair()
  installation = await startInstallation()
  // As whoever sets the station up leaves it: the port's name is none that a page may choose.
  await installation.killStation()
  const settings = { baudRate: 9600, dataBits: 8, stopBits: 1, parity: 'none', terminator: 'line-end', idleMs: 200 }
  const configuration = { type: 'serial', path: scanner.port, settings }
  writeFileSync(join(installation.folder, 'station', 'scanner.json'), JSON.stringify({ format: 'tram-scanner-1', configuration }))
  await installation.restartStation()
  page = (await installation.openBrowser()).page
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
})
afterAll(async () => {
  await installation?.stop()
  await scanner?.close()
})

const dialog = () => page.getByTestId('card-dialog')
const field = (id: string) => page.locator(`[data-field="${id}"]`)
const scan = (text: string) => scanner.send(Buffer.from(`${text}\r\n`, 'utf8'))

/** A scanner that types: the letters arrive in the field, the keys within milliseconds, Enter at the end. */
const scanByKeyboard = async (arrives: string): Promise<void> => {
  await dialog().getByLabel('12 số trên thẻ').fill(arrives)
  const keys = [...arrives.replace(/[^\x20-\x7e]/g, ''), 'Enter']
  await page.evaluate(`for (const key of ${JSON.stringify(keys)})
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`)
}

test('the QR in front of the scanner opens the dialog, then the chip, and fills only after the face was looked at', async () => {
  await scan(cardQrOf(nguyenThiMau))
  await expect(dialog().getByTestId('card-person')).toContainText('NGUYỄN THỊ MẪU', clerk.mayTakeLong)
  await expect(dialog().getByTestId('card-person')).not.toContainText(nguyenThiMau.personalNumber)
  await expect(dialog().getByTestId('card-verdict')).toBeVisible()
  await expect(dialog().getByTestId('card-differences')).toBeHidden()

  const fill = dialog().getByRole('button', { name: /Điền vào hồ sơ/ })
  await fill.click()
  await expect(dialog().getByRole('alert')).toContainText('Có đúng người này không?')
  await dialog().getByTestId('same-person').getByText('Không phải người này').click()
  await fill.click()
  await expect(dialog().getByRole('alert')).toContainText('Không điền dữ liệu của người khác')
  await dialog().getByTestId('same-person').getByText('Chủ thẻ không có mặt').click()
  await fill.click()
  await expect(dialog()).toBeHidden()
  await expect(field('requesterName').locator('input, textarea')).toHaveValue('NGUYỄN THỊ MẪU')
})

test('what came from the chip is locked; changing it takes an act of its own, and is said', async () => {
  const name = field('requesterName').locator('input, textarea')
  await expect(name).not.toBeEditable()
  await expect(page.getByTestId('source-requesterName')).toContainText('từ chip')
  await page.getByTestId('unlock-requesterName').click()
  await expect(name).toBeEditable()
  await name.fill('NGUYỄN THỊ MẨU')
  await expect(page.getByTestId('source-requesterName')).toContainText('sửa tay thay giá trị từ chip')
  await clerk.saved(page)
})

test('a QR of another card than the chip’s is shown as different; a scanner that types is told apart, and told when it is mangled', async () => {
  await page.keyboard.press('F8')
  await scanByKeyboard(cardQrOf(tranVanThu).replace('Nam', 'Nu'))
  const { code, title } = cardFailureCatalogue['code-mangled']
  await expect(dialog().getByRole('status').filter({ hasText: code })).toContainText(title.vi)
  await expect(dialog().getByLabel('12 số trên thẻ')).toHaveValue('000 088 000 024')

  await scanByKeyboard(cardQrOf(nguyenThiMau).replace('14051990', '15051990'))
  await expect(dialog().getByTestId('card-differences')).toContainText('15/05/1990', clerk.mayTakeLong)
  await expect(dialog().getByTestId('card-differences')).toContainText('14/05/1990')
  await page.keyboard.press('Escape')
  await expect(dialog()).toBeHidden()
})

test('the scanner is tried out where it is chosen, and its absence is said', async () => {
  await page.keyboard.press('F4')
  await dialog().getByRole('button', { name: 'Máy quét…' }).click()
  await expect(dialog().getByRole('radio', { name: scanner.port })).toBeChecked()
  await scan(cardQrOf(tranVanThu))
  await expect(dialog().getByTestId('scanner-trial-good')).toContainText('Trần Văn Thử', clerk.mayTakeLong)
  await scan('8934567890123')
  await expect(dialog().getByRole('status').filter({ hasText: cardFailureCatalogue['code-not-of-a-card'].code })).toBeVisible()
  await dialog().getByRole('button', { name: 'Xong' }).click()
  await expect(dialog().getByText(`Máy quét sẵn sàng: ${scanner.port}`)).toBeVisible()
  await scanner.unplug()
  await expect(dialog().getByText(cardFailureCatalogue['no-scanner'].title.vi)).toBeVisible(clerk.mayTakeLong)
})
