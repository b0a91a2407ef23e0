/** What a clerk gives the kiosk is wrong: card data, papers, a second window, a full disk. Each is said in words that help; nothing is lost. */
import { PDFDocument } from '@cantoo/pdf-lib'
import { expect, type Locator, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import { nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import type { RunningChromium } from '../fixtures/chromium.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePdf, noisePng } from '../fixtures/papers.ts'

let installation: Installation
let browser: RunningChromium
let page: Page
beforeAll(async () => {
  installation = await startInstallation()
  browser = await installation.openBrowser()
  page = browser.page
  await clerk.createOperator(page)
  await clerk.signIn(page)
  await clerk.beginBirth(page)
})
afterAll(() => installation?.stop())

const inputOf = (fieldId: string): Locator => page.locator(`[data-field="${fieldId}"] :is(input, textarea)`).first()

/** A PDF as office programs make it; with a password when one is given. */
async function pdf(password?: string): Promise<Buffer> {
  const document = await PDFDocument.create()
  document.addPage([200, 200])
  if (password !== undefined) document.encrypt({ userPassword: password, ownerPassword: password })
  return Buffer.from(await document.save())
}

describe('wrong input', () => {
  test('a card that does not open with the number typed: says what to compare, fills nothing; the right number opens it', async () => {
    await clerk.answer(page, 'agency', 'Ủy ban nhân dân xã Thử Nghiệm, tỉnh Minh Họa')
    await clerk.saved(page)
    await page.keyboard.press('F4')
    await clerk.tryCard(page, '000190000278')
    const { code, title, whatHappened, whatToDo } = cardFailureCatalogue['wrong-number']
    const alert = page.getByTestId('card-dialog').getByRole('alert')
    await expect(alert).toContainText(title.vi, clerk.mayTakeLong)
    await expect(alert).toContainText(`${whatHappened.vi.replace('{number}', '…278')} ${whatToDo.vi}`)
    await expect(alert).toContainText(code)
    await expect(inputOf('agency')).toHaveValue('Ủy ban nhân dân xã Thử Nghiệm, tỉnh Minh Họa')
    await expect(inputOf('requesterName')).toHaveValue('')

    await clerk.tryCard(page, nguyenThiMau.personalNumber)
    expect(await clerk.takeFromCard(page)).toContain('NGUYỄN THỊ MẪU')
    await expect(inputOf('requesterName')).toHaveValue('NGUYỄN THỊ MẪU')
    await expect(inputOf('agency')).toHaveValue('Ủy ban nhân dân xã Thử Nghiệm, tỉnh Minh Họa')
  })

  test('a full disk: what is typed stays on the screen and is saved when there is room; signing in needs none', async () => {
    await clerk.saved(page)
    const devtools = await browser.context.newCDPSession(page)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: installation.kioskUrl, quotaSize: 1 })
    const line = page.getByTestId('save-line')
    // Chromium goes by the room it saw a moment ago, so the first saves may still go through.
    let typed = 'Ủy ban nhân dân xã Thử Nghiệm'
    await expect(async () => {
      typed += ' 1'
      await clerk.answer(page, 'agency', typed)
      await expect(line).toHaveAttribute('data-state', 'failed', { timeout: 1_000 })
    }).toPass({ timeout: 30_000 })
    await expect(line).toContainText('Dọn bớt ổ đĩa của máy này')
    await expect(line).toContainText('còn nguyên')
    await expect(line).toContainText('máy tự ghi lại ngay khi còn chỗ')
    await expect(line).toContainText('MAY-02')
    await expect(inputOf('agency')).toHaveValue(typed)
    await expect(inputOf('requesterName')).toHaveValue('NGUYỄN THỊ MẪU')

    await devtools.send('Storage.overrideQuotaForOrigin', { origin: installation.kioskUrl })
    await clerk.saved(page)
    // Full again: the count of wrong PINs needs no room, so whoever works here still gets in.
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: installation.kioskUrl, quotaSize: 1 })
    await page.reload()
    await clerk.signIn(page)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: installation.kioskUrl })
    if (await page.getByTestId('wizard').isHidden()) await page.getByTestId('draft').getByRole('button').first().click()
    await expect(inputOf('agency')).toHaveValue(typed)
    await expect(inputOf('requesterName')).toHaveValue('NGUYỄN THỊ MẪU')
    await clerk.answer(page, 'agency', 'Ủy ban nhân dân xã Thử Nghiệm, tỉnh Minh Họa')
  })

  test('a second window says that the first is at work, and the first goes on', async () => {
    const second = await browser.context.newPage()
    await second.goto(installation.kioskUrl)
    await expect(second.getByRole('heading', { name: 'Trạm đang mở ở cửa sổ khác' })).toBeVisible(clerk.mayTakeLong)
    await expect(second.getByText('Làm tiếp ở cửa sổ kia, hoặc đóng nó: cửa sổ này sẽ tự vào tiếp.')).toBeVisible()
    await expect(second.locator('input')).toHaveCount(0)
    await page.bringToFront()
    await clerk.fillStep(page, 'requester')
    await clerk.saved(page)
    await second.close()
    await clerk.saved(page)
  })

  test('papers that nobody could read are refused with the reason, each; the next good one goes in', async () => {
    await clerk.fillToPapers(page)
    const paper = page.getByTestId('paper-birthProof')
    const alert = paper.getByRole('alert')
    const whole = noisePng(300, 240)
    const refused = [
      ['trong.png', Buffer.alloc(0), 'Chọn lại tệp', 'có 0 byte', 'TEP-01'],
      ['lon.pdf', noisePdf(6_700_000), 'Giảm dung lượng tệp', 'nặng 6,4 MB, nơi nhận chỉ nhận đến 6,0 MB', 'TEP-05'],
      ['dut.png', whole.subarray(0, whole.length / 2), 'Chụp lại hoặc chọn tệp khác', 'không mở được', 'TEP-04'],
      ['chu.pdf', Buffer.from('Giấy chứng sinh\n'), 'Chọn ảnh JPEG, PNG hoặc tệp PDF', 'là loại khác', 'TEP-02'],
      ['khoa.pdf', await pdf('mat-khau'), 'Bỏ mật khẩu của tệp PDF', 'đòi mật khẩu', 'TEP-06'],
    ] as const
    for (const [name, buffer, title, body, code] of refused) {
      await clerk.offerPaper(page, 'birthProof', {
        name,
        mimeType: name.endsWith('.pdf') ? 'application/pdf' : 'image/png',
        buffer,
      })
      await expect(alert.getByRole('heading', { name: title })).toBeVisible(clerk.mayTakeLong)
      for (const words of [name, body, code]) await expect(alert).toContainText(words)
      await expect(paper.getByTestId('attachment')).toHaveCount(0)
    }
    await clerk.addPaper(page, 'birthProof', { name: 'khong-khoa.pdf', mimeType: 'application/pdf', buffer: await pdf() })
    await expect(alert).toHaveCount(0)
    await expect(paper.getByTestId('attachment')).toHaveCount(1)
    await clerk.saved(page)
    await clerk.next(page)
    await clerk.atPlace(page, 'review')
    const entered = await clerk.reviewed(page)
    for (const fieldId of ['agency', 'childName', 'motherName', 'fatherName'])
      expect(entered[fieldId]).toBe(clerk.typedAnswers[fieldId])
  })
})
