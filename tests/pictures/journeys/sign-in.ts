/** From an unenrolled machine to work: enrolment, the first operator, wrong and forgotten PINs, a second window. */
import { expect } from '@playwright/test'
import * as clerk from '../../fixtures/clerk.ts'
import { desk, type Journey, press } from './steps.ts'

export const signIn: Journey = {
  options: { enrolled: false },
  work: async (installation, look) => {
    const { page, context } = await installation.openBrowser()
    const code = page.getByLabel('Mã ghi danh một lần')
    await code.waitFor(clerk.mayTakeLong)
    await look(page, 'set-up')
    await code.fill('ABC')
    await press(page, /Ghi danh/)
    await look(page, 'set-up-mistake')
    installation.proxy.setDown(true)
    await code.fill('ABCD-EFGH-IJKL-MNOP')
    await press(page, /Ghi danh/)
    await page.getByText('GHI-02').waitFor(clerk.mayTakeLong)
    await look(page, 'set-up-without-gateway')
    installation.proxy.setDown(false)
    const place = { pointName: 'Bưu điện Thử Nghiệm', stationName: 'Quầy 2', demo: true }
    await code.fill(await installation.gateway.enrolmentCode(place))
    await press(page, /Ghi danh/)
    await page.getByLabel('Họ và tên').waitFor(clerk.mayTakeLong)
    await look(page, 'first-operator')
    await press(page, /^Tạo/)
    await look(page, 'first-operator-mistakes')
    await clerk.createOperator(page)
    await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
    await look(page, 'waiting')
    const pin = page.getByLabel('Mã PIN', { exact: true })
    const wrong = async (): Promise<string> => {
      await pin.fill('1111111111')
      await press(page, /Vào làm việc/)
      const said = page.getByText(/Còn \d+ lần thử|Nhập sai nhiều lần/)
      await expect(pin).toHaveValue('', clerk.mayTakeLong)
      return (await said.textContent(clerk.mayTakeLong)) ?? ''
    }
    await wrong()
    await look(page, 'wrong-pin')
    for (let tries = 0; tries < 10 && !(await wrong()).includes('Nhập sai'); tries += 1);
    await look(page, 'locked-out')
    await page.getByText('Giờ thử lại được').waitFor({ timeout: 60_000 })
    await look(page, 'locked-out-over')
    await page.keyboard.press('F1')
    const challenge = page.getByTestId('challenge')
    await challenge.waitFor(clerk.mayTakeLong)
    await look(page, 'forgotten')
    const [answer = ''] = (await desk(installation, 'recovery', (await challenge.textContent()) ?? '')).split('\n')
    const newPin = async (value: string): Promise<void> => {
      await page.getByLabel('Mã bàn hỗ trợ đọc lại').fill(answer)
      await page.getByLabel('Mã PIN mới', { exact: true }).fill(value)
      await page.getByLabel('Nhập lại mã PIN mới').fill(value)
      await press(page, /Đặt mã PIN mới/)
    }
    await newPin('12345')
    await look(page, 'forgotten-mistake')
    // Until the wait after the wrong ones is over.
    await expect(async () => {
      await newPin(clerk.operator.pin)
      await page.getByText('Đã đặt mã PIN mới').waitFor({ timeout: 5_000 })
    }).toPass({ timeout: 60_000, intervals: [5_000] })
    await look(page, 'renewed')
    await pin.fill(clerk.operator.pin)
    await press(page, /Vào làm việc/)
    await look(page, 'opening')
    await page.getByRole('heading', { name: 'Làm thủ tục' }).waitFor(clerk.mayTakeLong)
    await page.getByTestId('status').click()
    await press(page, /Thêm người làm việc/)
    await look(page, 'add-operator')
    const second = await context.newPage()
    await second.goto(installation.kioskUrl)
    await second.getByText('cửa sổ khác').waitFor(clerk.mayTakeLong)
    await look(second, 'second-window')
  },
}
