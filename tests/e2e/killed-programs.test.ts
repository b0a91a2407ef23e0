/** kill -9 of each program of the way in turn: browser, station, gateway. What was on disk goes on, and arrives once. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  accepted,
  addPaperAndFinish,
  birthOf,
  continueDraft,
  goHome,
  largePaper,
  registerBirth,
  smallPaper,
} from '../fixtures/births.ts'
import type { RunningChromium } from '../fixtures/chromium.ts'
import * as clerk from '../fixtures/clerk.ts'
import { eventually } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
let browser: RunningChromium

beforeAll(async () => {
  installation = await startInstallation()
  browser = await installation.openBrowser()
  await clerk.createOperator(browser.page)
  await clerk.signIn(browser.page)
})
afterAll(() => installation?.stop())
beforeEach(() => goHome(browser.page))

/** One row, one official code, and the kiosk shows that code. */
async function acceptedOnce(page: Page, childName: string): Promise<void> {
  const { packets, codes } = await accepted(installation.folder, childName)
  expect(packets).toHaveLength(1)
  expect(codes).toHaveLength(1)
  const shown = page.getByTestId('official-code')
  await shown.waitFor(clerk.mayTakeLong)
  expect(await shown.textContent()).toBe(codes[0]?.code)
}

const input = (fieldId: string) => browser.page.locator(`[data-field="${fieldId}"] :is(input, textarea)`).first()

/** Whoever opens Trạm again starts its station, too: `npm start` ends with its window. */
async function openAgain(): Promise<void> {
  await installation.killStation()
  await installation.restartStation()
  browser = await installation.openBrowser()
  await clerk.signIn(browser.page)
}

test('kill -9 of the browser in mid-wizard loses nothing older than one second', async () => {
  const childName = 'Lò Thị Còn Mẫu'
  await clerk.beginBirth(browser.page)
  await clerk.fillToPapers(browser.page, birthOf(childName))
  await clerk.addPaper(browser.page, 'birthProof', smallPaper())
  await browser.page.keyboard.press('Alt+ArrowLeft')

  for (const [round, beforeKill] of [0, 300, 900].entries()) {
    await clerk.atPlace(browser.page, 'marriageAndCopies')
    const typed: { fieldId: string; was: string; value: string; at: number }[] = []
    for (const [fieldId, value] of [
      ['marriageNumber', `1${round}`],
      ['marriageBook', `0${round}/2022`],
      ['marriageAgency', `Ủy ban nhân dân xã Thử Nghiệm ${round}, tỉnh Minh Họa`],
    ] as const) {
      if (typed.length > 0) await pause(600)
      const was = await input(fieldId).inputValue()
      await input(fieldId).fill(value)
      typed.push({ fieldId, was, value, at: Date.now() })
    }
    await pause(beforeKill)
    const killedAt = Date.now()
    await browser.kill()

    await openAgain()
    await continueDraft(browser.page)
    await clerk.atPlace(browser.page, 'marriageAndCopies')
    const old = typed.filter(({ at }) => killedAt - at > 1_000)
    expect(old.length).toBeGreaterThan(0)
    for (const { fieldId, value } of old) expect(await input(fieldId).inputValue(), `${fieldId} in round ${round}`).toBe(value)
    for (const { fieldId, was, value } of typed) expect([was, value]).toContain(await input(fieldId).inputValue())
  }
  await clerk.next(browser.page)
  const paper = browser.page.getByTestId('paper-birthProof').getByTestId('attachment')
  await paper.waitFor(clerk.mayTakeLong)
  expect(await paper.textContent()).toContain(smallPaper().name)
  await clerk.next(browser.page)
  await clerk.consentAndFinish(browser.page)
  await acceptedOnce(browser.page, childName)
})

test('the station killed: a reload opens the locked screen and says why; drafts go on when it is back', async () => {
  const { page } = browser
  const childName = 'Lò Thị Chờ Mẫu'
  await clerk.beginBirth(page)
  await clerk.fillStep(page, 'requester', birthOf(childName))
  await clerk.next(page)
  await clerk.fillStep(page, 'child', birthOf(childName))
  await clerk.saved(page)
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)')

  await installation.killStation()
  const why = page.getByTestId('station-gone')
  await why.waitFor(clerk.mayTakeLong)
  await page.reload()
  await why.waitFor(clerk.mayTakeLong)
  expect(await why.textContent()).toContain(
    'Trang này không liên lạc được với chương trình Trạm. Bản nháp và hồ sơ chờ gửi còn nguyên',
  )
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Mở lại chương trình Trạm trên máy này')
  expect(await page.locator('body').textContent()).not.toContain(childName)

  await installation.restartStation()
  await clerk.signIn(page)
  await continueDraft(page)
  await clerk.atPlace(page, 'child')
  expect(await input('childName').inputValue()).toBe(childName)
  await clerk.next(page)
  for (const stepId of ['mother', 'father', 'marriageAndCopies']) {
    await clerk.fillStep(page, stepId, birthOf(childName))
    await clerk.next(page)
  }
  await clerk.atPlace(page, 'papers')
  await addPaperAndFinish(page, smallPaper())
  await acceptedOnce(page, childName)
})

test('the gateway killed -9 in mid-upload', async () => {
  const { page } = browser
  const childName = 'Lò Thị Bền Mẫu'
  let refused = 0
  let killed: Promise<void> | undefined
  // After a refusal the packet goes alone, and the paper behind it.
  installation.proxy.setFault(({ method, path }) => {
    if (method === 'POST' && path === '/v1/packets' && refused++ === 0)
      return { type: 'answer', status: 503, contentType: 'text/plain', body: '' }
    if (method === 'PATCH') killed ??= installation.killGateway()
    return undefined
  })
  await registerBirth(page, childName, largePaper())
  await eventually('the upload began', async () => killed !== undefined)
  await killed
  expect(await page.getByTestId('official-code').count()).toBe(0)
  await installation.restartGateway()
  await acceptedOnce(page, childName)
})
