/** axe over every screen of the main job. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibilityFindings } from '../fixtures/accessibility.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation.stop())

test('every screen of the way holds WCAG 2.2 AA, in light and dark', async () => {
  const { page } = await installation.openBrowser()
  const findings: Record<string, string[]> = {}
  const look = async (screen: string) => {
    findings[screen] = await accessibilityFindings(page)
  }
  await page.getByLabel('Họ và tên').waitFor(clerk.mayTakeLong)
  await look('first operator')
  await clerk.createOperator(page)
  await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
  await look('sign-in')
  await clerk.signIn(page)
  await look('home')
  await clerk.beginBirth(page)
  await clerk.next(page)
  await look('a step with mistakes')
  await page.locator('[data-field="requesterPaperType"] input').first().fill('cccd')
  await page.getByRole('option').first().waitFor(clerk.mayTakeLong)
  await look('a list while it is open')
  await page.keyboard.press('Escape')
  await page.locator('[data-field="requesterPaperType"] input').first().fill('')
  await page.locator('[data-field="requesterResidence"] input').first().fill('ngoc ha')
  await page.getByRole('option').first().waitFor(clerk.mayTakeLong)
  await look('places while they are typed')
  await page.keyboard.press('Escape')
  await page.locator('[data-field="requesterResidence"] input').first().fill('')
  await page.keyboard.press('F4')
  await look('card')
  await page.keyboard.press('Escape')
  await clerk.readCard(page)
  await clerk.fillToPapers(page)
  await look('papers')
  await clerk.addPaper(page, 'birthProof', { name: 'giay-chung-sinh.png', mimeType: 'image/png', buffer: noisePng(60, 40) })
  await clerk.next(page)
  await clerk.atPlace(page, 'review')
  await look('review')
  await clerk.consentAndFinish(page)
  await look('slip')
  await page.keyboard.press('F7')
  await look('outbox')
  expect(findings).toEqual(Object.fromEntries(Object.keys(findings).map((screen) => [screen, []])))
})
