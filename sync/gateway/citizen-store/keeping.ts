/**
 * From received dossiers to the citizens' store: whoever consented is kept, nobody else.
 *
 * Invariants: at least once and any number of times with the same end; the dossier counts as it is by now, so one that was withdrawn gives
 * nothing, and one that was corrected gives what is right, under the consent it was handed in with and no longer than that; a consent is no
 * younger than its receipt, whatever the station's clock says. One dossier's trouble holds up no other.
 */
import type { Dossier } from '../../../contracts/dossier.ts'
import type { Catalogue } from '../../../procedures/documents/catalogue-source.ts'
import { factsToKeep } from '../../../procedures/reuse/facts-to-keep.ts'
import { isKeepingConsent, todayInVietnam } from '../../../procedures/rules/index.ts'
import type { CitizenStore } from './citizen-store.ts'

export type DossierToKeep = {
  packetId: string
  stationId: string
  sealedAt: string
  receivedAt: Date
  /** How often it has changed since it was handed in, and how it was then. */
  revision: number
  handedIn: Dossier
  /** As it is by now; undefined when it was withdrawn. */
  dossier?: Dossier
}

export type KeepingQueue = {
  /** Received dossiers in which somebody consented, and which were not looked at yet or have been corrected since. */
  due(limit: number): Promise<DossierToKeep[]>
  /** This revision was looked at; one that came meanwhile is due. */
  done(looked: Pick<DossierToKeep, 'packetId' | 'revision'>, at: Date): Promise<void>
}

export type Keeping = {
  /** Something was received. */
  wake(): void
  stop(): Promise<void>
}

const atOnce = 50

export async function keepFrom(
  { packetId, stationId, sealedAt, receivedAt, revision, handedIn, dossier }: DossierToKeep,
  catalogue: Pick<Catalogue, 'find'>,
  store: Pick<CitizenStore, 'keep'>,
): Promise<void> {
  const procedure = dossier && catalogue.find(dossier.procedureCode, dossier.procedureVersion)
  if (dossier === undefined || procedure === undefined) return
  const said = dossier.consents.flatMap(({ id, given, at }) => (isKeepingConsent(id) && given ? [Date.parse(at)] : []))
  const consentedAt = new Date(Math.min(receivedAt.getTime(), ...said))
  const corrected = revision > 1 ? `, revision ${revision}` : ''
  const why = `dossier ${dossier.dossierId}, packet ${packetId}${corrected}`
  const by = { stationId, operatorId: dossier.helper.operatorId, why }
  const day = { today: todayInVietnam(new Date(sealedAt)) }
  const before = revision > 1 ? factsToKeep(procedure, handedIn, day) : undefined
  for (const [personalNumber, facts] of factsToKeep(procedure, dossier, day)) {
    const unsaid = Object.entries(before?.get(personalNumber) ?? {}).filter(([fact]) => !Object.hasOwn(facts, fact))
    await store.keep(personalNumber, facts, consentedAt, by, Object.fromEntries(unsaid))
  }
}

export function startKeeping(options: {
  queue: KeepingQueue
  catalogue: Pick<Catalogue, 'find'>
  store: CitizenStore
  now(): Date
  /** How often to look without being woken, and for what has come to its end. */
  everyMs: number
  onTrouble(what: string, error: unknown): void
}): Keeping {
  const { queue, store, catalogue } = options
  /** Not tried again before the next start: it would only fail again. */
  const passedOver = new Set<string>()
  let running: Promise<void> | undefined
  let again = false
  let isSweepDue = true
  let stopped = false

  const work = async (): Promise<void> => {
    do {
      again = false
      const due = (await queue.due(atOnce + passedOver.size)).filter(({ packetId }) => !passedOver.has(packetId))
      for (const each of due) {
        if (stopped) return
        try {
          await keepFrom(each, catalogue, store)
          await queue.done(each, options.now())
        } catch (error) {
          passedOver.add(each.packetId)
          options.onTrouble('a dossier could not be looked at for the citizens’ store', error)
        }
      }
      if (due.length >= atOnce) again = true
      else if (isSweepDue) {
        isSweepDue = false
        await store.sweep()
      }
    } while (again && !stopped)
  }
  const wake = (): void => {
    again = true
    if (stopped || running !== undefined) return
    running = work()
      .catch((error: unknown) => options.onTrouble('the citizens’ store could not be looked after', error))
      .finally(() => {
        running = undefined
        if (again) wake()
      })
  }
  const timer = setInterval(() => {
    isSweepDue = true
    wake()
  }, options.everyMs)
  timer.unref()
  wake()
  return {
    wake,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
