/** A disk that was put back to an older state: what the gateway has and the machine has forgotten. */
import { cpSync, rmSync } from 'node:fs'
import { registerBirth } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import type { Installation } from '../../fixtures/kiosk.ts'
import { atWork, type Journey } from './steps.ts'

/** A browser that was closed has forgotten its way in; a station that starts gives it a new one. */
const openAgain = async (installation: Installation) => {
  await installation.killStation()
  await installation.restartStation()
  return installation.openBrowser()
}

export const rolledBack: Journey = {
  work: async (installation, look) => {
    const first = await atWork(installation)
    await registerBirth(first, 'LÒ THỊ TRƯỚC MẪU')
    await first.getByTestId('official-code').waitFor({ timeout: 60_000 })
    const { profile } = installation.browsers()[0] ?? { profile: '' }
    const older = `${profile}-older`
    await installation.browsers().at(-1)?.close()
    cpSync(profile, older, { recursive: true })
    const { page } = await openAgain(installation)
    await clerk.signIn(page)
    await registerBirth(page, 'LÒ THỊ SAU MẪU')
    await page.getByTestId('official-code').waitFor({ timeout: 60_000 })
    await installation.browsers().at(-1)?.close()
    rmSync(profile, { recursive: true })
    cpSync(older, profile, { recursive: true })
    const again = (await openAgain(installation)).page
    await clerk.signIn(again)
    await again.keyboard.press('F7')
    await again.getByText('KHO-04').waitFor({ timeout: 60_000 })
    await look(again, 'queue')
  },
}
