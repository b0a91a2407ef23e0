/** A training machine at a real gateway: what it is told of its dossier, on the slip and in the queue. */
import { registerBirth } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, entryIn, type Journey } from './steps.ts'

export const refused: Journey = {
  options: { mode: 'production' },
  work: async (installation, look) => {
    const page = await atWork(installation)
    await registerBirth(page, 'LÒ THỊ TẬP MẪU')
    await page.getByText('Cần xem lại').first().waitFor(clerk.mayTakeLong)
    await look(page, 'slip')
    await page.keyboard.press('F7')
    await entryIn(page, 'needs-attention').waitFor(clerk.mayTakeLong)
    await look(page, 'queue')
  },
}
