/** What an agency asked for, answered; what both sides changed; a withdrawal. */
import { registerBirth } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { noisePng } from '../../fixtures/papers.ts'
import { atWork, desk, entryIn, type Journey, press } from './steps.ts'

export const supplement: Journey = {
  work: async (installation, look) => {
    const page = await atWork(installation)
    await registerBirth(page, 'NGUYỄN VĂN MỜ MẪU')
    const code = (await page.getByTestId('official-code').textContent({ timeout: 60_000 })) ?? ''
    const reason = 'Giấy chứng sinh bị mờ; họ tên trẻ chưa khớp giấy chứng sinh.'
    const asked = ['--reason', reason, '--field', 'childName', '--paper', 'birthProof', '--due', '28/11/2026']
    await desk(installation, 'ask-supplement', code, ...asked)
    await page.keyboard.press('F7')
    await press(page, 'Làm bổ sung')
    await page.getByTestId('supplement-panel').waitFor(clerk.mayTakeLong)
    await look(page, 'step')
    await page.locator('[data-field="childName"] input').fill('NGUYỄN VĂN TỎ MẪU')
    await clerk.next(page)
    await clerk.atPlace(page, 'papers')
    await clerk.addPaper(page, 'birthProof', { name: 'ro.png', mimeType: 'image/png', buffer: noisePng(320, 240, 2) })
    await look(page, 'papers')
    await clerk.next(page)
    await clerk.atPlace(page, 'review')
    await look(page, 'review')
    await desk(installation, 'correct-answer', code, '--field', 'childName', '--value', 'NGUYỄN VĂN SÁNG MẪU')
    await page.getByTestId('next').click()
    await page.getByTestId('slip-page').waitFor(clerk.mayTakeLong)
    await look(page, 'slip')
    await page.keyboard.press('F7')
    await entryIn(page, 'needs-attention').getByRole('button', { name: 'Lấy lại để sửa' }).click(clerk.mayTakeLong)
    await page.getByTestId('conflict-childName').waitFor(clerk.mayTakeLong)
    await look(page, 'conflict')
    await page.keyboard.press('F7')
    await press(page, 'Rút hồ sơ')
    await look(page, 'withdraw')
    await page.getByLabel('Vì sao người dân rút').fill('Gia đình đổi ý')
    await page.getByTestId('withdraw').click()
    await page.getByText('Đã có đơn rút hồ sơ này').first().waitFor(clerk.mayTakeLong)
    await look(page, 'withdrawn')
  },
}
