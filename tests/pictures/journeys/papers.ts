/** Papers: none, by scanner, by camera, a blurred one, one page. */
import { expect } from '@playwright/test'
import { birthOf } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { photographedSheet, scannedPdf } from '../../fixtures/papers.ts'
import { atWork, type Journey, shut } from './steps.ts'

export const papers: Journey = {
  work: async (installation, look) => {
    const switches = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
    const page = await atWork(installation, { switches })
    await clerk.beginBirth(page)
    await clerk.fillToPapers(page, birthOf('NGUYỄN VĂN GIẤY'))
    await look(page, 'empty')
    const paper = page.getByTestId('paper-birthProof')
    await paper.getByTestId('scan').click()
    await look(page, 'scan-searching')
    await shut(page)
    await paper.getByTestId('camera').click()
    await expect(page.getByTestId('shoot')).toBeEnabled(clerk.mayTakeLong)
    await look(page, 'camera')
    await shut(page)
    for (const [name, filter] of [
      ['giay-chung-sinh', 'none'],
      ['mo', 'blur(9px)'],
    ] as const) {
      const sheet = { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await photographedSheet(page, filter) }
      await clerk.addPaper(page, 'birthProof', sheet)
    }
    await look(page, 'added')
    await paper.getByTestId('view').first().click()
    await page.getByTestId('page-picture').waitFor(clerk.mayTakeLong)
    await look(page, 'page')
    await shut(page)
    await clerk.offerPaper(page, 'birthProof', {
      name: 'bản quét.pdf',
      mimeType: 'application/pdf',
      buffer: await scannedPdf(page),
    })
    await page.getByTestId('reduce').waitFor(clerk.mayTakeLong)
    await look(page, 'too-large')
    await page.getByTestId('reduce').click()
    await page.getByTestId('use-reduced').waitFor(clerk.mayTakeLong)
    await look(page, 'reduced')
  },
}
