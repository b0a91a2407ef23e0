/** A training kiosk that was pointed at a production gateway: its dossiers go nowhere, are kept, and the clerk reads why. */
import { expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import * as clerk from '../fixtures/clerk.ts'
import { readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation({ mode: 'production', demoStation: true })
})
afterAll(() => installation?.stop())

test('a production gateway refuses a training dossier: it is kept on the shelf, with the reason', async () => {
  const { page } = await installation.openBrowser()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
  await clerk.readCard(page)
  await clerk.fillToPapers(page)
  await clerk.addPaper(page, 'birthProof', { name: 'giay-chung-sinh.png', mimeType: 'image/png', buffer: noisePng(60, 60) })
  await clerk.next(page)
  await clerk.atPlace(page, 'review')
  const entered = await clerk.reviewed(page)
  await clerk.consentAndFinish(page)
  await page.keyboard.press('F7')
  const entry = page.getByTestId('outbox-entry')
  await expect(entry).toHaveAttribute('data-state', 'needs-attention', clerk.mayTakeLong)
  await expect(entry).toContainText('Cần xem lại')
  await expect(entry).toContainText('tập huấn')
  await expect(entry.getByTestId('outbox-sentence')).toHaveText(
    'Máy chủ này không nhận hồ sơ tập huấn. Hồ sơ còn nguyên trên máy.',
  )
  const { packets, attachments, minted } = await readGateway(installation.folder)
  expect({ packets, attachments, minted }).toEqual({ packets: [], attachments: [], minted: [] })

  // Kept whole: taken back, every answer and the paper are there.
  await entry.getByRole('button', { name: 'Lấy lại để sửa' }).click()
  await page.getByTestId('wizard').waitFor()
  for (let place = 0; place < 10 && (await page.getByTestId('wizard').getAttribute('data-place')) !== 'review'; place++) {
    const before = await page.getByTestId('wizard').getAttribute('data-place')
    await clerk.next(page)
    await expect(page.getByTestId('wizard')).not.toHaveAttribute('data-place', before ?? '')
  }
  expect(await clerk.reviewed(page)).toEqual(entered)
})
