/**
 * `npm start -- --tour`: the main job by itself in a real browser, with the network cut and the browser killed on the way. Prints a line
 * for each step with its evidence, leaves pictures and the slip in `tour/`, and ends with 0 only if the gateway holds exactly one
 * accepted dossier equal to what was entered.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Page } from '@playwright/test'
import { hasDisplay } from '../../electron/start/system-packages.ts'
import * as clerk from '../fixtures/clerk.ts'
import { eventually, readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePdf } from '../fixtures/papers.ts'

const output = 'tour'
rmSync(output, { recursive: true, force: true })
mkdirSync(output, { recursive: true })

let number = 0
const started = performance.now()
function tell(step: string, evidence: string) {
  number += 1
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5)
  console.log(`${String(number).padStart(2)}. [${seconds} s] ${step}: ${evidence}`)
}

function must(holds: boolean, what: string) {
  if (!holds) throw new Error(`not so: ${what}`)
}

const picture = async (page: Page, name: string) => {
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: `${output}/${name}.png` })
}

const uploadBytes = 2_430_000
const cutAfterBytes = 150_000

async function tour(installation: Installation) {
  const { proxy } = installation
  const options = { headless: !hasDisplay() }
  let browser = await installation.openBrowser('browser', options)
  let { page } = browser
  tell('Kiosk open', `${await page.title()}, enrolled with the gateway; point and station are on the screen`)

  await clerk.createOperator(page)
  await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
  await picture(page, '01-sign-in')
  proxy.setDown(true)
  await clerk.signIn(page)
  await picture(page, '02-home')
  tell('Network cut, clerk signs in', 'PIN accepted with the gateway out of reach')

  await clerk.beginBirth(page)
  await page.keyboard.press('F4')
  await page.getByTestId('card-dialog').waitFor()
  await picture(page, '03-card')
  await page.keyboard.press('Escape')
  const person = await clerk.readCard(page)
  tell('Card read', `the chip says ${person}`)
  await clerk.fillStep(page, 'requester')
  await clerk.saved(page)
  await picture(page, '04-wizard')
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await picture(page, '05-wizard-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await clerk.next(page)
  await clerk.fillStep(page, 'child')
  await clerk.saved(page)
  await page.waitForTimeout(1_000)
  const before = await valuesOf(page)

  await browser.kill()
  await installation.killStation()
  await installation.restartStation()
  browser = await installation.openBrowser('browser', options)
  page = browser.page
  await clerk.signIn(page)
  await page.getByRole('button', { name: /Làm tiếp/ }).click()
  await clerk.atPlace(page, 'child')
  const after = await valuesOf(page)
  must(isDeepStrictEqual(after, before), 'every answer older than a second survived kill -9')
  await picture(page, '06-after-kill')
  tell(
    'Browser and station killed (SIGKILL) and opened again',
    `${Object.keys(after).length} of ${Object.keys(before).length} answers of this step on disk`,
  )

  await clerk.next(page)
  for (const step of ['mother', 'father', 'marriageAndCopies']) {
    await clerk.fillStep(page, step)
    if (step === 'mother') await picture(page, '07-mother')
    await clerk.next(page)
  }
  await clerk.atPlace(page, 'papers')
  const paper = noisePdf(uploadBytes)
  await clerk.addPaper(page, 'birthProof', { name: 'giay-chung-sinh.pdf', mimeType: 'application/pdf', buffer: paper })
  await clerk.saved(page)
  await picture(page, '08-papers')
  tell('Paper added', `giay-chung-sinh.pdf, ${paper.length} bytes, encrypted on this machine`)

  await clerk.next(page)
  await clerk.atPlace(page, 'review')
  const entered = await clerk.reviewed(page)
  await picture(page, '09-review')
  await clerk.consentAndFinish(page)
  const slip = page.getByTestId('slip')
  must(((await slip.textContent()) ?? '').includes('CHƯA ĐƯỢC'), 'the slip says the agency has not accepted it')
  const slipCode = (await page.getByTestId('slip-code').textContent())?.trim() ?? ''
  await savePdf(page, 'phieu-ho-tro.pdf')
  await picture(page, '10-slip-queued')
  must((await readGateway(installation.folder)).packets.length === 0, 'the gateway holds nothing yet')
  tell(
    'Finished without network',
    `slip ${slipCode}, queued here; the gateway holds 0 dossiers; slip printed to tour/phieu-ho-tro.pdf`,
  )

  await page.keyboard.press('Control+l')
  await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
  let cuts = 0
  proxy.setFault(({ method }) => {
    if (method !== 'PATCH' || cuts > 0) return undefined
    cuts += 1
    return { type: 'cut-body-after', bytes: cutAfterBytes }
  })
  proxy.setDown(false)
  const patches = () => proxy.exchanges.filter(({ method }) => method === 'PATCH')
  await eventually('an upload cut in its middle', async () => (patches()[0]?.bodyBytes ?? 0) >= cutAfterBytes)
  // what was let through reaches the gateway, and the cut connection ends, before the whole network goes
  await page.waitForTimeout(500)
  proxy.setDown(true)
  const first = patches()[0]
  tell('Network back, kiosk locked, cut again in mid-upload', `${first?.bodyBytes} bytes of ${paper.length} had gone through`)

  proxy.setDown(false)
  const records = await eventually(
    'accepted at the gateway',
    async () => {
      const now = await readGateway(installation.folder)
      return now.packets.some(({ state }) => state === 'accepted') && now
    },
    120_000,
  )
  // Chromium repeats by itself a request whose connection broke; the gateway refuses what does not fit its offset (409)
  const taken = patches().filter(({ status }) => status === 204)
  const resumedAt = Number(taken[0]?.offset ?? 0)
  must(resumedAt > 0, 'the upload went on where it stopped, not from the start')
  must(resumedAt <= (first?.bodyBytes ?? 0), 'the upload did not skip a byte')
  tell('Network back', `upload went on at byte ${resumedAt}; nobody was signed in`)

  must(records.packets.length === 1 && records.minted.length === 1, 'exactly one dossier, one official code')
  const [packet] = records.packets
  const held = Object.fromEntries(Object.entries(packet?.dossier?.answers ?? {}).map(([id, { value }]) => [id, value]))
  must(isDeepStrictEqual(held, entered), 'the dossier at the gateway equals what was entered')
  must(packet?.dossier?.slipCode === slipCode, 'the slip code is that of the dossier')
  must(packet?.training === true, 'made from a specimen card, it is for training')
  tell(
    'Gateway',
    `1 dossier, accepted (simulated agency), ${Object.keys(held).length} of ${Object.keys(entered).length} answers equal, code ${records.minted[0]?.code}`,
  )

  await clerk.signIn(page)
  await page.keyboard.press('F7')
  await page.locator('[data-testid="outbox-entry"][data-state="accepted"]').waitFor(clerk.mayTakeLong)
  await picture(page, '11-outbox')
  await page.getByRole('button', { name: /Xem phiếu/ }).click()
  const official = (await page.getByTestId('official-code').textContent(clerk.mayTakeLong))?.trim()
  must(official === records.minted[0]?.code, 'the kiosk shows the official code')
  await savePdf(page, 'thong-tin-ho-so.pdf')
  await picture(page, '12-slip-accepted')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await picture(page, '13-slip-accepted-1920')
  tell('Kiosk', `shows ${official}, marked as simulated; pictures in ${output}/`)
}

/** The values typed or filled in the step on the screen, by field. */
async function valuesOf(page: Page): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const field of await page.locator('[data-field]').all()) {
    const id = (await field.getAttribute('data-field')) ?? ''
    const chosen = field.locator('input[type="radio"]:checked')
    const input = field.locator('input:not([type="radio"]), .locked textarea')
    if ((await chosen.count()) > 0) values[id] = await chosen.first().inputValue()
    else if ((await input.count()) > 0) values[id] = await input.first().inputValue()
  }
  return values
}

/** As the clerk prints: the link gives the document. */
async function savePdf(page: Page, name: string) {
  const link = page.getByTestId('slip-pdf')
  await link.waitFor(clerk.mayTakeLong)
  const [download] = await Promise.all([page.waitForEvent('download', clerk.mayTakeLong), link.click()])
  await download.saveAs(`${output}/${name}`)
  must(readFileSync(`${output}/${name}`).subarray(0, 5).toString() === '%PDF-', `${name} is a PDF`)
}

const installation = await startInstallation()
let code = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void installation.stop().finally(() => process.exit(1)))
try {
  await tour(installation)
  console.log('The gateway holds exactly one accepted dossier, equal to what was entered.')
} catch (error) {
  code = 1
  console.error(error instanceof Error ? error.message : error)
} finally {
  await installation.stop()
}
process.exit(code)
