/** The specimen citizen's birth registration from the first PIN to the slip, by keys alone: no pointer ever touches the page. */
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation.stop())

const countPointers = `
  globalThis.pointersSeen = []
  for (const type of ['pointerdown', 'pointermove', 'mousedown', 'mousemove', 'touchstart', 'wheel'])
    addEventListener(type, () => pointersSeen.push(type), true)`

const isWithin = (page: Page, place: string): Promise<boolean> =>
  page.locator(place).evaluateAll((all) => all.some((each) => each.matches(':focus, :focus-within')))

/** Tab until the keyboard stands in the place. */
async function tabTo(page: Page, place: string): Promise<void> {
  for (let stops = 0; stops < 80; stops += 1) {
    if (await isWithin(page, place)) return
    await page.keyboard.press('Tab')
  }
  expect.fail(`Tab never came to ${place}`)
}

/** In a group of radios: the first by Space, the next ones by arrow. */
async function choose(page: Page, label: string): Promise<void> {
  await page.keyboard.press('Space')
  for (let options = 0; options < 12; options += 1) {
    const chosen = (await page.locator('label:focus-within').last().textContent()) ?? ''
    if (chosen.replace(/^[^\p{L}\p{N}]+/u, '').startsWith(label)) return
    await page.keyboard.press('ArrowDown')
  }
  expect.fail(`no arrow comes to ${label}`)
}

async function typeStep(page: Page, step: (typeof clerk.birth.steps)[number]): Promise<void> {
  await clerk.atPlace(page, step.id)
  for (const field of step.fields) {
    const value = clerk.typedAnswers[field.id]
    const place = `[data-field="${field.id}"]`
    if (value === undefined || field.type === 'date-in-words') continue
    const input = page.locator(`${place} :is(input, textarea)`).first()
    if (field.type !== 'choice' && (await input.inputValue()) !== '') continue
    await tabTo(page, place)
    if (field.type === 'choice') {
      await choose(page, field.options.find((option) => option.value === value)?.label.vi ?? value)
      continue
    }
    await page.keyboard.type(value)
    if (field.type === 'listed') await page.keyboard.press('Escape')
  }
  await clerk.next(page)
}

test('the birth of the specimen citizen’s child takes no mouse', async () => {
  const { page } = await installation.openBrowser('browser', {
    prepare: (opened) => opened.addInitScript({ content: countPointers }),
  })
  const type = (text: string) => page.keyboard.type(text)
  const press = (key: string) => page.keyboard.press(key)

  await page.getByLabel('Họ và tên').waitFor(clerk.mayTakeLong)
  await type(clerk.operator.name)
  await press('Tab')
  await type(clerk.operator.pin)
  await press('Tab')
  await type(clerk.operator.pin)
  await press('Enter')
  await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
  await type(clerk.operator.pin)
  const stretching = page.waitForEvent('worker')
  await press('Enter')
  expect((await stretching).url()).toMatch(/stretch-pin/)
  await page.getByRole('heading', { name: 'Làm thủ tục' }).waitFor(clerk.mayTakeLong)
  // The worker did it, not the page in its place.
  expect(await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))).not.toContainEqual(
    expect.stringMatching(/pin-stretch/),
  )
  await type(clerk.birth.code)
  await press('Enter')
  await clerk.atPlace(page, 'requester')

  // To the help and back, round the regions and back: each time to where the keyboard was.
  await tabTo(page, '[data-field="requesterName"]')
  await press('F1')
  expect(await isWithin(page, '.help')).toBe(true)
  await press('F1')
  expect(await isWithin(page, '[data-field="requesterName"]')).toBe(true)
  for (const key of ['F6', 'Shift+F6']) await press(key)
  expect(await isWithin(page, '[data-field="requesterName"]')).toBe(true)

  await press('F4')
  await page.getByTestId('card-dialog').waitFor(clerk.mayTakeLong)
  await tabTo(page, '[data-testid="card-dialog"] input')
  await type(nguyenThiMau.personalNumber)
  await press('Enter')
  await page.getByTestId('same-person').waitFor(clerk.mayTakeLong)
  await tabTo(page, '[data-testid="same-person"] label')
  await choose(page, 'Đúng người này')
  await press('Enter')
  if (await page.getByTestId('card-dialog').isVisible()) {
    await tabTo(page, '[data-testid="card-dialog"] button[type="submit"], [data-testid="card-dialog"] button.primary')
    await press('Enter')
  }
  await page.getByTestId('card-dialog').waitFor({ state: 'hidden' })

  for (const step of clerk.birth.steps) await typeStep(page, step)
  await clerk.atPlace(page, 'papers')
  const picker = '[data-testid="paper-birthProof"] button:not([data-testid])'
  // Asked for before the key: the browser is told to hand the dialog over in its own time.
  const choosing = page.waitForEvent('filechooser')
  await tabTo(page, picker)
  await press('Enter')
  await (await choosing).setFiles({ name: 'giay-chung-sinh.png', mimeType: 'image/png', buffer: noisePng(300, 240) })
  await page.getByTestId('paper-birthProof').getByTestId('attachment').waitFor(clerk.mayTakeLong)
  await clerk.next(page)

  await clerk.atPlace(page, 'review')
  for (const consent of clerk.birth.consents.filter((each) => each.required)) {
    await tabTo(page, `[data-field="consent-${consent.id}"]`)
    await press('Space')
  }
  await clerk.next(page)
  await page.getByTestId('slip').waitFor(clerk.mayTakeLong)
  expect(await page.evaluate('pointersSeen')).toEqual([])
})
