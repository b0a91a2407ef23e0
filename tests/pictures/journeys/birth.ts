/** A birth declaration from the first mistake to the accepted dossier, and the second of a visit. */
import { smallPaper } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { photographedSheet } from '../../fixtures/papers.ts'
import { atWork, type Journey, shut } from './steps.ts'

export const birth: Journey = {
  work: async (installation, look) => {
    const page = await atWork(installation)
    await clerk.beginBirth(page)
    await clerk.next(page)
    await look(page, 'mistakes')
    await clerk.readCard(page)
    for (const step of clerk.birth.steps) {
      await clerk.fillStep(page, step.id)
      await look(page, step.id)
      await clerk.next(page)
    }
    await clerk.atPlace(page, 'papers')
    const proof = { name: 'giay-chung-sinh.jpg', mimeType: 'image/jpeg', buffer: await photographedSheet(page, 'none') }
    await clerk.addPaper(page, 'birthProof', proof)
    await clerk.next(page)
    await clerk.atPlace(page, 'review')
    await look(page, 'review')
    await page.locator('[data-field="consent-submit"] input').focus()
    await look(page, 'review-end')
    await page.getByTestId('show-declaration').click()
    await page.getByTestId('declaration').waitFor(clerk.mayTakeLong)
    await look(page, 'declaration')
    await shut(page)
    await page.getByTestId('next').click()
    await look(page, 'review-mistakes')
    installation.proxy.setDown(true)
    await clerk.consentAndFinish(page)
    await look(page, 'slip-queued')
    installation.proxy.setDown(false)
    await page.getByTestId('official-code').waitFor({ timeout: 60_000 })
    await look(page, 'slip-accepted')
    await page.keyboard.press('Control+k')
    await clerk.beginBirth(page)
    await page.getByTestId('reuse').first().waitFor(clerk.mayTakeLong)
    await look(page, 'second-of-visit')
    await page.keyboard.press('Alt+1')
    await clerk.fillToPapers(page)
    await clerk.addPaper(page, 'birthProof', smallPaper())
    await clerk.next(page)
    await clerk.atPlace(page, 'review')
    await page.locator('[data-field="consent-submit"] .tick').click()
    await page.getByTestId('next').click()
    await page.getByTestId('double-dialog').waitFor(clerk.mayTakeLong)
    await look(page, 'double')
  },
}
