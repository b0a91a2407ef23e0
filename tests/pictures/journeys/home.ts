/** The page where work begins: found and not found, guidance, keys, drafts, a machine without network, a full disk, English. */
import { expect } from '@playwright/test'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, begin, type Journey, press, shut } from './steps.ts'

export const home: Journey = {
  work: async (installation, look) => {
    const page = await atWork(installation, {
      prepare: (at) =>
        at.addInitScript(
          `if (localStorage.used) navigator.storage.estimate = async () => ({ quota: 8e8, usage: Number(localStorage.used) })`,
        ),
    })
    await look(page, 'empty')
    const search = page.getByLabel('Tìm thủ tục')
    await search.fill('khai sinh')
    await look(page, 'found')
    await search.fill('máy bay')
    await look(page, 'nothing-found')
    await search.fill('ho chieu')
    await press(page, 'Xem cần gì, nộp ở đâu')
    await look(page, 'guidance')
    await shut(page)
    await page.keyboard.press('Control+/')
    await look(page, 'keys')
    await shut(page)
    await begin(page, '1.000656')
    await page.locator('[data-field="requesterName"] input').first().fill('LÒ THỊ NHÁP MẪU')
    await clerk.saved(page)
    await page.clock.setSystemTime(new Date('2027-03-03T02:00:00Z'))
    await page.keyboard.press('Control+k')
    await press(page, /Làm tiếp/)
    await page.getByTestId('version-ended').waitFor(clerk.mayTakeLong)
    await look(page, 'version-ended')
    await page.clock.setSystemTime(new Date())
    installation.proxy.setDown(true)
    await page.keyboard.press('Control+k')
    await expect(page.getByTestId('status')).not.toHaveAttribute('data-network', 'online', clerk.mayTakeLong)
    await look(page, 'drafts-offline')
    await page.getByTestId('status').click()
    await look(page, 'status')
    await shut(page)
    await press(page, 'Xoá')
    await look(page, 'discard')
    await shut(page)
    for (const [name, used] of [
      ['nearly-full', 7e8],
      ['full', 7.9999e8],
    ] as const) {
      await page.evaluate(`localStorage.used = ${used}`)
      await page.reload()
      await clerk.signIn(page)
      await page.getByText('MAY-02').waitFor(clerk.mayTakeLong)
      if (name === 'full') await press(page, /Làm hồ sơ mới/)
      await look(page, name)
    }
    await page.getByTestId('status').click()
    await press(page, 'English')
    await shut(page)
    await look(page, 'english')
  },
}
