/** What the gateway keeps of a citizen: asked, nothing kept, consent. */
import { expect } from '@playwright/test'
import { tranVanThu } from '../../../hardware/simulators/specimens.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, begin, dossierOf, type Journey } from './steps.ts'

export const store: Journey = {
  work: async (installation, look) => {
    const { procedure, answers } = dossierOf('1.003677-khai-bao-tam-vang/specimens/for-oneself.json')
    const page = await atWork(installation)
    await begin(page, procedure.code)
    await clerk.readCard(page, tranVanThu)
    await page.getByTestId('store-panel').waitFor(clerk.mayTakeLong)
    await look(page, 'asked')
    await page.getByTestId('store-yes').click()
    await expect(page.getByTestId('store-panel')).toHaveAttribute('data-state', 'fetched', { timeout: 10_000 })
    await look(page, 'nothing-kept')
    const { absenteeSex: _, ...typed } = answers
    for (const step of procedure.steps) {
      await clerk.fillStepOf(page, procedure, step.id, typed)
      await look(page, step.id)
      await clerk.next(page)
    }
    await clerk.atPlace(page, 'papers')
    await clerk.next(page)
    await clerk.atPlace(page, 'review')
    await page.locator('[data-field^="consent-keepFactsOf"]').scrollIntoViewIfNeeded()
    await look(page, 'consent')
  },
}
