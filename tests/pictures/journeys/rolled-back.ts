/** A disk that was put back to an older state: what the gateway has and the machine has forgotten. */
import { cpSync, rmSync } from 'node:fs'
import { registerBirth } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, type Journey } from './steps.ts'

export const rolledBack: Journey = {
  work: async (installation, look) => {
    const first = await atWork(installation)
    await registerBirth(first, 'LÒ THỊ TRƯỚC MẪU')
    await first.getByTestId('official-code').waitFor({ timeout: 60_000 })
    const { profile } = installation.browsers()[0] ?? { profile: '' }
    const older = `${profile}-older`
    await installation.browsers().at(-1)?.close()
    cpSync(profile, older, { recursive: true })
    const { page } = await installation.openBrowser()
    await clerk.signIn(page)
    await registerBirth(page, 'LÒ THỊ SAU MẪU')
    await page.getByTestId('official-code').waitFor({ timeout: 60_000 })
    await installation.browsers().at(-1)?.close()
    rmSync(profile, { recursive: true })
    cpSync(older, profile, { recursive: true })
    const again = (await installation.openBrowser()).page
    await clerk.signIn(again)
    await again.keyboard.press('F7')
    await again.getByText('KHO-04').waitFor({ timeout: 60_000 })
    await look(again, 'queue')
  },
}
