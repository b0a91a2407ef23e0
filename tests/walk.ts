/**
 * `npm run walk -- FOLDER... [--only NAME] [--pictures OUTPUT]`: works the specimen dossiers of these folders of procedures in a real kiosk, as a
 * clerk does: the documents come from the gateway, each field is typed, each paper added, each consent given, and the agency's code comes back.
 * Says of each the code, or where it was held, and ends with 1 if one was, or if there was none. With `--pictures` every page is a picture.
 */
import './fixtures/system-packages.ts'
import { mkdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { expect, type Page } from '@playwright/test'
import type { Procedure } from '../contracts/procedure.ts'
import { catalogueWith, readSpecimens } from '../procedures/authoring/read-folders.ts'
import { askedPapers, todayInVietnam } from '../procedures/rules/index.ts'
import { SpecimenDossier } from '../procedures/specimens.ts'
import { typedAnswers } from '../procedures/typed-answers.ts'
import * as clerk from './fixtures/clerk.ts'
import { startInstallation } from './fixtures/kiosk.ts'
import { noisePng } from './fixtures/papers.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', default: '' }, pictures: { type: 'string' } },
})
const folders = positionals.map((folder) => resolve(folder))
if (folders.length === 0) {
  console.error('npm run walk -- FOLDER... [--only NAME] [--pictures OUTPUT]')
  process.exit(2)
}
const { only, pictures } = options
if (pictures !== undefined) mkdirSync(pictures, { recursive: true })
const catalogue = catalogueWith(folders.join(delimiter))
const today = todayInVietnam(new Date())
const named = (path: string): string =>
  path
    .replace(/\/?specimens\//, '-')
    .replace(/^.*\/(?=[^/]+$)/, '')
    .replace('.json', '')

const walk = async (page: Page, procedure: Procedure, specimen: SpecimenDossier, name: string): Promise<string> => {
  const picture = async (place: string): Promise<void> => {
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}-${place}.png`) })
  }
  await page.getByLabel('Tìm thủ tục').fill(procedure.code)
  await picture('search')
  await page
    .getByRole('button', { name: /Làm hồ sơ mới/ })
    .first()
    .click()
  for (const step of procedure.steps) {
    await clerk.fillStepOf(page, procedure, step.id, specimen.answers)
    await picture(step.id)
    await clerk.next(page)
    // A doubt holds once.
    if (await page.locator(`[data-testid="wizard"][data-place="${step.id}"]`).isVisible()) await clerk.next(page)
  }
  if (askedPapers(procedure, typedAnswers(specimen.answers), { today }).length > 0) {
    await clerk.atPlace(page, 'papers')
    for (const paperId of specimen.papers)
      await clerk.addPaper(page, paperId, { name: `${paperId}.png`, mimeType: 'image/png', buffer: noisePng(200, 200) })
    await picture('papers')
    await clerk.next(page)
  }
  await clerk.atPlace(page, 'review')
  for (const [id, given] of Object.entries(specimen.consents))
    if (given) await page.locator(`[data-field="consent-${id}"] .tick`).click()
  await picture('review')
  await page.getByTestId('next').click()
  const slip = page.getByTestId('slip-page')
  const again = page.getByRole('button', { name: 'Vẫn nộp' })
  await expect(slip.or(again)).toBeVisible(clerk.mayTakeLong)
  // Two specimens of one person on one day are doubles to the kiosk.
  if (await again.isVisible()) {
    await page.getByLabel('Vì sao vẫn nộp thêm hồ sơ này').fill('Hồ sơ mẫu khác')
    await again.click()
  }
  await expect(slip).toBeVisible(clerk.mayTakeLong)
  await picture('slip')
  await page.keyboard.press('F7')
  const entry = page.getByTestId('outbox-entry').first()
  await expect(entry).toContainText(procedure.name.vi)
  await expect(entry).toHaveAttribute('data-state', 'accepted', { timeout: 60_000 })
  return /Mã hồ sơ \S+/.exec((await entry.textContent()) ?? '')?.[0] ?? ''
}

const installation = await startInstallation({ procedures: folders.join(delimiter) })
let failed = false
let walked = 0
try {
  const { page } = await installation.openBrowser()
  await page.setViewportSize({ width: 1366, height: 768 })
  page.setDefaultTimeout(20_000)
  await clerk.createOperator(page)
  await clerk.signIn(page)
  for (const [path, json] of folders.flatMap(readSpecimens)) {
    const name = named(path)
    const specimen = SpecimenDossier.parse(json)
    const procedure = catalogue.inForce(specimen.procedureCode, today)
    if (!name.includes(only) || procedure === undefined) continue
    if (procedure.version !== specimen.procedureVersion) {
      console.log(`-      ${name}: another version of ${procedure.code} is in force today`)
      continue
    }
    walked += 1
    try {
      console.log(`ok     ${name}: ${await walk(page, procedure, specimen, name)}`)
    } catch (cause) {
      failed = true
      console.log(`FAILED ${name}: ${cause instanceof Error ? cause.message : String(cause)}`)
      await page.screenshot({ path: join(pictures ?? installation.folder, `${name}-failed.png`) })
    }
    await page.goto(installation.kioskUrl)
    await clerk.signIn(page)
    await page.keyboard.press('F2')
  }
} finally {
  await installation.stop()
}
if (walked === 0) console.error('No specimen of a procedure that is in force today lies in these folders.')
process.exit(failed || walked === 0 ? 1 : 0)
