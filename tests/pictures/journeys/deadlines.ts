/** A deadline that passes while the dossier waits for the network, and one that has passed before the work begins. */
import { registerBirth } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, begin, type Journey } from './steps.ts'

export const deadlines: Journey = {
  work: async (installation, look) => {
    const page = await atWork(installation)
    installation.proxy.setDown(true)
    await registerBirth(page, 'LÒ THỊ HẠN MẪU')
    const show = async (day: string, name: string): Promise<void> => {
      await page.clock.setSystemTime(new Date(`${day}T02:00:00Z`))
      await page.keyboard.press('Control+k')
      await page.getByTestId('urgent').waitFor(clerk.mayTakeLong)
      await look(page, `${name}-home`)
      await page.keyboard.press('F7')
      await page.getByTestId('outbox-entry').first().waitFor(clerk.mayTakeLong)
      await look(page, `${name}-queue`)
    }
    await show('2026-12-31', 'near')
    await show('2027-01-06', 'late')
    await begin(page, clerk.birth.code)
    for (const step of clerk.birth.steps.slice(0, 2)) {
      await clerk.fillStep(page, step.id)
      if (step.id === 'requester') await clerk.next(page)
    }
    await look(page, 'late-before-the-work')
  },
}
