/**
 * Something else than a sound gateway answers: the outbox says what happened and what comes next, the dossier stays, and is accepted once.
 * The second dossier is of the same child: the clerk is asked first.
 */
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, test } from 'vitest'
import * as clerk from '../fixtures/clerk.ts'
import { eventually, readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'

let installation: Installation
let page: Page
beforeAll(async () => {
  installation = await startInstallation()
  page = (await installation.openBrowser()).page
  await clerk.createOperator(page)
  await clerk.signIn(page)
})
afterAll(() => installation?.stop())

type Answer = { status: number; contentType: string; body: string }

/** Every packet sent is answered like this, by somebody in the gateway's place. */
const answerPackets = (answer: Answer): void =>
  installation.proxy.setFault(({ method, path }) =>
    method === 'POST' && path === '/v1/packets' ? { type: 'answer', ...answer } : undefined,
  )

async function birthToReview(): Promise<void> {
  await clerk.beginBirth(page)
  await clerk.readCard(page)
  await clerk.fillToPapers(page)
  await clerk.addPaper(page, 'birthProof', { name: 'giay-chung-sinh.png', mimeType: 'image/png', buffer: noisePng(60, 60) })
  await clerk.next(page)
}

/** The same child a second time: the clerk is asked, and says why. */
async function finishAgain(): Promise<void> {
  await page.locator('[data-field="consent-submit"] .tick').click()
  await page.getByTestId('next').click()
  const dialog = page.getByTestId('double-dialog')
  await expect(dialog.getByTestId('double-entry')).toHaveCount(1, clerk.mayTakeLong)
  await dialog.getByRole('button', { name: 'Vẫn nộp' }).click()
  await expect(dialog).toContainText('Ghi lý do, hoặc giữ bản nháp.')
  await page.screenshot({ path: join(installation.folder, 'double.png') })
  await dialog.getByLabel('Vì sao vẫn nộp thêm hồ sơ này').fill('Người dân yêu cầu nộp lại')
  await dialog.getByRole('button', { name: 'Vẫn nộp' }).click()
}

async function toQueue(): Promise<void> {
  await expect(page.getByTestId('slip-page')).toBeVisible(clerk.mayTakeLong)
  await page.keyboard.press('F7')
}

async function acceptedOnce(dossiers: number): Promise<void> {
  await expect(page.locator('[data-testid="outbox-entry"][data-state="accepted"]')).toHaveCount(dossiers, clerk.mayTakeLong)
  const { packets, minted } = await readGateway(installation.folder)
  expect(packets.map(({ state }) => state)).toEqual(Array(dossiers).fill('accepted'))
  expect(minted).toHaveLength(dossiers)
}

describe('a gateway that is not itself', () => {
  test('500, then a captive portal, then garbage: the dossier waits, each time with the reason, and is accepted once at last', async () => {
    answerPackets({ status: 500, contentType: 'text/plain', body: 'oops' })
    await birthToReview()
    await clerk.consentAndFinish(page)
    await toQueue()
    const entry = page.getByTestId('outbox-entry')
    const sentence = entry.getByTestId('outbox-sentence')
    const sendNow = page.getByRole('button', { name: 'Gửi ngay' })
    await expect(entry).toHaveCount(1)
    await expect(entry).toContainText('Chờ gửi lại', clerk.mayTakeLong)
    await expect(sentence).toContainText('Máy chủ đang trục trặc.')
    await expect(sentence).toContainText(/Tự gửi lại lúc \d/)

    const answers: [Answer, string][] = [
      [{ status: 200, contentType: 'text/html', body: '<html>Đăng nhập Wi-Fi</html>' }, 'Mạng có thể đang đòi đăng nhập Wi-Fi.'],
      [{ status: 500, contentType: 'text/html', body: '<html>Bad</html>' }, 'Máy chủ đang trục trặc.'],
      [{ status: 200, contentType: 'application/json', body: '{"packetId":1}' }, 'Câu trả lời không phải của máy chủ Trạm.'],
    ]
    for (const [answer, words] of answers) {
      answerPackets(answer)
      await sendNow.click()
      await expect(sentence).toContainText(words, clerk.mayTakeLong)
      await expect(entry).toContainText('Chờ gửi lại')
      expect((await readGateway(installation.folder)).packets).toEqual([])
    }
    installation.proxy.setFault(() => undefined)
    await sendNow.click()
    await acceptedOnce(1)
  })

  test('409 of a gateway that holds another packet by this number: on the shelf, kept; sent again by hand it is accepted once', async () => {
    await page.keyboard.press('Alt+ArrowLeft')
    answerPackets({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'key-reused', title: 'Số gói đã dùng', status: 409 }),
    })
    await birthToReview()
    await finishAgain()
    await toQueue()
    const entry = page.locator('[data-testid="outbox-entry"][data-state="needs-attention"]')
    await expect(entry).toHaveCount(1, clerk.mayTakeLong)
    await expect(entry).toContainText('Cần xem lại')
    await expect(entry.getByTestId('outbox-sentence')).toHaveText(
      'Máy chủ đã có một gói khác mang số này. Báo người phụ trách. Hồ sơ còn nguyên trên máy.',
    )
    // Taking it back asks the gateway first, so that it is never registered twice.
    await expect(entry.getByRole('button', { name: 'Lấy lại để sửa' })).toHaveCount(1)
    // The shelf is where it stays: nothing sends it by itself.
    await page.getByRole('button', { name: 'Gửi ngay' }).click()
    await expect(entry).toHaveCount(1)

    installation.proxy.setFault(() => undefined)
    await entry.getByRole('button', { name: 'Gửi lại' }).click()
    await acceptedOnce(2)
    await eventually('nothing more is under way', async () => (await readGateway(installation.folder)).packets.length === 2)
  })
})
