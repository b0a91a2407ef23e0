/** A procedure that somebody wrote after the kiosk was installed: it comes with the next synchronisation, and is worked on without network. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { afterAll, beforeAll, test } from 'vitest'
import { z } from 'zod'
import { catalogueWith } from '../../procedures/authoring/read-folders.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'

const written = join(import.meta.dirname, '../fixtures/9.001612-ho-kinh-doanh')
const specimen = z
  .object({
    procedureCode: z.string(),
    procedureVersion: z.string(),
    answers: z.record(z.string(), z.string()),
    papers: z.array(z.string()),
  })
  .parse(JSON.parse(readFileSync(join(written, 'specimens/group.json'), 'utf8')))
const name = 'Đăng ký thành lập hộ kinh doanh'
const longestSynchronisation = { timeout: 60_000 }

let installation: Installation
const procedures = mkdtempSync(join(tmpdir(), 'tram-procedures-'))

beforeAll(async () => {
  installation = await startInstallation({ procedures })
})
afterAll(() => installation?.stop())

test('a kiosk gets a new procedure with the next synchronisation, and has it while there is no network', async () => {
  const fetched = new Set<string>()
  const { page } = await installation.openBrowser('browser', {
    prepare: async (before) =>
      before.on('request', (request) => {
        const [, sha256] = /\/v1\/catalogue\/(\w+)$/.exec(request.url()) ?? []
        if (sha256 !== undefined) fetched.add(sha256)
      }),
  })
  await clerk.createOperator(page)
  await clerk.signIn(page)
  const search = page.getByLabel('Tìm thủ tục')
  await search.fill(specimen.procedureCode)
  await expect(page.getByRole('status').filter({ hasText: 'Không có thủ tục nào khớp' })).toBeVisible()

  // What gateway and build have in common is not sent.
  await expect.poll(() => fetched.size).toBe(1)

  await installation.killGateway()
  cpSync(written, join(procedures, '9.001612-ho-kinh-doanh'), { recursive: true })
  await installation.restartGateway()
  await expect(page.getByRole('heading', { name })).toBeVisible(longestSynchronisation)
  expect(fetched.size).toBe(3)

  // Gone with the gateway are neither it nor what is begun with it.
  await installation.killGateway()
  await page.reload()
  await clerk.signIn(page)
  await search.fill(specimen.procedureCode)
  await page.getByRole('button', { name: /Làm hồ sơ mới/ }).click()
  const procedure = catalogueWith(procedures).find(specimen.procedureCode, specimen.procedureVersion)
  if (procedure === undefined) throw new Error('the folder has it')
  for (const step of procedure.steps) {
    await clerk.fillStepOf(page, procedure, step.id, specimen.answers)
    await clerk.next(page)
  }
  await clerk.atPlace(page, 'papers')
  for (const paperId of specimen.papers)
    await clerk.addPaper(page, paperId, { name: `${paperId}.png`, mimeType: 'image/png', buffer: noisePng(200, 200) })
  await clerk.next(page)
  await clerk.consentAndFinish(page)

  await installation.restartGateway()
  await page.keyboard.press('F7')
  const entry = page.getByTestId('outbox-entry')
  await expect(entry).toContainText(name)
  await expect(entry).toHaveAttribute('data-state', 'accepted', longestSynchronisation)
})
