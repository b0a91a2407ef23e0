/** A kiosk whose clock is ten years ahead, in the page and in the station: the gateway's time decides (RFC 7523 3, assertions of its minutes). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accepted, addPaperAndFinish, birthOf, smallPaper } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

const tenYears = 3653 * 86_400_000

/** Moves `Date` of one JavaScript realm, as a wrong system clock would. Timers and `performance` go on as they do. */
const falseClock = `{
  const Real = globalThis.Date
  globalThis.Date = class Date extends Real {
    constructor(...parts) { if (parts.length === 0) super(Real.now() + ${tenYears}); else super(...parts) }
    static now() { return Real.now() + ${tenYears} }
  }
}`

let installation: Installation
beforeAll(async () => {
  const program = `data:text/javascript,${encodeURIComponent(falseClock)}`
  installation = await startInstallation({ environment: { NODE_OPTIONS: `--import=${program}` } })
})
afterAll(() => installation?.stop())

test('a clock ten years off', async () => {
  const { page } = await installation.openBrowser('browser', { prepare: (page) => page.addInitScript(falseClock) })
  const year = await page.evaluate('new Date().getFullYear()')
  expect(year).toBeGreaterThan(new Date().getFullYear() + 8)
  await clerk.createOperator(page)
  await clerk.signIn(page)
  const childName = 'Lò Thị Giờ Mẫu'
  await clerk.beginBirth(page)
  for (const stepId of ['requester', 'child']) {
    await clerk.fillStep(page, stepId, birthOf(childName))
    await clerk.next(page)
  }
  // Ten years later the registration is late: a doubt, which the clerk answers.
  await page.getByRole('button', { name: 'Giữ nguyên' }).click(clerk.mayTakeLong)
  await clerk.next(page)
  for (const stepId of ['mother', 'father', 'marriageAndCopies']) {
    await clerk.fillStep(page, stepId, birthOf(childName))
    await clerk.next(page)
  }
  await addPaperAndFinish(page, smallPaper())

  const { packets, codes } = await accepted(installation.folder, childName)
  expect(packets).toHaveLength(1)
  expect(codes).toHaveLength(1)
  const shown = page.getByTestId('official-code')
  await shown.waitFor(clerk.mayTakeLong)
  expect(await shown.textContent()).toBe(codes[0]?.code)
  await page.getByTestId('status').click()
  const skew = await page.getByText(/^Đồng hồ của máy lệch \d+ phút so với máy chủ\. Hồ sơ vẫn gửi được\.$/).textContent()
  const minutes = Number(/\d+/.exec(skew ?? '')?.[0])
  expect(Math.abs(minutes - tenYears / 60_000)).toBeLessThan(5)
})
