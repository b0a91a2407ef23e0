/** The second dossier of a family in one visit: what is known is offered with its origin, taken only when asked, forgotten when new people come. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation.stop())

const picture = async (page: Parameters<typeof clerk.next>[0], name: string): Promise<void> => {
  if (process.env.TRAM_KEEP) await page.screenshot({ path: `${installation.folder}/${name}.png` })
}

test('the mother’s second dossier takes over what her first one said; new people are offered nothing', async () => {
  const { page } = await installation.openBrowser()
  const written = (fieldId: string): Promise<string> =>
    page.locator(`[data-field="${fieldId}"] :is(input, textarea)`).first().inputValue()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
  expect(await page.getByTestId('reuse').count()).toBe(0)
  await clerk.readCard(page)
  await clerk.fillToPapers(page)
  await clerk.saved(page)
  await page.locator('.top-mark').click()

  await page.getByTestId('visit').waitFor(clerk.mayTakeLong)
  await picture(page, 'reuse-home')
  await clerk.beginBirth(page)
  const offers = page.getByTestId('reuse')
  await offers.first().waitFor(clerk.mayTakeLong)
  expect(await offers.first().textContent()).toContain('NGUYỄN THỊ MẪU')
  expect(await written('requesterName')).toBe('')
  await picture(page, 'reuse-requester')
  await page.keyboard.press('Alt+1')
  await expect.poll(() => written('requesterName')).toBe('NGUYỄN THỊ MẪU')
  expect(await page.getByTestId('source-requesterName').textContent()).toContain('từ chip')
  // The chip and what was typed of the mother differ in two values: both stand there, and neither was taken.
  expect(await written('requesterPaperType')).toBe('')
  await picture(page, 'reuse-differs')
  for (const value of ['Thẻ căn cước công dân', 'Cục Cảnh sát quản lý hành chính về trật tự xã hội']) {
    await offers.first().locator('label.choice', { hasText: value }).first().click()
  }
  await page.keyboard.press('Alt+1')
  await expect.poll(() => written('requesterPaperType')).toBe('Thẻ căn cước công dân')
  await expect.poll(() => offers.allTextContents()).toEqual([expect.stringContaining('như hồ sơ trước')])
  await page.keyboard.press('Alt+1')
  await expect.poll(() => written('agency')).toBe(clerk.typedAnswers.agency)
  await picture(page, 'reuse-taken')

  // A place of before that was divided: each of its successors is a choice, and the older name stays beside the new.
  const residence = page.locator('[data-field="requesterResidence"] :is(input, textarea)').first()
  // What the chip said in the first dossier is no less locked in the second.
  await page.getByTestId('unlock-requesterResidence').click()
  await residence.fill('Số 1, ngoc ha ba din')
  // The look-up may still be loading; a list opens on what is typed.
  const offered = async (): Promise<number> => {
    await page.keyboard.type('h')
    const count = await page.getByRole('option').count()
    if (count === 0) await page.keyboard.press('Backspace')
    return count
  }
  await expect.poll(offered, clerk.mayTakeLong).toBeGreaterThanOrEqual(2)
  await picture(page, 'place-choices')
  const marked = page.locator('[role="option"][aria-selected="true"]')
  const markNext = async () => {
    await page.keyboard.press('ArrowDown')
    return marked.count()
  }
  await expect.poll(markNext, clerk.mayTakeLong).toBe(1)
  await page.keyboard.press('Enter')
  await expect.poll(() => written('requesterResidence')).toBe('Số 1, phường Ba Đình, thành phố Hà Nội')
  expect(await page.getByTestId('former-requesterResidence').textContent()).toContain('Phường Ngọc Hà, Quận Ba Đình')
  expect(await page.getByTestId('source-requesterResidence').textContent()).toContain('thay giá trị từ chip')

  await clerk.saved(page)
  await page.keyboard.press('F2')
  await clerk.beginBirth(page)
  expect(await page.getByTestId('reuse').count()).toBe(0)

  // In a closed list the likeliest line is marked while a name is typed, and Enter takes it.
  await page.locator('[data-field="requesterPaperType"] :is(input, textarea)').first().focus()
  await page.keyboard.type('cccd')
  await page.locator('[role="option"][aria-selected="true"]').waitFor(clerk.mayTakeLong)
  await picture(page, 'list-marked')
  await page.keyboard.press('Enter')
  await expect.poll(() => written('requesterPaperType')).toBe('Thẻ căn cước công dân')
})
