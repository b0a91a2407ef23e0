/** Reading a card: asking, reading, and every verdict on a chip. */
import type { Page } from '@playwright/test'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, type Journey, type Look, press, putCard, shut } from './steps.ts'

/** One specimen after another, each with what is wrong with its chip. */
const verdicts = async (page: Page, look: Look, names: readonly string[]): Promise<void> => {
  for (const [at, name] of names.entries()) {
    await putCard(page, at)
    await page.getByTestId('card-person').waitFor(clerk.mayTakeLong)
    await look(page, name)
    await shut(page)
  }
}

export const card: Journey = {
  options: {
    environment: { TRAM_SIMULATED_FAULTS: '-,signed-by:unknown-authority,expired-card' },
  },
  work: async (installation, look) => {
    const page = await atWork(installation)
    await clerk.beginBirth(page)
    await page.locator('[data-field="requesterName"] input').first().fill('NGUYỄN THỊ MẪU NHẦM')
    await page.keyboard.press('F4')
    await look(page, 'asking')
    await press(page, /Máy quét/)
    await look(page, 'scanner')
    await shut(page)
    await putCard(page, 0)
    await look(page, 'reading')
    await shut(page)
    await verdicts(page, look, ['genuine', 'ca-unknown', 'expired'])
    await putCard(page, 0)
    await page.getByTestId('same-person').locator('label.choice', { hasText: 'Đúng người này' }).click(clerk.mayTakeLong)
    await look(page, 'same-person')
    await press(page, /Điền vào hồ sơ/)
    await look(page, 'filled')
  },
}

export const cardDoubts: Journey = {
  options: { environment: { TRAM_SIMULATED_FAULTS: 'changed-group,signed-by:nobody+no-dg13,two-persons' } },
  work: async (installation, look) => {
    const page = await atWork(installation)
    await clerk.beginBirth(page)
    await verdicts(page, look, ['not-genuine', 'not-checked', 'two-persons'])
  },
}
