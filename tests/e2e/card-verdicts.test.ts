/** What the clerk sees of each verdict and of each thing found: faults of the specimens' chips, as a training station plays them. */
import { expect, type Page } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import { type Specimen, specimens } from '../../hardware/simulators/specimens.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

const environment: Record<string, string> = { TRAM_SIMULATED_FAULTS: '-,signed-by:unknown-authority,expired-card' }
let installation: Installation
let page: Page
let pictures = 0

const begin = async (profile: string): Promise<void> => {
  page = (await installation.openBrowser(profile)).page
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
}
beforeAll(async () => {
  installation = await startInstallation({ environment })
  await begin('first')
})
afterAll(() => installation?.stop())

const restartWith = async (faults: string, profile: string): Promise<void> => {
  await installation.killStation()
  environment.TRAM_SIMULATED_FAULTS = faults
  await installation.restartStation()
  await begin(profile)
}

const dialog = () => page.getByTestId('card-dialog')
const fill = () => dialog().getByRole('button', { name: /Điền vào hồ sơ/ })

const read = async (specimen: number): Promise<void> => {
  const { personalNumber } = specimens[specimen] ?? ({} as Specimen)
  await page.keyboard.press('F4')
  await clerk.tryCard(page, personalNumber)
  await expect(dialog().getByTestId('card-person')).toBeVisible(clerk.mayTakeLong)
}

const close = async (): Promise<void> => {
  pictures += 1
  if (process.env.TRAM_KEEP) await page.screenshot({ path: `${installation.folder}/verdict-${pictures}.png` })
  await page.keyboard.press('Escape')
  await expect(dialog()).toBeHidden()
}

const verdict = (type: string) => expect(dialog().locator(`[data-testid=card-verdict][data-verdict=${type}]`)).toBeVisible()

test('genuine; the authority unknown; expired, with a photo in JPEG 2000', async () => {
  await read(0)
  await verdict('genuine')
  await expect(dialog().getByTestId('card-verdict')).toContainText('Chip gốc, không phải bản sao.')
  await expect(dialog().getByTestId('card-photo')).toBeVisible()
  await close()

  await read(1)
  await verdict('genuine-ca-unknown')
  await expect(dialog().getByTestId('card-verdict')).not.toContainText('Chip gốc')
  await expect(fill()).toBeVisible()
  await close()

  await read(2)
  await verdict('genuine')
  await expect(dialog().getByTestId('card-expired')).toContainText('14/05/2024')
  const photo = dialog().locator('canvas[data-testid=card-photo]')
  await expect(photo).toBeVisible(clerk.mayTakeLong)
  const drawn = 'document.querySelector("canvas[data-testid=card-photo]").getContext("2d").getImageData(200, 250, 1, 1).data[3]'
  expect(await page.evaluate(drawn)).toBe(255)
  await close()
})

test('not genuine and two persons: nothing can be filled; not checked, and without DG13, it can', async () => {
  await restartWith('changed-group,signed-by:nobody+no-dg13,two-persons', 'second')
  await read(0)
  await verdict('not-genuine')
  await expect(dialog().getByRole('alert')).toContainText(cardFailureCatalogue['not-genuine'].code)
  await expect(fill()).toBeHidden()
  await close()

  await read(1)
  await verdict('not-checked')
  await expect(dialog().getByTestId('card-missing')).toBeVisible()
  await expect(dialog().getByTestId('card-person')).toContainText('TRAN VAN THU')
  await expect(fill()).toBeVisible()
  await close()

  await read(2)
  await expect(dialog().getByTestId('card-two-persons')).toContainText('Họ tên')
  await expect(dialog().getByTestId('card-verdict')).toBeHidden()
  await expect(dialog().getByRole('alert')).toContainText(cardFailureCatalogue['two-persons'].title.vi)
  await expect(fill()).toBeHidden()
  await close()
})
