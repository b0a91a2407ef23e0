/** What the gateway keeps of a citizen: asked, nothing kept, consent; and what a second station offers of it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { type LoopbackProgram, startLoopbackProgram } from '../../../electron/start/programs.ts'
import { tranVanThu } from '../../../hardware/simulators/specimens.ts'
import { type RunningChromium, startChromium } from '../../fixtures/chromium.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { freePort } from '../../fixtures/free-port.ts'
import { atWork, begin, dossierOf, type Journey } from './steps.ts'

const otherPort = await freePort()

export const store: Journey = {
  options: { otherOrigins: [`http://127.0.0.1:${otherPort}`] },
  work: async (installation, look) => {
    const { procedure, answers } = dossierOf('1.003677-khai-bao-tam-vang/specimens/for-oneself.json')
    const page = await atWork(installation)
    await begin(page, procedure.code)
    await clerk.readCard(page, tranVanThu)
    await page.getByTestId('store-panel').waitFor(clerk.mayTakeLong)
    await look(page, 'asked')
    await page.getByTestId('store-yes').click()
    await expect(page.getByTestId('store-panel')).toHaveAttribute('data-state', 'fetched', { timeout: 10_000 })
    await look(page, 'nothing-kept')
    // No chip holds it, and the form proposes the permanent one.
    const residence = 'Số 9, Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ'
    const { absenteeSex: _, ...others } = answers
    const typed = { ...others, absenteeCurrentResidence: residence }
    for (const step of procedure.steps) {
      await clerk.fillStepOf(page, procedure, step.id, typed)
      const proposed = page.locator('[data-field="absenteeCurrentResidence"] input').first()
      if ((await proposed.count()) > 0) {
        await proposed.fill(residence)
        await page.keyboard.press('Escape')
      }
      await look(page, step.id)
      await clerk.next(page)
    }
    await clerk.atPlace(page, 'papers')
    await clerk.next(page)
    await clerk.atPlace(page, 'review')
    await page.locator('[data-field^="consent-keepFactsOf"] input').focus()
    await look(page, 'consent')
    await page.locator('[data-field^="consent-keepFactsOf"] .tick').click()
    await clerk.consentAndFinish(page)
    await page.getByTestId('official-code').waitFor({ timeout: 60_000 })
    let station: LoopbackProgram | undefined
    let browser: RunningChromium | undefined
    try {
      const { folder, gateway, proxy } = installation
      station = await startLoopbackProgram({
        dataFolder: join(folder, 'other-station'),
        gatewayUrl: proxy.url,
        port: otherPort,
        readers: 'simulated',
        documentScanners: [],
        enrolmentCode: await gateway.enrolmentCode({ pointName: 'Nhà văn hoá Thử', stationName: 'Máy 1', demo: true }),
        onLine: () => undefined,
      })
      const profile = join(folder, 'other-browser')
      mkdirSync(profile)
      browser = await startChromium({ profile })
      const second = browser.page
      await second.goto(station.launchUrl)
      await clerk.createOperator(second)
      await clerk.signIn(second)
      await begin(second, procedure.code)
      await clerk.readCard(second, tranVanThu)
      await second.getByTestId('store-yes').click(clerk.mayTakeLong)
      await expect(second.getByTestId('store-panel')).toHaveAttribute('data-state', 'fetched', { timeout: 10_000 })
      await look(second, 'second-station-fetched')
      for (const step of procedure.steps) {
        if (step.fields.some(({ id }) => id === 'absenteeCurrentResidence')) break
        await clerk.fillStepOf(second, procedure, step.id, typed)
        await clerk.next(second)
      }
      await second.getByTestId('kept').waitFor(clerk.mayTakeLong)
      await look(second, 'second-station-offered')
      await second.keyboard.press('Alt+1')
      await second.getByTestId('source-absenteeCurrentResidence').waitFor(clerk.mayTakeLong)
      await look(second, 'second-station-taken')
      await second.getByTestId('store-erase').click()
      await expect(second.getByTestId('store-panel')).toHaveAttribute('data-state', 'erased', { timeout: 10_000 })
      await look(second, 'erased')
    } finally {
      await browser?.kill()
      await station?.stop()
    }
  },
}
