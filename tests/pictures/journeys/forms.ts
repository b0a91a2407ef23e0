/** Every step of CT01 and TK1-TS, lists while they are open, and a locked visit. */
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, begin, type Journey, shut, throughSteps } from './steps.ts'

export const forms: Journey = {
  work: async (installation, look) => {
    const page = await atWork(installation)
    await throughSteps(page, look, 'ct01', '1.004194-dang-ky-tam-tru/specimens/with-child.json')
    await clerk.atPlace(page, 'papers')
    await clerk.next(page)
    await page.getByTestId('proposed').waitFor(clerk.mayTakeLong)
    await look(page, 'ct01-review-of-proposals')
    await throughSteps(page, look, 'tk1', '1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-oneself.json')
    await look(page, 'tk1-review')
    await begin(page, '1.001193')
    await page.locator('[data-field="requesterPaperType"] input').first().focus()
    await page.keyboard.type('cccd')
    await page.getByRole('option').first().waitFor(clerk.mayTakeLong)
    await look(page, 'look-up-list')
    await shut(page)
    await page.locator('[data-field="requesterResidence"] input').first().fill('Số 1, ngoc ha ba din')
    await page.keyboard.type('h')
    await page.getByRole('option').first().waitFor(clerk.mayTakeLong)
    await look(page, 'look-up-place')
    await shut(page)
    await page.keyboard.press('Control+l')
    await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
    await look(page, 'locked-visit')
  },
}
