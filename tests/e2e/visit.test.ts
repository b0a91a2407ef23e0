/** A visit of several dossiers: each a tab, one key apart; a lock does not end it, its operator does, and nobody else finds anything of it. */
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { find, storesOf } from '../fixtures/profile-search.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation.stop())

const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env.TRAM_KEEP) await page.screenshot({ path: `${installation.folder}/${name}.png` })
}
const begin = async (page: Page, code: string): Promise<void> => {
  await page.getByLabel('Tìm thủ tục').fill(code)
  await page.getByRole('button', { name: /Làm hồ sơ mới/ }).click()
  await page.getByTestId('wizard').waitFor(clerk.mayTakeLong)
}
const isAt = (page: Page, form: string) => expect.poll(() => page.getByTestId('wizard').textContent()).toContain(form)

test('two dossiers, a lock, and a third that starts with what is known; then the next people, another operator', async () => {
  const { page } = await installation.openBrowser()
  const tabs = page.getByTestId('visit-tab')
  const written = (fieldId: string): Promise<string> =>
    page.locator(`[data-field="${fieldId}"] :is(input, textarea)`).first().inputValue()
  const offers = page.getByTestId('reuse')
  await clerk.createOperator(page)
  await clerk.signIn(page)
  expect(await tabs.count()).toBe(0)
  await clerk.beginBirth(page)
  await clerk.readCard(page)
  // A page that is tried to be left with errors says so on its tab too.
  await clerk.next(page)
  await expect.poll(() => tabs.first().textContent()).toContain('chỗ cần sửa')
  await clerk.saved(page)

  await page.keyboard.press('Control+k')
  await begin(page, '1.004873')
  await expect.poll(() => tabs.count()).toBe(2)
  await offers.first().waitFor(clerk.mayTakeLong)
  await page.keyboard.press('Alt+1')
  await expect.poll(() => written('requesterName')).toBe('NGUYỄN THỊ MẪU')
  await picture(page, 'visit-two')
  await page.keyboard.press('Control+1')
  await isAt(page, 'mã thủ tục 1.001193')
  expect(await tabs.first().getAttribute('aria-current')).toBe('page')
  expect(await tabs.nth(1).textContent()).toContain('đã lưu')
  await page.keyboard.press('Control+2')
  await isAt(page, 'mã thủ tục 1.004873')

  await page.keyboard.press('Control+l')
  await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
  expect(await page.textContent('body')).not.toContain('NGUYỄN THỊ MẪU')
  expect(find(['NGUYỄN THỊ MẪU', '000190000017'], [await storesOf(page)])).toEqual([])
  await clerk.signIn(page)
  await isAt(page, 'mã thủ tục 1.004873')
  await expect.poll(() => tabs.count()).toBe(2)
  await page.keyboard.press('Control+k')
  await picture(page, 'visit-home')
  await begin(page, '2.000635')
  await offers.first().waitFor(clerk.mayTakeLong)
  expect(await offers.first().textContent()).toContain('NGUYỄN THỊ MẪU')
  await page.keyboard.press('Alt+1')
  await expect.poll(() => written('requesterName')).toBe('NGUYỄN THỊ MẪU')
  expect(await page.getByTestId('source-requesterName').textContent()).toContain('từ chip')
  await picture(page, 'visit-three')
  await clerk.saved(page)

  await page.keyboard.press('F2')
  await page.getByLabel('Tìm thủ tục').waitFor(clerk.mayTakeLong)
  expect(await tabs.count()).toBe(0)
  await clerk.beginBirth(page)
  expect(await offers.count()).toBe(0)
  await page.locator('[data-field="requesterName"] :is(input, textarea)').fill('QUÀNG VĂN HỎI MẪU')
  await clerk.saved(page)
  // A draft of the people before is opened beside them: whose it is decides what it may know.
  await page.keyboard.press('Control+k')
  await page.getByTestId('draft').filter({ hasText: 'NGUYỄN THỊ MẪU' }).first().getByRole('button', { name: 'Làm tiếp' }).click()
  const whose = page.getByTestId('whose-dossier')
  await whose.waitFor(clerk.mayTakeLong)
  expect(await whose.textContent()).toContain('QUÀNG VĂN HỎI MẪU')
  await picture(page, 'visit-whose')
  await whose.getByRole('button', { name: /Của người khác/ }).click()
  await isAt(page, 'Bước 1')
  await expect.poll(() => tabs.allTextContents()).toEqual([expect.stringContaining('NGUYỄN THỊ MẪU')])

  // Another operator, then the first again: nothing of the visit is left.
  await page.getByTestId('status').click()
  await page.getByRole('button', { name: 'Thêm người làm việc' }).click()
  const second = { name: 'Lường Văn Thay Mẫu', pin: '2718281828' }
  await page.getByLabel('Họ và tên').fill(second.name, clerk.mayTakeLong)
  await page.getByLabel('Mã PIN', { exact: true }).fill(second.pin)
  await page.getByLabel('Nhập lại mã PIN').fill(second.pin)
  await page.getByRole('button', { name: /^Tạo/ }).click()
  await expect.poll(() => tabs.count(), clerk.mayTakeLong).toBe(1)
  await page.keyboard.press('Control+l')
  const enter = page.getByRole('button', { name: /Vào làm việc/ })
  await enter.waitFor(clerk.mayTakeLong)
  await page.getByText(second.name).click()
  await page.getByLabel('Mã PIN', { exact: true }).fill(second.pin)
  await enter.click()
  await page.getByLabel('Tìm thủ tục').waitFor(clerk.mayTakeLong)
  expect(await tabs.count()).toBe(0)
  await page.keyboard.press('Control+l')
  await enter.waitFor(clerk.mayTakeLong)
  await page.getByText(clerk.operator.name).click()
  await clerk.signIn(page)
  expect(await tabs.count()).toBe(0)
})
