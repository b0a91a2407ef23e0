/** Temporary residence with a child: rows by keyboard, a doubt in a row, the declaration before it is sealed, and the dossier accepted. */
import { PDFDocument } from '@cantoo/pdf-lib'
import { expect, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { findProcedure } from '../../procedures/catalogue.ts'
import { specimens } from '../../procedures/specimens.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
let page: Page

beforeAll(async () => {
  installation = await startInstallation()
  page = (await installation.openBrowser()).page
  await clerk.createOperator(page)
  await clerk.signIn(page)
})
afterAll(() => installation?.stop())

describe('a form with rows', () => {
  test('guidance tells where to go for a form that is not filled in here', async () => {
    await page.getByLabel('Tìm thủ tục').fill('ho chieu')
    await page.getByRole('button', { name: 'Xem cần gì, nộp ở đâu' }).first().click()
    await expect(page.getByTestId('guidance-dialog')).toContainText('Nơi nhận')
    await page.keyboard.press('Escape')
  })

  test('is filled, shown as it prints, and accepted', async () => {
    const specimen = specimens['1.004194-dang-ky-tam-tru/specimens/with-child.json']
    const procedure = specimen && findProcedure(specimen.procedureCode, specimen.procedureVersion)
    if (specimen === undefined || procedure === undefined) throw new Error('no such specimen')
    const fill = (step: string) => clerk.fillStepOf(page, procedure, step, specimen.answers)
    await page.getByLabel('Tìm thủ tục').fill('1.004194')
    await page.getByRole('button', { name: /Làm hồ sơ mới/ }).click()
    for (const step of ['situation', 'declarant', 'household', 'request']) {
      await fill(step)
      await clerk.next(page)
    }
    await clerk.atPlace(page, 'membersStep')
    const add = page.getByTestId('add-members')
    await add.press('Enter')
    await expect(page.getByTestId('row-members-1').getByRole('textbox').first()).toBeFocused()
    await add.press('Enter')
    await expect(page.getByTestId('row-members-2')).toBeVisible()
    await page
      .getByTestId('row-members-2')
      .getByRole('button', { name: /Bỏ dòng này/ })
      .press('Enter')
    await expect(page.getByTestId('row-members-2')).toHaveCount(0)
    await expect(page.getByTestId('row-members-1').getByRole('textbox').first()).toBeFocused()
    await fill('membersStep')
    await expect(page.getByTestId('row-members-1').locator('h3')).toContainText('TRẦN THỊ NHÁP MẪU')
    if (process.env.TRAM_PICTURES) await page.screenshot({ path: `${process.env.TRAM_PICTURES}/rows.png` })
    await clerk.next(page)
    await fill('opinions')
    await clerk.next(page)
    await clerk.atPlace(page, 'papers')
    await clerk.next(page)
    await clerk.atPlace(page, 'review')
    await page.getByTestId('show-declaration').click()
    await expect(page.getByTestId('declaration')).toBeVisible(clerk.mayTakeLong)
    if (process.env.TRAM_PICTURES) await page.screenshot({ path: `${process.env.TRAM_PICTURES}/declaration.png` })
    await page.keyboard.press('Escape')
    await clerk.consentAndFinish(page)
    await expect(page.getByTestId('official-code')).toBeVisible({ timeout: 60_000 })
  })

  test('the slip alone is printed, on one sheet', async () => {
    for (const format of ['A5', 'A4']) {
      const sheets = await PDFDocument.load(await page.pdf({ format }))
      expect(sheets.getPageCount(), format).toBe(1)
    }
    await page.emulateMedia({ media: 'print' })
    for (const chrome of ['.top', '.visit-tabs', '.slip-words']) await expect(page.locator(chrome)).toBeHidden()
    await expect(page.getByTestId('slip')).toBeVisible()
    await page.emulateMedia({ media: null })
  })
})
