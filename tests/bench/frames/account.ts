/**
 * Where the page's thread spends its time at a key: from a trace of Chromium's own, each task's time less what ran within it, summed by
 * part. It is the processor's time, so that what else the machine does is not counted. Tracing itself costs a little and is in it. Of the
 * slowest keys it says what ran between the key and its frame.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession } from '@playwright/test'
import { z } from 'zod'

const TraceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  ts: z.number(),
  dur: z.number().optional(),
  /** Of the processor's time alone: what others take meanwhile is not in it. */
  tdur: z.number().optional(),
  pid: z.number(),
  tid: z.number(),
  /** Of a measure of the page's own: its begin and end bear the same. */
  id2: z.object({ local: z.string().optional() }).optional(),
  args: z.record(z.string(), z.unknown()).optional(),
})
type TraceEvent = z.infer<typeof TraceEvent>

/** Chromium's own names, by part. What bears none of them is its scheduling, input and messages. */
const parts: readonly (readonly [string, RegExp])[] = [
  ['garbage', /^(V8\.GC_|MinorGC|MajorGC|BlinkGC|CppGC)/],
  [
    'script',
    /^(EventDispatch|FunctionCall|EvaluateScript|RunMicrotasks|TimerFire|FireAnimationFrame|FireIdleCallback|v8\.|V8\.)/,
  ],
  ['autofill', /autofill|password_manager/],
  ['style', /^(UpdateLayoutTree|Document::(update|recalc)Style|StyleEngine)/],
  [
    'layout',
    /^(Layout|LocalFrameView::|Document::UpdateStyleAndLayout|Blink\.ForcedStyleAndLayout|IntersectionObserver|.*InlineNode)/,
  ],
  ['paint', /^(Paint|PrePaint|Layerize|Commit|ProxyMain::BeginMainFrame::commit|Blink\.(Paint|PrePaint|Composit)|LayerTreeHost)/],
]

type Part = { name: string; ms: number }
type Account = { sum: number; parts: Part[]; tasks: Part[]; slowest: { ms: number; parts: Part[]; longest: Part | undefined }[] }

/** What the page calls its measures from a key to its frame. */
export const keyMeasure = 'key to frame'

const largestFirst = (sums: ReadonlyMap<string, number>, keys: number): Part[] =>
  [...sums].map(([name, us]) => ({ name, ms: us / 1000 / keys })).toSorted((one, other) => other.ms - one.ms)

const selfTimes = (events: readonly { name: string; ts: number; dur: number; own: number }[]): Map<string, number> => {
  const sums = new Map<string, number>()
  const open: { end: number; name: string; self: number }[] = []
  const close = (): void => {
    const done = open.pop()
    if (done !== undefined) sums.set(done.name, (sums.get(done.name) ?? 0) + done.self)
  }
  for (const { name, ts, dur, own } of events.toSorted((one, other) => one.ts - other.ts || other.dur - one.dur)) {
    for (let top = open.at(-1); top !== undefined && top.end <= ts; top = open.at(-1)) close()
    const above = open.at(-1)
    if (above !== undefined) above.self -= own
    open.push({ end: ts + dur, name, self: own })
  }
  while (open.length > 0) close()
  return sums
}

const nameOf = ({ name, args }: TraceEvent): string => {
  const from = args?.src_func
  return name === 'ThreadControllerImpl::RunTask' && typeof from === 'string'
    ? `task ${from} ${String(args?.src_file ?? '')}`
    : name
}

const byPart = (sums: ReadonlyMap<string, number>): Map<string, number> => {
  const whole = new Map<string, number>()
  for (const [name, us] of sums) {
    const part = parts.find(([, pattern]) => pattern.test(name))?.[0] ?? 'else'
    whole.set(part, (whole.get(part) ?? 0) + us)
  }
  return whole
}

/** From the page's own measures, as the trace has them: a beginning and an end under one id. */
const measuredKeys = (events: readonly TraceEvent[]): { from: number; to: number }[] => {
  const begun = new Map<string, number>()
  return events
    .filter(({ name }) => name === keyMeasure)
    .toSorted((one, other) => one.ts - other.ts)
    .flatMap(({ ph, ts, id2 }) => {
      const id = id2?.local ?? ''
      const from = begun.get(id)
      if (ph === 'b') begun.set(id, ts)
      return ph === 'e' && from !== undefined ? [{ from, to: ts }] : []
    })
}

/** Of the page's thread, in milliseconds of the processor a key, while `type` types so many keys. */
export const accountOf = async (cdp: CDPSession, keys: number, type: () => Promise<void>): Promise<Account> => {
  const events: TraceEvent[] = []
  const onData = ({ value }: { value: unknown[] }): void => {
    for (const each of value) {
      const read = TraceEvent.safeParse(each)
      if (read.success) events.push(read.data)
    }
  }
  cdp.on('Tracing.dataCollected', onData)
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'toplevel',
        'devtools.timeline',
        'blink',
        'blink.user_timing',
        'v8',
        'disabled-by-default-v8.gc',
        'cc',
      ],
    },
  })
  await pause(200)
  await type()
  await pause(400)
  const complete = new Promise<void>((resolve) => cdp.once('Tracing.tracingComplete', () => resolve()))
  await cdp.send('Tracing.end')
  await complete
  cdp.off('Tracing.dataCollected', onData)
  // The page's thread is the one the keys came to.
  const isKey = ({ name, args }: TraceEvent): boolean => name === 'EventDispatch' && JSON.stringify(args).includes('"keydown"')
  const first = events.find(isKey)
  const thread = events
    .filter(({ pid, tid, ph, dur }) => pid === first?.pid && tid === first.tid && ph === 'X' && dur !== undefined)
    .map((event) => ({ name: nameOf(event), ts: event.ts, dur: event.dur ?? 0, own: event.tdur ?? event.dur ?? 0 }))
  const sums = selfTimes(thread)
  const inParts = largestFirst(byPart(sums), keys)
  const slowest = measuredKeys(events)
    .toSorted((one, other) => other.to - other.from - (one.to - one.from))
    .slice(0, 10)
    .map(({ from, to }) => {
      const within = selfTimes(thread.filter(({ ts, dur }) => ts + dur > from && ts < to))
      return { ms: (to - from) / 1000, parts: largestFirst(byPart(within), 1), longest: largestFirst(within, 1)[0] }
    })
  return { sum: inParts.reduce((sum, { ms }) => sum + ms, 0), parts: inParts, tasks: largestFirst(sums, keys), slowest }
}
