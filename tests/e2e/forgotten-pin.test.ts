/** A forgotten PIN on the real kiosk, with the network down: by the desk's code, then by a supervisor; and a draft that changes hands. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, test } from 'vitest'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
let page: Page
const [newPin, otherPin, lastPin] = ['9027113846', '7193058264', '3381645920']
const other = 'Giàng A Thử'

beforeAll(async () => {
  installation = await startInstallation()
  page = (await installation.openBrowser()).page
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
  await clerk.answer(page, 'agency', 'Ủy ban nhân dân xã Thử Nghiệm, tỉnh Minh Họa')
  await clerk.saved(page)
  installation.proxy.setDown(true)
})
afterAll(() => installation?.stop())

const desk = async (...words: string[]): Promise<string> => {
  const data = join(installation.folder, 'gateway')
  return (await promisify(execFile)(process.execPath, ['sync/gateway/commands.ts', ...words, '--data', data])).stdout
}
const picture = (name: string) => page.screenshot({ path: join(installation.folder, `${name}.png`) })
const enter = async (pin: string) => {
  await page.getByLabel('Mã PIN', { exact: true }).fill(pin)
  await page.getByRole('button', { name: /Vào làm việc/ }).click()
}
const giveNewPin = async (pin: string) => {
  await page.getByLabel('Mã PIN mới', { exact: true }).fill(pin)
  await page.getByLabel('Nhập lại mã PIN mới').fill(pin)
  await page.getByRole('button', { name: /Đặt mã PIN mới/ }).click()
}

describe('a forgotten PIN', () => {
  test('opens again with the code the desk reads out, and the draft is where it was', async () => {
    await page.keyboard.press('Control+l')
    await page.getByLabel('Mã PIN', { exact: true }).waitFor(clerk.mayTakeLong)
    await page.keyboard.press('F1')
    const challenge = page.getByTestId('challenge')
    await expect(challenge).toHaveText(/^[A-Z2-7-]{14}$/, clerk.mayTakeLong)
    await picture('desk')
    const [code = ''] = (await desk('recovery', (await challenge.textContent()) ?? '')).split('\n')
    // The new PIN is judged first: no try of the code is spent on one that will not do.
    await page.getByLabel('Mã bàn hỗ trợ đọc lại').fill(code)
    await giveNewPin('12345')
    await expect(page.getByText('đang có 5')).toBeVisible()
    await giveNewPin('1234567890')
    await expect(page.getByText('Chọn mã PIN khó đoán hơn')).toBeVisible()
    await giveNewPin('902711')
    await expect(page.getByText('Chọn mã PIN dài hơn')).toBeVisible()
    await picture('short-pin')
    await page.getByLabel('Mã bàn hỗ trợ đọc lại').fill(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`)
    await giveNewPin(newPin)
    await expect(page.getByText('có chữ nghe hoặc gõ nhầm')).toBeVisible()
    await page.getByLabel('Mã bàn hỗ trợ đọc lại').fill(code)
    await giveNewPin(newPin)
    await expect(page.getByText('Đã đặt mã PIN mới')).toBeVisible(clerk.mayTakeLong)
    await enter(newPin)
    await expect(page.getByTestId('wizard')).toHaveAttribute('data-place', 'requester', clerk.mayTakeLong)
    await expect(page.locator('[data-field="agency"] :is(input, textarea)').first()).toHaveValue(/xã Thử Nghiệm/)
  })

  test('is given anew by the supervisor, for a colleague who then takes a draft over', async () => {
    await page.getByTestId('status').click()
    await page.getByRole('button', { name: /Thêm người làm việc/ }).click()
    await picture('add-operator')
    await page.getByLabel('Họ và tên').fill(other)
    await page.getByLabel('Mã PIN', { exact: true }).fill(otherPin)
    await page.getByLabel('Nhập lại mã PIN').fill(otherPin)
    await page.getByRole('button', { name: /^Tạo/ }).click()
    await page.getByRole('button', { name: /Về trang đầu/ }).click(clerk.mayTakeLong)
    await page.getByRole('button', { name: 'Chuyển', exact: true }).click()
    await picture('hand-over')
    await page.getByRole('dialog').getByRole('button', { name: 'Chuyển', exact: true }).click()
    await expect(page.getByText('Chưa có bản nháp nào.')).toBeVisible()

    await page.keyboard.press('Control+l')
    await page.getByText(other).click(clerk.mayTakeLong)
    await page.keyboard.press('F1')
    await page.getByLabel('Mã PIN của người phụ trách').fill(newPin)
    await picture('supervisor')
    await giveNewPin(lastPin)
    await expect(page.getByText('Đã đặt mã PIN mới')).toBeVisible(clerk.mayTakeLong)
    await enter(lastPin)
    await expect(page.getByTestId('draft')).toHaveCount(1, clerk.mayTakeLong)
    await picture('receiver')
  })

  test('a colleague whom the gateway removed is locked out while at work, and cannot come back', async () => {
    const row = (await desk('operators').catch(() => '')).split('\n').find((line) => line.includes(other))
    installation.proxy.setDown(false)
    await expect.poll(async () => (await desk('operators')).includes(other), { timeout: 60_000 }).toBe(true)
    const line = row ?? (await desk('operators')).split('\n').find((each) => each.includes(other)) ?? ''
    await desk('remove-operator', line.slice(0, 36))
    installation.proxy.setDown(true)
    await expect(page.getByTestId('status')).not.toHaveAttribute('data-network', 'online', clerk.mayTakeLong)
    installation.proxy.setDown(false)
    await expect(page.getByRole('button', { name: /Vào làm việc/ })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText(other)).toHaveCount(0)
    await enter(newPin)
    await expect(page.getByText('Việc của người khác trên máy này')).toBeVisible(clerk.mayTakeLong)
    await picture('adopt')
    await page.getByRole('button', { name: /Nhận về làm tiếp/ }).click()
    await expect(page.getByTestId('draft')).toHaveCount(1, clerk.mayTakeLong)
  })
})
