/**
 * `npm run pictures [-- FOLDER] [--only JOURNEY]... [--small]`: the kiosk's screens in most of their states as pictures at 1366 × 768 and
 * 1920 × 1080, made by working through specimen dossiers with the real gateway; `--small` adds 1024 × 768, 1024 × 600 and 1366 × 768 at 200 %.
 * `--readme` makes those of the README anew (by ImageMagick, in 64 colours). For whoever changes a screen to look at what a clerk will see. Says
 * of each picture what runs out of the window or is cut off, and ends with 1 when a journey did not come to its end.
 */
import '../fixtures/system-packages.ts'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import type { Journey } from './journeys/steps.ts'
import { journeys } from './journeys.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    small: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
  },
})
const folder = positionals[0] ?? 'pictures'
mkdirSync(folder, { recursive: true })
/** By picture, the name it has in the README. */
const inReadme: Readonly<Record<string, string>> = {
  'home-drafts-offline': 'home',
  'birth-requester': 'wizard',
  'card-genuine': 'card',
  'papers-added': 'papers',
  'queue-many-states': 'queue',
}
const unknown = values.only.filter((name) => !(name in journeys))
if (unknown.length > 0) throw new Error(`no journey ${unknown.join(', ')}; there are ${Object.keys(journeys).join(', ')}`)

/** The last one a journey leaves behind, so that the next screen is reached at the size at which clerks work. */
const sizes = [
  ...(values.small ? [[1024, 768] as const, [1024, 600] as const, [683, 384] as const] : []),
  [1920, 1080] as const,
  [1366, 768] as const,
]
/** A journey of the longest takes about 90 s on two idle cores. */
const patienceMs = 300_000

/** Runs in the page: what a person cannot get at or read whole. */
const faultsInPage = `(() => {
  const faults = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) faults.push('page is ' + (scrollWidth - clientWidth) + ' px wider than the window')
  for (const each of document.querySelectorAll('button, a, p, h1, h2, h3, dt, dd, label, span, li')) {
    const box = each.getBoundingClientRect()
    if (box.width < 2 || box.height < 2 || each.closest('.visually-hidden') || !each.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) continue
    const { overflowX } = getComputedStyle(each)
    if (overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1) faults.push('cut: ' + each.textContent.slice(0, 50))
    if (box.right > clientWidth + 1 && !each.closest('[data-scrolls]')) faults.push('beyond the edge: ' + each.textContent.slice(0, 50))
  }
  return [...new Set(faults)].slice(0, 4)
})()`

/** A person at a screen of this size would have scrolled to what is being typed. */
const inView = `document.activeElement?.matches('input, textarea') && document.activeElement.scrollIntoView({ block: 'nearest' })`

let count = 0
let unfinished = 0
const started = performance.now()
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(0)

const lookAs =
  (journey: string) =>
  async (page: Page, name: string): Promise<void> => {
    count += 1
    await page.evaluate('document.fonts.ready')
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      await page.evaluate(inView)
      // Animations of 200 ms at most, and a layout that answers to the new size.
      await page.waitForTimeout(220)
      const path = join(folder, `${journey}-${name}-${width}x${height}.png`)
      await page.screenshot({ path })
      const known = inReadme[`${journey}-${name}`]
      if (values.readme && known !== undefined && width === 1366)
        execFileSync('convert', [path, '-dither', 'None', '-colors', '64', `PNG8:docs/pictures/${known}.png`])
      for (const fault of await page.evaluate<string[]>(faultsInPage)) console.log(`  ${journey}-${name} at ${width}: ${fault}`)
    }
    console.log(`${seconds().padStart(4)} s  ${journey}-${name}`)
  }

const run = async (name: string, { options, work }: Journey): Promise<void> => {
  let installation: Installation | undefined
  let timer: NodeJS.Timeout | undefined
  try {
    installation = await startInstallation(options)
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${patienceMs / 1000} s`)), patienceMs)
    })
    await Promise.race([work(installation, lookAs(name)), late])
  } catch (thrown) {
    unfinished += 1
    console.log(`${name} did not come to its end: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    await installation
      ?.browsers()
      .at(-1)
      ?.page.screenshot({ path: join(folder, `${name}-unfinished.png`) })
      .catch(() => undefined)
  } finally {
    clearTimeout(timer)
    await installation?.stop()
  }
}

for (const [name, journey] of Object.entries(journeys))
  if (values.only.length === 0 || values.only.includes(name)) await run(name, journey)
console.log(`${count} screens at ${sizes.length} sizes in ${folder}, ${seconds()} s; ${unfinished} journeys unfinished`)
process.exit(unfinished === 0 ? 0 : 1)
