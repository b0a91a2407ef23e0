/** A disk that was put back to an older state: what the gateway has and the machine has forgotten. */
import { cpSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { registerBirth } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import type { Installation } from '../../fixtures/kiosk.ts'
import { atWork, type Journey } from './steps.ts'

/** Whose browser has the profile open is not part of what a disk is put back to. */
const notItsLock = (path: string): boolean => !basename(path).startsWith('Singleton')

/** A station that starts gives a way in anew, as after a power cut. */
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
    await installation.browsers().at(-1)?.kill()
    cpSync(profile, older, { recursive: true, filter: notItsLock })
    const { page } = await openAgain(installation)
    await clerk.signIn(page)
    await registerBirth(page, 'LÒ THỊ SAU MẪU')
    await page.getByTestId('official-code').waitFor({ timeout: 60_000 })
    await installation.browsers().at(-1)?.kill()
    rmSync(profile, { recursive: true })
    cpSync(older, profile, { recursive: true })
    const again = (await openAgain(installation)).page
    await clerk.signIn(again)
    await again.keyboard.press('F7')
    await again.getByText('KHO-04').waitFor({ timeout: 60_000 })
    await look(again, 'queue')
  },
}
