/** Who works at a machine: locked with a queue, a draft that changes hands, the supervisor's way to a new PIN, somebody removed. */
import { expect } from '@playwright/test'
import { registerBirth } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, desk, type Journey, press } from './steps.ts'

const other = { name: 'Giàng A Thử', pin: '7193058264' }

export const people: Journey = {
  work: async (installation, look) => {
    const page = await atWork(installation)
    const enter = page.getByRole('button', { name: /Vào làm việc/ })
    const lock = async (): Promise<void> => {
      await page.keyboard.press('Control+l')
      await enter.waitFor(clerk.mayTakeLong)
    }
    installation.proxy.setDown(true)
    await registerBirth(page, 'LÒ THỊ CHỜ MẪU')
    await page.keyboard.press('Control+k')
    await clerk.beginBirth(page)
    await clerk.answer(page, 'agency', 'Ủy ban nhân dân xã Thử Nghiệm, tỉnh Minh Họa')
    await clerk.saved(page)
    await page.getByTestId('status').click()
    await press(page, /Thêm người làm việc/)
    await page.getByLabel('Họ và tên').fill(other.name)
    await page.getByLabel('Mã PIN', { exact: true }).fill(other.pin)
    await page.getByLabel('Nhập lại mã PIN').fill(other.pin)
    await press(page, /^Tạo/)
    await page.getByTestId('wizard').waitFor(clerk.mayTakeLong)
    await page.keyboard.press('Control+k')
    await press(page, 'Chuyển')
    await look(page, 'hand-over')
    await page.getByRole('dialog').getByRole('button', { name: 'Chuyển', exact: true }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await lock()
    await look(page, 'locked-with-queue')
    await page.getByText(other.name).click()
    await page.keyboard.press('F1')
    await page.getByLabel('Mã PIN của người phụ trách').waitFor(clerk.mayTakeLong)
    await look(page, 'supervisor')
    await page.keyboard.press('Escape')
    installation.proxy.setDown(false)
    let row: string | undefined
    while (row === undefined) {
      await page.waitForTimeout(500)
      row = (await desk(installation, 'operators')).split('\n').find((line) => line.includes(other.name))
    }
    await desk(installation, 'remove-operator', row.slice(0, 36))
    await page.getByText(clerk.operator.name).click()
    await clerk.signIn(page)
    installation.proxy.setDown(true)
    await expect(page.getByTestId('status')).not.toHaveAttribute('data-network', 'online', { timeout: 60_000 })
    installation.proxy.setDown(false)
    await expect(page.getByTestId('status')).toHaveAttribute('data-network', 'online', { timeout: 60_000 })
    // The new lease comes a moment after the network; the sign-in page lists whom the machine knew when it was locked.
    await expect(async () => {
      await page.waitForTimeout(3_000)
      await lock()
      const gone = await page.getByText(other.name).count()
      await clerk.signIn(page)
      expect(gone).toBe(0)
    }).toPass({ timeout: 60_000 })
    await page.getByText('Việc của người khác trên máy này').waitFor(clerk.mayTakeLong)
    await look(page, 'removed')
  },
}
