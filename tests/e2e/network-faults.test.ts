/** The way from the kiosk to the gateway under faults of the network: nothing sent twice, nothing lost. */
import type { Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { accepted, goHome, largePaper, registerBirth } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'

let installation: Installation
let page: Page

beforeAll(async () => {
  installation = await startInstallation()
  const browser = await installation.openBrowser()
  page = browser.page
  await clerk.createOperator(page)
  await clerk.signIn(page)
})
afterAll(() => installation?.stop())
afterEach(async () => {
  installation.proxy.setFault(() => undefined)
  installation.proxy.setDown(false)
  await goHome(page)
})

/** One row, one official code, and the kiosk shows that code. */
async function acceptedOnce(childName: string): Promise<void> {
  const { packets, codes } = await accepted(installation.folder, childName)
  expect(packets).toHaveLength(1)
  expect(codes).toHaveLength(1)
  const shown = page.getByTestId('official-code')
  await shown.waitFor(clerk.mayTakeLong)
  expect(await shown.textContent()).toBe(codes[0]?.code)
}

test('the network cut in mid-upload: resumed at the byte where it stopped', async () => {
  const { proxy, folder } = installation
  const from = proxy.exchanges.length
  const cutAt = [0, 400_000]
  proxy.setFault(({ method, offset }) => {
    const [next] = cutAt
    if (method !== 'PATCH' || next === undefined || offset === undefined || offset < next) return undefined
    cutAt.shift()
    return { type: 'cut-body-after', bytes: 100_000 }
  })
  await registerBirth(page, 'Lò Thị Cắt Mẫu', largePaper())
  await acceptedOnce('Lò Thị Cắt Mẫu')

  const mine = proxy.exchanges.slice(from).filter(({ path }) => path.startsWith('/v1/attachments/'))
  const cuts = mine.flatMap((exchange, at) => (exchange.fault === 'cut-body-after' ? [at] : []))
  expect(cuts).toHaveLength(2)
  for (const at of cuts) {
    const cut = mine[at]
    const askedAt = mine.findIndex(({ method, status }, later) => later > at && method === 'HEAD' && status === 200)
    const asked = mine[askedAt]
    const resumed = mine.slice(askedAt).find(({ method }) => method === 'PATCH')
    // The gateway kept what came through before the cut, and there the next request begins.
    expect(Number(asked?.answeredOffset)).toBe(Number(cut?.offset) + 100_000)
    expect(resumed?.offset).toBe(asked?.answeredOffset)
  }
  // Nothing the gateway held was taken in again. Chromium itself repeats a request whose kept-alive connection broke before an
  // answer; such a repetition begins below the gateway's bytes and is refused.
  let held = 0
  for (const { method, offset, bodyBytes, status, answeredOffset, fault } of mine) {
    if (method === 'HEAD' && status === 200) held = Number(answeredOffset)
    if (method !== 'PATCH' || fault !== undefined) continue
    if (status === 409) expect(Number(offset)).toBeLessThanOrEqual(held)
    else {
      expect(Number(offset)).toBe(held)
      held += bodyBytes
    }
  }
  const { attachments } = await readGateway(folder)
  expect(attachments.map(({ sealed_size }) => Number(sealed_size))).toContain(held)
})

test('the acknowledgement lost: sent again or told by the feed, one dossier', async () => {
  const { proxy } = installation
  const from = proxy.exchanges.length
  // Twice, lest Chromium repeat it by itself on a connection that broke before an answer.
  let lost = 0
  proxy.setFault(({ method, path }) =>
    method === 'POST' && path === '/v1/packets' && lost++ < 2 ? { type: 'lose-answer' } : undefined,
  )
  await registerBirth(page, 'Lò Thị Mất Mẫu')
  await acceptedOnce('Lò Thị Mất Mẫu')
  const sent = proxy.exchanges.slice(from).filter(({ method, path }) => method === 'POST' && path === '/v1/packets')
  // The receipt may also come by the feed, before it is sent once more.
  expect(sent[0]?.fault).toBe('lose-answer')
  for (const { status } of sent) expect(status).toBeLessThan(300)
})

test('the acknowledgement of the last byte lost: no byte is taken twice, one dossier', async () => {
  const { proxy } = installation
  const from = proxy.exchanges.length
  // After a refusal the packet goes alone. The paper behind it fits one request, so its first PATCH is its last.
  let [refused, lost] = [0, 0]
  proxy.setFault(({ method, path }) => {
    if (method === 'POST' && path === '/v1/packets' && refused++ === 0)
      return { type: 'answer', status: 503, contentType: 'text/plain', body: '' }
    return method === 'PATCH' && lost++ < 2 ? { type: 'lose-answer' } : undefined
  })
  await registerBirth(page, 'Lò Thị Vọng Mẫu')
  await acceptedOnce('Lò Thị Vọng Mẫu')
  const [first, ...repeated] = proxy.exchanges.slice(from).filter(({ method }) => method === 'PATCH')
  expect(first).toMatchObject({ fault: 'lose-answer', status: 204 })
  for (const { status } of repeated) expect(status).toBe(409)
})

test('the queue drains while the kiosk is locked', async () => {
  const { proxy, folder } = installation
  proxy.setDown(true)
  await registerBirth(page, 'Lò Thị Khoá Mẫu')
  await page.keyboard.press('Control+l')
  const enter = page.getByRole('button', { name: /Vào làm việc/ })
  await enter.waitFor(clerk.mayTakeLong)
  await page.getByText('Máy có 1 hồ sơ chờ gửi, tự gửi khi có mạng, cả khi đang khoá.').waitFor()

  proxy.setDown(false)
  await accepted(folder, 'Lò Thị Khoá Mẫu')
  await page.getByText('Không có hồ sơ chờ gửi. Không có mạng vẫn vào làm được.').waitFor(clerk.mayTakeLong)
  expect(await enter.isVisible()).toBe(true)

  await clerk.signIn(page)
  await acceptedOnce('Lò Thị Khoá Mẫu')
})
