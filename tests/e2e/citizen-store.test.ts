/**
 * Two stations of one gateway: what a citizen let be kept at the first is offered at the second, when her card is there and she says so; erased
 * at her word, it is gone. Real parts: two loopback stations, two browsers, chips that sign the gateway's nonce.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect as expectPage, type Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LoopbackProgram, startLoopbackProgram } from '../../electron/start/programs.ts'
import { tranVanThu } from '../../hardware/simulators/specimens.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { specimens } from '../../procedures/specimens.ts'
import { type RunningChromium, startChromium } from '../fixtures/chromium.ts'
import * as clerk from '../fixtures/clerk.ts'
import { freePort } from '../fixtures/free-port.ts'
import { eventually, readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
let other: LoopbackProgram | undefined
let otherBrowser: RunningChromium | undefined

beforeAll(async () => {
  const port = await freePort()
  installation = await startInstallation({ otherOrigins: [`http://127.0.0.1:${port}`] })
  const { folder, gateway, proxy } = installation
  other = await startLoopbackProgram({
    dataFolder: join(folder, 'other-station'),
    gatewayUrl: proxy.url,
    port,
    readers: 'simulated',
    documentScanners: [],
    enrolmentCode: await gateway.enrolmentCode({ pointName: 'Nhà văn hoá Thử', stationName: 'Máy 1', demo: true }),
    onLine: () => undefined,
  })
})
afterAll(async () => {
  await otherBrowser?.kill()
  await other?.stop()
  await installation?.stop()
})

const picture = async (page: Page, name: string): Promise<void> => {
  if (!process.env.TRAM_KEEP) return
  const size = page.viewportSize()
  await page.screenshot({ path: `${installation.folder}/${name}.png` })
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.screenshot({ path: `${installation.folder}/${name}-large.png` })
  await page.setViewportSize(size ?? { width: 1366, height: 768 })
}
const panel = (page: Page) => page.getByTestId('store-panel')

const found = specimens['1.003677-khai-bao-tam-vang/specimens/for-oneself.json']
const form = found && findProcedure(found.procedureCode, found.procedureVersion)
if (found === undefined || form === undefined) throw new Error('no such specimen')
const procedure = form
/** Said by nobody but himself: no chip holds it. */
const residence = 'Số 9, Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ'
// A choice that the chip has made is locked: nothing is to be clicked.
const typed = Object.entries(found.answers).filter(([id]) => id !== 'absenteeSex')
const answers = { ...Object.fromEntries(typed), absenteeCurrentResidence: residence }

const begin = async (page: Page) => {
  await page.getByLabel('Tìm thủ tục').fill(procedure.code)
  await page.getByRole('button', { name: /Làm hồ sơ mới/ }).click()
  await page.getByTestId('wizard').waitFor(clerk.mayTakeLong)
}
const [firstStep, ...laterSteps] = procedure.steps.map(({ id }) => id)

test('kept with consent at one station, fetched with the card at another, erased at a word', async () => {
  const { page } = await installation.openBrowser()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await begin(page)
  await clerk.readCard(page, tranVanThu)
  await panel(page).waitFor(clerk.mayTakeLong)
  await picture(page, 'store-asked')
  // Nothing is kept yet, and whoever says no goes on.
  await page.getByTestId('store-no').click()
  await expectPage(panel(page)).toHaveCount(0)
  for (const step of [firstStep ?? '', ...laterSteps]) {
    await clerk.fillStepOf(page, procedure, step, answers)
    // The form proposes the permanent one.
    const field = page.locator('[data-field="absenteeCurrentResidence"] :is(input, textarea)').first()
    if ((await field.count()) > 0) {
      await field.fill(residence)
      await page.keyboard.press('Escape')
    }
    await clerk.next(page)
  }
  if (procedure.papers.length > 0) {
    await clerk.atPlace(page, 'papers')
    await clerk.next(page)
  }
  await clerk.atPlace(page, 'review')
  const keep = page.locator('[data-field^="consent-keepFactsOf"]')
  await expectPage(keep).toHaveCount(1)
  await expectPage(keep.locator('input')).not.toBeChecked()
  await keep.scrollIntoViewIfNeeded()
  await picture(page, 'store-consent')
  await keep.locator('.tick').click()
  await clerk.consentAndFinish(page)
  await eventually('accepted at the gateway', async () =>
    (await readGateway(installation.folder)).packets.some(({ state }) => state === 'accepted'),
  )

  if (other === undefined) throw new Error('no second station')
  const profile = join(installation.folder, 'other-browser')
  mkdirSync(profile, { recursive: true })
  otherBrowser = await startChromium({ profile })
  const second = otherBrowser.page
  await second.goto(other.launchUrl)
  await clerk.createOperator(second)
  await clerk.signIn(second)
  await begin(second)
  const asked = async () => {
    await clerk.readCard(second, tranVanThu)
    await panel(second).waitFor(clerk.mayTakeLong)
    await second.getByTestId('store-yes').click()
    await expectPage(panel(second)).toHaveAttribute('data-state', 'fetched', { timeout: 10_000 })
    return (await panel(second).textContent()) ?? ''
  }
  expect(await asked()).toMatch(/có \d+ điều/)
  await picture(second, 'store-fetched')
  for (const [at, step] of procedure.steps.entries()) {
    if (step.fields.some(({ id }) => id === 'absenteeCurrentResidence')) break
    await clerk.fillStepOf(second, procedure, step.id, answers)
    await clerk.next(second)
    await clerk.atPlace(second, procedure.steps[at + 1]?.id ?? '')
  }
  const field = second.locator('[data-field="absenteeCurrentResidence"] :is(input, textarea)').first()
  expect(await field.inputValue()).not.toBe(residence)
  await expectPage(second.getByTestId('kept')).toContainText(residence)
  await picture(second, 'store-offered')
  await second.keyboard.press('Alt+1')
  await expectPage(field).toHaveValue(residence)
  await expectPage(second.getByTestId('source-absenteeCurrentResidence')).toContainText('kho của ông/bà')
  await picture(second, 'store-taken')

  await second.getByTestId('store-erase').click()
  await expectPage(panel(second)).toHaveAttribute('data-state', 'erased', { timeout: 10_000 })
  await picture(second, 'store-erased')
  expect(await asked()).toContain('chưa lưu gì')
})
