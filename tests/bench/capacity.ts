/**
 * `npm run bench:capacity [-- --kb 300|2048] [--days 14] [--dossiers 40] [--papers 3]`: do so many days of work without a network fit, in a real
 * Chromium's profile, through the real vault and station; does a store of that size survive being set aside as damaged and copied; and does
 * everything open again afterwards.
 *
 * 300 KB is what pictures and scans are reduced to before they are sealed. 2,048 KB is what is not reduced: PDFs of up to 6 MB stay as they
 * are, so this is two weeks in which every paper is a large PDF.
 *
 * Last lines: `NAME target T measured M pass|fail`. Exit code 1 when a target is missed.
 */
import '../fixtures/system-packages.ts'
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { buildWhenStale } from '../../electron/start/build.ts'
import { buildExtraPages } from '../fixtures/extra-pages.ts'
import { noteUsable, opening } from './outbox/many.ts'
import { call, quantile, withKiosk, withRig } from './outbox/measure.ts'
import { tram } from './outbox/tram-contestant.ts'
import { specimenText } from './outbox/workload.ts'

const options = z
  .object({
    kb: z.coerce.number().int().min(1).max(6_144),
    days: z.coerce.number().int().positive(),
    dossiers: z.coerce.number().int().positive(),
    papers: z.coerce.number().int().min(1).max(20),
  })
  .parse(
    parseArgs({
      options: {
        kb: { type: 'string', default: '300' },
        days: { type: 'string', default: '14' },
        dossiers: { type: 'string', default: '40' },
        papers: { type: 'string', default: '3' },
      },
    }).values,
  )
const Room = z.object({
  usage: z.number(),
  quota: z.number(),
  dossiers: z.number(),
  persisted: z.boolean(),
})
const Rescue = z.object({ ms: z.number(), told: z.number(), read: z.number(), lost: z.number() })

/** Bytes of the disk's blocks, not of the files' lengths. */
const bytesOnDisk = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(entry.parentPath, entry.name)
    // The browser removes files while one looks.
    const stat = lstatSync(path, { throwIfNoEntry: false })
    return sum + (entry.isDirectory() && stat !== undefined ? bytesOnDisk(path) : (stat?.blocks ?? 0) * 512)
  }, 0)

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`
const work = { dossier: specimenText(), paperBytes: options.kb * 1024, papers: options.papers }
const dossiers = options.days * options.dossiers
const handedIn = dossiers * (Buffer.byteLength(work.dossier) + work.papers * work.paperBytes)
/** Keys, indexes, logs and what the browser has not compacted yet. */
const mostOver = 1.15
const mostOpeningMs = 100

if (!buildWhenStale()) process.exit(1)
const pages = mkdtempSync(join(tmpdir(), 'tram-bench-pages-'))
process.on('exit', () => rmSync(pages, { recursive: true, force: true }))
const ownPages = ['tram', 'capacity'].map((name) => join(import.meta.dirname, 'outbox/pages', `${name}.ts`))
await buildExtraPages(pages, ownPages)

const targets: { name: string; wanted: string; measured: string; passed: boolean }[] = []
await withRig(tram, pages, (rig, folder) =>
  withKiosk(rig, folder, { dossier: work.dossier, attachmentBytes: 1 }, async ({ browser }) => {
    const kioskUrl = new URL('/', String(await browser.evaluate('location.href'))).href
    const toBench = async () => {
      await browser.goto(`${kioskUrl}capacity.html`, 'globalThis.bench')
      await call(browser, 'open', z.unknown(), work)
    }
    const profile = join(folder, 'kiosk', 'browser')
    // From here on there is no network.
    await rig.stop()
    await browser.prepare(noteUsable)
    const empty = await opening(browser, kioskUrl)
    const before = bytesOnDisk(profile)
    await toBench()
    const times: number[] = []
    const usages: number[] = []
    for (let day = 0; day < options.days; day += 1) {
      times.push(...(await call(browser, 'fill', z.array(z.number()), day * options.dossiers, options.dossiers)))
      const room = await call(browser, 'room', Room)
      usages.push(room.usage)
      const at = `day ${day + 1}: ${(day + 1) * options.dossiers} dossiers`
      console.log(
        `${at}, on disk ${megabytes(bytesOnDisk(profile) - before)}, the browser counts ${megabytes(room.usage)} of ${megabytes(room.quota)}${room.persisted ? ', kept' : ''}; room for ${room.dossiers} more as the kiosk reckons`,
      )
    }
    const onDisk = bytesOnDisk(profile) - before
    // On a disk that is full after these days the kiosk's own reckoning says when it warns.
    const quota = Math.max(...usages) * 1.02
    const warnings: boolean[] = []
    for (const usage of usages) warnings.push(await call(browser, 'warns', z.boolean(), usage, quota))
    const warned = warnings.indexOf(true)
    console.log(
      warned < 0
        ? `on a disk of ${megabytes(quota)} it would not have warned`
        : `on a disk of ${megabytes(quota)} it warns after day ${warned + 1}, at ${((100 * (usages[warned] ?? 0)) / quota).toFixed(0)} %`,
    )
    console.log(
      `${dossiers} dossiers with ${work.papers} papers of ${options.kb} KB: ${megabytes(handedIn)} handed in, ${megabytes(onDisk)} on disk; sealed in ${quantile(times, 0.5).toFixed(0)} ms each (median), p95 ${quantile(times, 0.95).toFixed(0)} ms`,
    )
    const full = await opening(browser, kioskUrl)
    await toBench()
    const rescued = await call(browser, 'rescue', Rescue)
    console.log(
      `set aside and copied into a new store: ${rescued.read} rows in ${(rescued.ms / 1000).toFixed(1)} s, ${rescued.lost} lost, told ${rescued.told} times how far it is`,
    )
    const began = performance.now()
    const whole = await call(browser, 'readBack', z.number())
    console.log(
      `kiosk usable after ${empty.toFixed(0)} ms with none, ${full.toFixed(0)} ms with ${dossiers}; all opened and read in ${((performance.now() - began) / 1000).toFixed(0)} s`,
    )
    const over = onDisk / handedIn
    targets.push(
      { name: 'capacity-over', wanted: `<=${mostOver}`, measured: over.toFixed(3), passed: over <= mostOver },
      { name: 'capacity-rescue-lost', wanted: '0', measured: String(rescued.lost), passed: rescued.lost === 0 },
      { name: 'capacity-read-back', wanted: String(dossiers), measured: String(whole), passed: whole === dossiers },
      {
        name: 'capacity-opening-more-ms',
        wanted: `<${mostOpeningMs}`,
        measured: (full - empty).toFixed(0),
        passed: full - empty < mostOpeningMs,
      },
    )
  }),
)
for (const { name, wanted, measured, passed } of targets)
  console.log(`${name} target ${wanted} measured ${measured} ${passed ? 'pass' : 'fail'}`)
process.exit(targets.length > 0 && targets.every(({ passed }) => passed) ? 0 : 1)
