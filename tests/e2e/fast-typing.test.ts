/**
 * Letters that come faster than a slow machine's page can follow: none is lost, none turned round, in any kind of control; what is taken from
 * a list is what the newest letters say; what is on the disk afterwards is what stood there. And a letter draws its own field alone.
 */
import type { CDPSession, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { z } from 'zod'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
let page: Page
let cdp: CDPSession

/** React tells its developer tools of every drawing: what ran is remembered, by the field it was given or stands in; '' is the page itself. */
const watchDrawing = `
  globalThis.drawn = []
  const walk = (fiber, field) => {
    for (let at = fiber; at !== null; at = at.sibling) {
      const here = at.memoizedProps?.field?.id ?? field
      const isComponent = at.tag === 0 || at.tag === 11 || at.tag === 15
      if (isComponent && (at.flags & 1) === 1) drawn.push(here)
      if (at.alternate === null || at.child !== at.alternate.child) walk(at.child, here)
    }
  }
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    renderers: new Map(), supportsFiber: true, checkDCE() {}, inject: () => 1,
    onCommitFiberRoot: (_, root) => walk(root.current.child, ''),
    onCommitFiberUnmount() {}, onPostCommitFiberRoot() {},
  }`

beforeAll(async () => {
  installation = await startInstallation()
  const browser = await installation.openBrowser('browser', {
    prepare: (opened) => opened.addInitScript({ content: watchDrawing }),
  })
  page = browser.page
  cdp = await browser.context.newCDPSession(page)
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
})
afterAll(() => installation?.stop())

const inputOf = (fieldId: string) => page.locator(`[data-field="${fieldId}"] input`).first()

/** As an input program without a window of its own does it: the letter is taken back and typed again with its mark. */
async function takeBack(letters: string, instead: string): Promise<void> {
  await page.keyboard.type(letters)
  for (const _ of letters) await page.keyboard.press('Backspace')
  await page.keyboard.insertText(instead)
}

/** As an input program does it that composes: the word under way is the program's until it is done. */
async function compose(stages: readonly string[], done: string): Promise<void> {
  for (const text of stages)
    await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  await cdp.send('Input.insertText', { text: done })
}

test('letters typed faster than the page follows all stand there, in order, and are on the disk', async () => {
  const typed = {
    agency: 'Uy ban nhan dan xa Thu Nghiem, tinh Minh Hoa',
    requesterName: 'NGUYEN THI ANH MAU THU BA',
    requesterBirthDate: '03/09/1996',
    requesterPersonalNumber: '000196000127',
    requesterPaperIssuer: 'Co quan chua co trong danh sach',
    requesterResidence: 'Ban Mau, xa Thu Nghiem, tinh Minh Hoa',
  }
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  // Enter takes what the letters before it say, however far the list is behind.
  await inputOf('requesterPaperType').focus()
  await page.keyboard.type('cccd')
  await page.keyboard.press('Enter')
  expect(await inputOf('requesterPaperType').inputValue()).toBe('Thẻ căn cước công dân')
  for (const [fieldId, text] of Object.entries(typed)) {
    await inputOf(fieldId).focus()
    await page.keyboard.type(text)
    expect(await inputOf(fieldId).inputValue()).toBe(text)
  }
  await inputOf('requesterRelation').focus()
  await page.keyboard.type('Me')
  await page.keyboard.press('Home')
  await page.keyboard.type('xx')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  expect(await inputOf('requesterRelation').inputValue()).toBe('Me')
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await clerk.saved(page)
  const stands = await Promise.all(Object.keys(typed).map((fieldId) => inputOf(fieldId).inputValue()))
  expect(stands).toEqual(Object.values(typed))

  await page.reload()
  await clerk.signIn(page)
  if (await page.getByTestId('wizard').isHidden()) await page.getByTestId('draft').getByRole('button').first().click()
  await clerk.atPlace(page, 'requester')
  for (const [fieldId, text] of Object.entries({
    ...typed,
    requesterPaperType: 'Thẻ căn cước công dân',
    requesterRelation: 'Me',
  }))
    await expect(inputOf(fieldId)).toHaveValue(text)
})

test.each(['requesterName', 'requesterResidence', 'requesterPaperIssuer'])(
  'Vietnamese input programs find in %s what they left there',
  async (fieldId) => {
    await inputOf(fieldId).fill('')
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 })
    await inputOf(fieldId).focus()
    await takeBack('aan', 'ân')
    await page.keyboard.type(' ')
    await compose(['v', 'vi', 'vie', 'viê', 'việ', 'việt'], 'việt')
    await page.keyboard.type(' ')
    await takeBack('dd', 'đ')
    await page.keyboard.type('en')
    expect(await inputOf(fieldId).inputValue()).toBe('ân việt đen')
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await clerk.saved(page)
    expect(await inputOf(fieldId).inputValue()).toBe('ân việt đen')
  },
)

test('the list is worked by keys alone: down, up, Escape, Tab; while a word is composed its keys are the program’s', async () => {
  const control = inputOf('requesterPaperType')
  const marked = page.locator('[role="option"][aria-selected="true"]')
  await control.fill('')
  await page.keyboard.press('ArrowDown')
  await expect(control).toHaveAttribute('aria-expanded', 'true')
  const lines = await page.getByRole('option').allTextContents()
  await expect(marked).toHaveText(lines[0] ?? '')
  await expect(control).toHaveAttribute('aria-activedescendant', (await marked.getAttribute('id')) ?? '')
  await page.keyboard.press('ArrowUp')
  await expect(marked).toHaveText(lines.at(-1) ?? '')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(marked).toHaveText(lines[1] ?? '')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox')).toHaveCount(0)
  await expect(control).toBeFocused()
  await page.keyboard.type('can cuoc')
  const first = await marked.textContent()
  await page.keyboard.press('Tab')
  await expect(control).toHaveValue(first ?? '')
  await expect(control).not.toBeFocused()

  await control.fill('')
  await compose(['c', 'ch'], 'hộ chiếu')
  await expect(control).toHaveAttribute('aria-expanded', 'true')
  // The list is in view and reads well where it stands, at the foot of the page too.
  await page.getByRole('option').first().click()
  await expect(control).toBeFocused()
  await expect(page.getByRole('listbox')).toHaveCount(0)
})

test('a letter draws its own field and no other', async () => {
  for (const fieldId of ['requesterName', 'requesterBirthDate', 'requesterResidence', 'requesterRelation']) {
    await inputOf(fieldId).focus()
    await clerk.saved(page)
    await page.evaluate('drawn.length = 0')
    await page.keyboard.press('7')
    await clerk.saved(page)
    const drawn = z.array(z.string()).parse(await page.evaluate('drawn'))
    expect(drawn).toContain(fieldId)
    expect(new Set(drawn.filter((each) => each !== '' && each !== fieldId))).toEqual(new Set())
    await page.keyboard.press('Backspace')
  }
})

test('a list lies over what comes next only while it is worked with: Tab, Escape, a press beside it and a line typed in full close it', async () => {
  const control = inputOf('requesterPaperType')
  const list = page.getByRole('listbox')
  const isFree = (fieldId: string): Promise<boolean> =>
    inputOf(fieldId).evaluate((input) => {
      const { left, top, width, height } = input.getBoundingClientRect()
      return input.ownerDocument.elementFromPoint(left + width / 2, top + height / 2) === input
    })
  const open = async (letters: string): Promise<void> => {
    await control.fill('')
    await page.keyboard.type(letters)
    await expect(list).toBeVisible()
    expect(await isFree('requesterPaperType')).toBe(true)
  }
  await open('c')
  await page.keyboard.press('Escape')
  await expect(list).toHaveCount(0)
  await expect(control).toHaveValue('c')
  await open('cccd')
  await page.keyboard.press('Tab')
  await expect(list).toHaveCount(0)
  const next = await page.evaluate('document.activeElement.closest("[data-field]").dataset.field')
  expect(await isFree(String(next))).toBe(true)
  await open('ho')
  await page.getByRole('heading', { level: 1 }).click()
  await expect(list).toHaveCount(0)
  await open('thẻ căn cước công dâ')
  await page.keyboard.type('n')
  await page.keyboard.press('Tab')
  await expect(control).toHaveValue('Thẻ căn cước công dân')
})
