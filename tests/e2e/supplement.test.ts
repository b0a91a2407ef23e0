/** An agency asks for more: the dossier comes back at what was named, with the reason in view; twice, with both sides changing one answer, and withdrawn. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, type Page } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { birthOf } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { eventually, readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation.stop())

const desk = async (...words: string[]): Promise<void> => {
  const data = join(installation.folder, 'gateway')
  await promisify(execFile)(process.execPath, ['sync/gateway/commands.ts', ...words, '--data', data])
}
const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env.TRAM_PICTURES) await page.screenshot({ path: `${process.env.TRAM_PICTURES}/supplement-${name}.png` })
}
const reason = 'Giấy chứng sinh bị mờ; họ tên trẻ chưa khớp giấy chứng sinh.'
const entry = (page: Page) => page.getByTestId('outbox-entry')

const openRequest = async (page: Page): Promise<void> => {
  await page.keyboard.press('F7')
  await entry(page).getByRole('button', { name: 'Làm bổ sung' }).click(clerk.mayTakeLong)
  await expect(page.getByTestId('supplement-reason')).toHaveText(reason, clerk.mayTakeLong)
}
const answersAtGateway = async () =>
  (await readGateway(installation.folder)).packets.map(({ dossier }) => dossier?.answers.childName?.value)

test('a dossier is supplemented at what the agency named, twice, and withdrawn', async () => {
  const { page } = await installation.openBrowser()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
  await clerk.fillToPapers(page, birthOf('NGUYỄN VĂN MỜ'))
  const proof = { name: 'mo.png', mimeType: 'image/png', buffer: noisePng(300, 240) }
  await clerk.addPaper(page, 'birthProof', proof)
  await clerk.next(page)
  await clerk.consentAndFinish(page)
  const code = (await page.getByTestId('official-code').textContent({ timeout: 60_000 })) ?? ''

  await desk('ask-supplement', code, '--reason', reason, '--field', 'childName', '--paper', 'birthProof', '--due', '28/11/2026')
  await openRequest(page)
  await clerk.atPlace(page, 'child')
  await expect(page.getByTestId('supplement-panel')).toContainText('hạn 28/11/2026')
  await expect(page.locator('[data-field="motherName"]')).toHaveCount(0)
  await picture(page, 'step')
  await page.locator('[data-field="childName"] :is(input, textarea)').fill('NGUYỄN VĂN TỎ MẪU')
  await clerk.next(page)
  await clerk.atPlace(page, 'papers')
  await clerk.next(page)
  await expect(page.getByTestId('summary')).toContainText('Giấy chứng sinh')
  await clerk.addPaper(page, 'birthProof', { ...proof, name: 'ro.png', buffer: noisePng(320, 240, 2) })
  await picture(page, 'papers')
  await clerk.next(page)
  await clerk.atPlace(page, 'review')
  await picture(page, 'review')
  // The agency changes the same answer before this goes.
  await desk('correct-answer', code, '--field', 'childName', '--value', 'NGUYỄN VĂN SÁNG MẪU')
  await page.getByTestId('next').click()
  await expect(page.getByTestId('slip-page')).toBeVisible(clerk.mayTakeLong)
  await page.keyboard.press('F7')
  const refused = page.locator('[data-testid="outbox-entry"][data-state="needs-attention"]')
  await refused.getByRole('button', { name: 'Lấy lại để sửa' }).click(clerk.mayTakeLong)
  const conflict = page.getByTestId('conflict-childName')
  await expect(conflict).toContainText('NGUYỄN VĂN SÁNG MẪU', clerk.mayTakeLong)
  await expect(conflict).toContainText('NGUYỄN VĂN TỎ MẪU')
  await picture(page, 'conflict')
  await conflict.getByRole('button', { name: 'Giữ bản của máy này' }).click()
  await expect(conflict).toHaveCount(0)
  for (const place of ['child', 'papers']) {
    await clerk.atPlace(page, place)
    await clerk.next(page)
  }
  await clerk.atPlace(page, 'review')
  await page.getByTestId('next').click()
  await expect(page.getByTestId('slip-page')).toBeVisible(clerk.mayTakeLong)
  await eventually('the supplement is taken', async () => (await answersAtGateway()).length === 2)
  await page.keyboard.press('F7')
  await expect(entry(page).getByRole('button', { name: 'Làm bổ sung' })).toHaveCount(0, clerk.mayTakeLong)

  await desk('ask-supplement', code, '--reason', reason, '--field', 'childName')
  await openRequest(page)
  await expect(page.locator('[data-field="childName"] :is(input, textarea)')).toHaveValue('NGUYỄN VĂN TỎ MẪU')
  await page.locator('[data-field="childName"] :is(input, textarea)').fill('NGUYỄN VĂN RÕ MẪU')
  await clerk.next(page)
  await clerk.atPlace(page, 'review')
  await page.getByTestId('next').click()
  await expect(page.getByTestId('slip-page')).toBeVisible(clerk.mayTakeLong)
  await page.keyboard.press('F7')
  await expect(entry(page)).toHaveCount(3)
  await entry(page).getByRole('button', { name: 'Rút hồ sơ' }).click(clerk.mayTakeLong)
  await page.getByLabel('Vì sao người dân rút').fill('Gia đình đổi ý')
  await picture(page, 'withdraw')
  await page.getByTestId('withdraw').click()
  await expect(entry(page)).toHaveCount(4)
  await picture(page, 'outbox')
  const { packets, minted } = await eventually('the withdrawal is taken', async () => {
    const records = await readGateway(installation.folder)
    return records.packets.length === 4 && records.packets.every(({ state }) => state === 'accepted') && records
  })
  expect(minted).toHaveLength(1)
  // The submission stays as it was handed in.
  expect(packets[0]?.dossier?.answers.childName?.value).toBe('NGUYỄN VĂN MỜ')
})
