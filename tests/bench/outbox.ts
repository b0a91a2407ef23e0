/**
 * `npm run bench:outbox`: Trạm's outbox beside those of others, in one run, on the same machine, with the same bytes.
 *
 *   --peers tram,raw,pouchdb,rxdb,workbox   --dossiers 1000   --parts power-cut,queue,large,many
 *   --large 60 (dossiers with 2 MB)   --many 10000   --cuts 2   --cut-after 12 (seconds, at most)
 *
 * Last lines: `NAME target T measured M pass|fail`. Exit code 1 when a target is missed or could not be measured.
 */
import '../fixtures/system-packages.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { buildWhenStale } from '../../electron/start/build.ts'
import { buildExtraPages } from '../fixtures/extra-pages.ts'
import { whyNoLoopDisk } from '../fixtures/loop-disk.ts'
import type { Contestant } from './outbox/contestant.ts'
import { measureMany } from './outbox/many.ts'
import { cutPower, type Drained, drain, enqueue, type PowerCut, type Queued, withKiosk, withRig } from './outbox/measure.ts'
import type { Workload } from './outbox/page-bench.ts'
import { peers } from './outbox/peer-contestants.ts'
import { tram } from './outbox/tram-contestant.ts'
import { specimenText } from './outbox/workload.ts'

const everyone: Contestant[] = [...peers.slice(0, 1), tram, ...peers.slice(1)]
const Parts = z.enum(['power-cut', 'queue', 'large', 'many'])
const list = z.string().transform((text) => text.split(','))
const options = z
  .object({
    peers: list.pipe(z.array(z.enum(['tram', 'raw', 'pouchdb', 'rxdb', 'workbox']))),
    parts: list.pipe(z.array(Parts)),
    dossiers: z.coerce.number().int().positive(),
    large: z.coerce.number().int().positive(),
    many: z.coerce.number().int().min(2000),
    cuts: z.coerce.number().int().positive(),
    'cut-after': z.coerce.number().positive(),
  })
  .parse(
    parseArgs({
      options: {
        peers: { type: 'string', default: 'tram,raw,pouchdb,rxdb,workbox' },
        parts: { type: 'string', default: Parts.options.join(',') },
        dossiers: { type: 'string', default: '1000' },
        large: { type: 'string', default: '60' },
        many: { type: 'string', default: '10000' },
        cuts: { type: 'string', default: '2' },
        'cut-after': { type: 'string', default: '12' },
      },
    }).values,
  )

type Figures = { cuts: PowerCut[]; queued?: Queued; drained?: Drained; large?: Drained }

const small: Workload = { dossier: specimenText(), attachmentBytes: 200_000 }
const large: Workload = { ...small, attachmentBytes: 2_000_000 }
const targets: string[] = []
let missed = false
const target = (name: string, wanted: string, measured: string, passed: boolean) => {
  if (!passed) missed = true
  targets.push(`${name} target ${wanted} measured ${measured} ${passed ? 'pass' : 'fail'}`)
}
const wants = (part: z.output<typeof Parts>) => options.parts.includes(part)
const processorTimeOf = ({ spent }: Drained) =>
  `processor ${spent.reduce((sum, { ms }) => sum + ms, 0).toFixed(1)} ms each: ${spent.map(({ kind, ms }) => `${kind} ${ms.toFixed(1)}`).join(', ')}`
const seconds = (ms: number | undefined) => (ms === undefined ? '–' : (ms / 1000).toFixed(2))

if (!buildWhenStale()) process.exit(1)
const pages = mkdtempSync(join(tmpdir(), 'tram-bench-pages-'))
process.on('exit', () => rmSync(pages, { recursive: true, force: true }))
const pageNames = ['raw', 'tram', 'pouchdb', 'rxdb', 'workbox', 'workbox-worker']
await buildExtraPages(
  pages,
  pageNames.map((name) => join(import.meta.dirname, 'outbox/pages', `${name}.ts`)),
)

const contestants = everyone.filter(({ name }) => options.peers.some((peer) => peer === name))
const figures = new Map<string, Figures>()
const figuresOf = (name: string): Figures => {
  const known = figures.get(name) ?? { cuts: [] }
  figures.set(name, known)
  return known
}

if (wants('queue')) {
  for (const contestant of contestants) {
    await withRig(contestant, pages, (rig, folder) =>
      withKiosk(rig, folder, small, async (kiosk) => {
        const mine = figuresOf(contestant.name)
        mine.queued = await enqueue(kiosk, 0, options.dossiers)
        mine.drained = await drain(rig, kiosk, options.dossiers)
        const parts = Object.entries(mine.queued.notes).map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
        console.log(
          `${contestant.title}: ${options.dossiers} enqueued in ${seconds(mine.queued.enqueueMs)} s, drained in ${seconds(mine.drained.ms)} s${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`,
        )
        console.log(`  ${processorTimeOf(mine.drained)}`)
      }),
    )
  }
}
if (wants('large')) {
  for (const contestant of contestants) {
    await withRig(contestant, pages, (rig, folder) =>
      withKiosk(rig, folder, large, async (kiosk) => {
        const mine = figuresOf(contestant.name)
        await enqueue(kiosk, 0, options.large)
        mine.large = await drain(rig, kiosk, options.large)
        console.log(
          `${contestant.title}: ${options.large} with 2 MB drained in ${seconds(mine.large.ms)} s; ${processorTimeOf(mine.large)}`,
        )
      }),
    )
  }
}
const whyNoCut = whyNoLoopDisk()
if (wants('power-cut')) {
  if (whyNoCut !== undefined) console.log(`power cuts: ${whyNoCut}: not measured`)
  else {
    for (const contestant of contestants) {
      const mine = figuresOf(contestant.name)
      for (let cut = 0; cut < options.cuts; cut += 1) {
        const afterMs = options['cut-after'] * 1000 * (0.5 + Math.random() / 2)
        mine.cuts.push(await cutPower(contestant, pages, small, afterMs))
        const { acknowledged, lost, starts } = mine.cuts.at(-1) ?? { acknowledged: 0, lost: 0, starts: 0 }
        const late = starts > 1 ? `, read at start ${starts} of the browser` : ''
        console.log(
          `${contestant.title}: power cut after ${seconds(afterMs)} s: ${acknowledged} acknowledged, ${lost} lost${late}`,
        )
      }
    }
  }
}

const header = ['acknowledged but lost', 'enqueue s', 'median ms', 'p95 ms', 'drain s', `${options.large} x 2 MB drain s`]
console.log(
  `\n${options.dossiers} dossiers of ${Buffer.byteLength(small.dossier)} bytes + one attachment of 200 KB, one at a time`,
)
console.log(`| | ${header.join(' | ')} | durability | does not |\n|${'---|'.repeat(header.length + 3)}`)
for (const { name, title, durability, lacks } of contestants) {
  const { cuts, queued, drained, large: largeOnes } = figuresOf(name)
  const acknowledged = cuts.reduce((sum, each) => sum + each.acknowledged, 0)
  const lost = cuts.reduce((sum, each) => sum + each.lost, 0)
  const cells = [
    cuts.length > 0 ? `${lost} of ${acknowledged}` : `${whyNoCut ?? 'left out'}: not measured`,
    ...[seconds(queued?.enqueueMs), queued?.medianMs.toFixed(1) ?? '–', queued?.p95Ms.toFixed(1) ?? '–'],
    ...[seconds(drained?.ms), seconds(largeOnes?.ms), durability, lacks],
  ]
  console.log(`| ${title} | ${cells.join(' | ')} |`)
}

const [raw, mine] = [figures.get('raw'), figures.get('tram')]
const others = contestants.filter(({ name }) => name !== 'raw' && name !== 'tram').map(({ name }) => figuresOf(name))
const fastest = (pick: (figures: Figures) => number | undefined): number =>
  Math.min(...others.map((each) => pick(each) ?? Number.POSITIVE_INFINITY))
const ratio = (limit: number | undefined, own: number | undefined) => (limit ?? Number.NaN) / (own ?? Number.NaN)

if (mine?.queued && raw?.queued) {
  const { 'finish half': finish, 'finish p95': finishP95, 'all three half': whole } = mine.queued.notes
  const { 'page half': page = Number.NaN, 'packet half': packet = Number.NaN } = raw.queued.notes
  const ms = (figure: number | undefined) => `${figure?.toFixed(1) ?? '–'} ms`
  console.log(
    `\nFrom the press to in-the-queue (finish alone) Trạm takes ${ms(finish)} half, ${ms(finishP95)} p95; raw, writing dossier and paper at once, ` +
      `${ms(raw.queued.medianMs)} half. With the draft that no other keeps, Trạm's three acts take ${ms(whole)}. ` +
      `Paper and packet are two promises: of this disk alone, nothing encrypted, ${ms(page + packet)} (${ms(page)} + ${ms(packet)}).`,
  )
}
if (mine && wants('power-cut')) {
  const lost = mine.cuts.reduce((sum, each) => sum + each.lost, 0)
  target(
    'acknowledged-but-lost',
    '0',
    mine.cuts.length === 0 ? `not measured (${whyNoCut})` : `${lost}`,
    mine.cuts.length > 0 && lost === 0,
  )
}
if (mine?.queued && raw?.queued) {
  const enqueued = ratio(raw.queued.enqueueMs, mine.queued.enqueueMs)
  target('enqueue', '>=0.7x raw', `${enqueued.toFixed(2)}x`, enqueued >= 0.7)
  const drained = ratio(raw.drained?.ms, mine.drained?.ms)
  target('drain-200KB', '>=0.5x raw fetch', `${drained.toFixed(2)}x`, drained >= 0.5)
}
if (mine?.queued) {
  target('enqueue-p95', '<15ms', `${mine.queued.p95Ms.toFixed(1)}ms`, mine.queued.p95Ms < 15)
  if (others.length > 0) {
    const best = fastest(({ queued }) => queued?.enqueueMs)
    target('enqueue-ahead-of-peers', `<${seconds(best)}s`, `${seconds(mine.queued.enqueueMs)}s`, mine.queued.enqueueMs < best)
    const bestDrain = fastest(({ drained }) => drained?.ms)
    const own = mine.drained?.ms ?? Number.NaN
    target('drain-ahead-of-peers', `<${seconds(bestDrain)}s`, `${seconds(own)}s`, own < bestDrain)
  }
}
if (mine?.large && raw?.large) {
  const drained = ratio(raw.large.ms, mine.large.ms)
  target('drain-2MB', '>=0.7x raw fetch', `${drained.toFixed(2)}x`, drained >= 0.7)
}
if (wants('many') && options.peers.includes('tram')) {
  const many = await measureMany(pages, small, options.many)
  target('memory-1000-to-many', '<=1.25x', `${many.memoryGrowth.toFixed(2)}x`, many.memoryGrowth <= 1.25)
  target('open-with-many', '<100ms more', `${many.openingMoreMs.toFixed(0)}ms more`, many.openingMoreMs < 100)
}
console.log(`\n${targets.join('\n')}`)
process.exit(missed || targets.length === 0 ? 1 : 0)
