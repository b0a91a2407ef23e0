/** The real card service under the whole kiosk: pcscd, its driver, the device process, the station, the page. Needs root (a namespace for pcscd). */
import { expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import { createSimulatedChip } from '../../hardware/simulators/chip/simulated-chip.ts'
import { nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import { insertVpcdCard } from '../../hardware/simulators/vpcd-card.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { createPcscdFixture, type PcscdFixture } from '../virtual-reader/pcscd-fixture.ts'

let pcscd: PcscdFixture
let installation: Installation
beforeAll(async () => {
  pcscd = await createPcscdFixture()
  await pcscd.start()
  installation = await startInstallation({ readers: 'pcsc', environment: pcscd.env })
})
afterAll(async () => {
  await installation?.stop()
  await pcscd?.dispose()
})

test('card removed in mid-read through the real pcscd, as the clerk sees it', async () => {
  const { page } = await installation.openBrowser()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
  await clerk.answer(page, 'agency', 'Ủy ban nhân dân xã Thử Nghiệm')
  await clerk.saved(page)

  await page.keyboard.press('F4')
  const dialog = page.getByTestId('card-dialog')
  const chip = createSimulatedChip(nguyenThiMau, { faults: [{ type: 'removed-after', apdus: 12 }] })
  const first = await insertVpcdCard(chip, { port: pcscd.port })
  await clerk.tryCard(page, nguyenThiMau.personalNumber)
  await first.removed
  const { code, title, whatToDo } = cardFailureCatalogue['card-removed']
  const alert = dialog.getByRole('alert').filter({ hasText: code })
  await expect(alert).toContainText(title.vi, clerk.mayTakeLong)
  await expect(alert).toContainText(whatToDo.vi)
  expect(title.vi).toContain('Đặt lại thẻ và giữ yên')
  const agency = page.locator('[data-field="agency"] :is(input, textarea)').first()
  const requester = page.locator('[data-field="requesterName"] :is(input, textarea)').first()
  await expect(agency).toHaveValue('Ủy ban nhân dân xã Thử Nghiệm')
  await expect(requester).toHaveValue('')

  const again = await insertVpcdCard(createSimulatedChip(nguyenThiMau), { port: pcscd.port })
  await clerk.tryCard(page, nguyenThiMau.personalNumber)
  expect(await clerk.takeFromCard(page)).toContain('NGUYỄN THỊ MẪU')
  await expect(requester).toHaveValue('NGUYỄN THỊ MẪU')
  await expect(agency).toHaveValue('Ủy ban nhân dân xã Thử Nghiệm')
  await clerk.saved(page)
  await again.remove()
})
