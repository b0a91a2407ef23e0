/** What thousands of waiting dossiers cost: memory of the page that queues them, and time until the kiosk can be used. */
import { z } from 'zod'
import type { BareChromium } from '../../fixtures/bare-chromium.ts'
import { call, enqueue, withKiosk, withRig } from './measure.ts'
import type { Workload } from './page-bench.ts'
import { tram } from './tram-contestant.ts'

/** In the kiosk's own page: when there first is something to type the PIN into. */
export const noteUsable = `new MutationObserver((_, observer) => {
  if (!document.querySelector('input')) return
  globalThis.usableAt = performance.now()
  observer.disconnect()
}).observe(document, { childList: true, subtree: true })`
const openings = 9
const few = 1000

/** Milliseconds from navigation to a sign-in page that takes a PIN; the median of several. */
export async function opening(browser: BareChromium, kiosk: string): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < openings; round += 1) {
    await browser.goto('about:blank', "location.href === 'about:blank'")
    await browser.goto(kiosk, 'globalThis.usableAt !== undefined')
    // When the page itself first painted something to type into, not when it was asked.
    times.push(z.number().parse(await browser.evaluate('globalThis.usableAt')))
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}

async function memory(browser: BareChromium): Promise<number> {
  for (let round = 0; round < 3; round += 1) await browser.evaluate('gc()')
  return browser.rendererMemory()
}

export async function measureMany(pages: string, workload: Workload, many: number) {
  return await withRig(tram, pages, (rig, folder) =>
    withKiosk(rig, folder, workload, async (kiosk) => {
      const { browser } = kiosk
      const bench = String(await browser.evaluate('location.href'))
      const kioskUrl = new URL('/', bench).href
      await browser.prepare(noteUsable)
      // Thousands wait where there is no network: beside a gateway on the same two cores the first of them would be sent while it opens.
      await rig.stop()
      // Once over first: the gateway's programs are still going down, and the browser keeps what it compiled.
      await opening(browser, kioskUrl)
      const empty = await opening(browser, kioskUrl)
      const back = async () => {
        await browser.goto(bench, 'globalThis.bench')
        await call(browser, 'open', z.unknown(), workload)
      }
      await back()
      await enqueue(kiosk, 0, few)
      const memoryOfFew = await memory(browser)
      const rest = await enqueue(kiosk, few, many - few)
      const memoryOfMany = await memory(browser)
      const full = await opening(browser, kioskUrl)
      const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`
      console.log(
        `Trạm with many: memory of the page ${megabytes(memoryOfFew)} at ${few} dossiers, ${megabytes(memoryOfMany)} at ${many}; ` +
          `enqueue median ${rest.medianMs.toFixed(1)} ms up there; kiosk usable after ${empty.toFixed(0)} ms with none, ${full.toFixed(0)} ms with ${many}`,
      )
      return { memoryGrowth: memoryOfMany / memoryOfFew, openingMoreMs: full - empty }
    }),
  )
}
