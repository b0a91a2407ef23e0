/**
 * An agency's request at a kiosk, as sync/vault/supplements.ts goes through it: opened with what the gateway gives back, changed, finished as
 * the dossier's next event; taken back, asked for anew and merged by field when the agency changed the dossier meanwhile. Which of two
 * answers stands, a person decides; what a person has been shown is noted apart from what the draft says.
 */
import { z } from 'zod'
import { Answers } from '../../contracts/dossier.ts'
import { fromUtf8, toUtf8 } from '../../sync/packet/base64url.ts'
import type { OutboxRow } from '../../sync/vault/database.ts'
import { mergeAnswers } from '../../sync/vault/merge-answers.ts'
import { dossierOf } from '../../sync/vault/outbox-row.ts'
import { correctable } from './agency-desk.ts'
import type { Faults } from './faults.ts'
import type { Kiosk, Tab } from './kiosk.ts'
import type { DraftOnDisk } from './kiosk-disk.ts'
import type { Ledger } from './ledger.ts'
import type { PlantedBug } from './planted-bugs.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './virtual-time.ts'

const Basis = z.object({
  dossierId: z.string(),
  answers: Answers,
  event: z.object({ sequence: z.number(), previous: z.string().optional() }),
})
type Basis = z.infer<typeof Basis>
const Request = z.object({ basis: Answers, mine: Answers })
type Request = z.infer<typeof Request>

/** As the vault keeps it beside a finished supplement: sealed there, plain here. */
export const packRequest = (request: Request): Uint8Array<ArrayBuffer> => toUtf8(JSON.stringify(request))
export const unpackRequest = (basis: Uint8Array): Request => Request.parse(JSON.parse(fromUtf8(basis)))

/** Only what differs from what was shown. */
export const changesOf = ({ basis, mine }: Request): { answers: Answers; seen: Record<string, string> } => {
  const keys = Object.keys(mine).filter((key) => mine[key]?.value !== basis[key]?.value)
  return {
    answers: Object.fromEntries(keys.flatMap((key) => (mine[key] === undefined ? [] : [[key, mine[key]]]))),
    seen: Object.fromEntries(keys.flatMap((key) => (basis[key] === undefined ? [] : [[key, basis[key].value]]))),
  }
}

export const createSupplementing = (options: {
  kiosk: Kiosk
  ledger: Ledger
  scheduler: Scheduler
  faults: Faults
  random: Random
  finish: (tab: Tab, draftId: string) => Promise<void>
  bug?: PlantedBug
}) => {
  const { kiosk, ledger, scheduler, faults, random, bug } = options
  const rows = () => [...kiosk.disk.tables.outbox.values()]
  const know = (dossierId: string, answers: Record<string, string>) => {
    const entry = ledger.get(dossierId)
    if (entry !== undefined) Object.assign(entry.knows, answers)
  }
  const valuesOf = (answers: Answers) => Object.fromEntries(Object.entries(answers).map(([key, { value }]) => [key, value]))

  const fetchBasis = async (tab: Tab, requestId: string): Promise<Basis | undefined> => {
    const { signal } = new AbortController()
    const headers = { authorization: `Bearer ${kiosk.stationId}` }
    const common = { method: 'POST', headers, signal, cache: 'no-store', credentials: 'omit', redirect: 'error' } as const
    const answer = await kiosk.network.fetch(`https://gateway/v1/supplements/${requestId}`, common).catch(() => undefined)
    if (answer?.status !== 200 || !tab.process.alive()) return undefined
    return Basis.safeParse(await answer.text().then((text) => parse(text))).data
  }

  const changed = (answers: Answers): Answers => {
    const next = { ...answers }
    for (const field of random.pick([[correctable[0]], [correctable[1]], [...correctable]])) {
      const answer = next[field]
      if (answer !== undefined) next[field] = { ...answer, value: `clerk ${random.uuid()}` }
    }
    return next
  }

  const askedFor = (row: OutboxRow): boolean =>
    row.about === undefined &&
    row.supplement?.state === 'open' &&
    // Nothing of it is on its way, and nobody is at it already.
    rows().every((one) => dossierOf(one) !== row.dossierId || one === row || one.receipt !== undefined) &&
    [...kiosk.disk.tables.drafts.values()].every(({ about }) => about?.dossierId !== row.dossierId)

  const answer = async (tab: Tab, row: OutboxRow): Promise<void> => {
    const requestId = row.supplement?.requestId
    const entry = ledger.get(row.dossierId)
    if (requestId === undefined || entry === undefined) return
    const basis = await fetchBasis(tab, requestId)
    if (basis === undefined) return
    const draft: DraftOnDisk = {
      draftId: random.uuid(),
      operatorId: row.operatorId,
      version: Math.max(entry.confirmed, Number(basis.answers.version?.value ?? 0)) + 1,
      about: { kind: 'supplement', dossierId: row.dossierId, requestId, ...eventOf(basis) },
      request: { basis: basis.answers, mine: changed(basis.answers) },
    }
    const written = await tab.access.write(({ drafts, outbox }) => {
      if ([...drafts.values()].some(({ about }) => about?.dossierId === row.dossierId)) return false
      // As the vault: another window opened and finished it while this one asked the gateway.
      if ([...outbox.values()].some(({ about }) => about?.requestId === requestId)) return false
      drafts.set(draft.draftId, draft)
      know(row.dossierId, valuesOf(basis.answers))
      return true
    })
    if (!written.ok || !written.value) return
    // People take their time, and the agency may change something in it.
    scheduler.at(random.between(10, faults.healed() ? 100 : 120_000), () => {
      const later = kiosk.tab()
      if (later !== undefined) void options.finish(later, draft.draftId)
    })
  }

  /** The agency may have changed it too: asked for anew, merged, decided, and finished. */
  const renew = async (tab: Tab, draftId: string): Promise<void> => {
    const requestId = kiosk.disk.tables.drafts.get(draftId)?.about?.requestId
    const fresh = requestId === undefined ? undefined : await fetchBasis(tab, requestId)
    if (fresh === undefined) return
    const merged = await tab.access.write(({ drafts }) => {
      const draft = drafts.get(draftId)
      if (draft?.request === undefined || draft.about === undefined) return false
      const { answers, taken, conflicts } = mergeAnswers(draft.request.basis, draft.request.mine, fresh.answers)
      const told: Record<string, string> = {}
      const mine = { ...answers }
      for (const { field, now } of taken) told[field] = now
      for (const { field, theirs } of bug === 'merged-in-silence' ? [] : conflicts) {
        faults.note('both-changed')
        told[field] = theirs
        const other = fresh.answers[field]
        if (random.chance(0.5) && other !== undefined) mine[field] = other
      }
      // What was merged lies with the draft until somebody has read it: whoever finishes it was shown it.
      know(fresh.dossierId, told)
      drafts.set(draftId, { ...draft, about: { ...draft.about, ...eventOf(fresh) }, request: { basis: fresh.answers, mine } })
      return true
    })
    if (!merged.ok || !merged.value) return
    await options.finish(tab, draftId)
  }

  return {
    asked: () => rows().filter(askedFor),
    answer,
    conflicting: () =>
      rows().filter(
        ({ progress: { state }, about }) =>
          about?.requestId !== undefined && state.name === 'needs-attention' && state.reason === 'changed-elsewhere',
      ),
    renew,
  }
}

const eventOf = ({ event: { sequence, previous } }: Basis) => ({ sequence, ...(previous === undefined ? {} : { previous }) })

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
