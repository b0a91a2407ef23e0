/** The main job from end to end on real parts: Chromium, the loopback station, the gateway on its PostgreSQL. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as clerk from '../fixtures/clerk.ts'
import { eventually, readGateway } from '../fixtures/gateway-records.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation.stop())

test('a birth is registered without network, and accepted once when the network is back', async () => {
  const { page } = await installation.openBrowser()
  await clerk.createOperator(page)
  await clerk.signIn(page)
  installation.proxy.setDown(true)

  await clerk.beginBirth(page)
  expect(await clerk.readCard(page)).toContain('NGUYỄN THỊ MẪU')
  await clerk.fillToPapers(page)
  await clerk.addPaper(page, 'birthProof', { name: 'giay-chung-sinh.png', mimeType: 'image/png', buffer: noisePng(300, 240) })
  await clerk.saved(page)
  await clerk.next(page)
  await clerk.atPlace(page, 'review')
  const entered = await clerk.reviewed(page)
  await clerk.consentAndFinish(page)
  await page.getByTestId('slip').waitFor()
  expect(await page.getByTestId('slip').textContent()).toContain('CHƯA ĐƯỢC')
  expect((await readGateway(installation.folder)).packets).toEqual([])

  installation.proxy.setDown(false)
  const { packets, minted } = await eventually('accepted at the gateway', async () => {
    const records = await readGateway(installation.folder)
    return records.packets.some(({ state }) => state === 'accepted') && records
  })
  expect(packets).toHaveLength(1)
  expect(minted).toHaveLength(1)
  const dossier = packets[0]?.dossier
  expect(dossier?.training).toBe(true)
  expect(Object.fromEntries(Object.entries(dossier?.answers ?? {}).map(([id, { value }]) => [id, value]))).toEqual(entered)
  // Typed in full as the list has it.
  expect(dossier?.answers.childEthnicity?.provenance.source).toBe('list')
  await page.getByTestId('official-code').waitFor({ timeout: 30_000 })
  expect(await page.getByTestId('official-code').textContent()).toBe(minted[0]?.code)
})
