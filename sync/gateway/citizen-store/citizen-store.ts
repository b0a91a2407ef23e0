/**
 * Kho của công dân: facts that citizens let be kept, one record a person, until the day they said or until they say otherwise.
 *
 * Invariants
 * - A record is found by a keyed hash of the personal number and opens by a key of its own; neither it nor its table says whose it is.
 * - Erased is: the key is destroyed first, then the row. A stop between the two leaves a row that nobody can open, and the citizen nothing to
 *   fear of it; the next record takes its place.
 * - Whoever reads, writes or erases is noted, without values; a reading is noted before it is answered.
 */
import { randomUUID } from 'node:crypto'
import { type KeptFacts, StoreAnswer } from '../../../contracts/citizen-store.ts'
import type { CitizenRecord, CitizenRecords, StoreNote } from './citizen-records.ts'
import { openBytes, type RecordKeys, sealBytes } from './record-keys.ts'

/** Who does it, and for what. */
export type StoreActor = Pick<StoreNote, 'stationId' | 'operatorId' | 'why'>

export type CitizenStore = {
  /**
   * Adds to what is kept, the newest word of each fact; the record then ends so many months after the latest consent. `unsaid` is what a
   * dossier said when it was handed in and a correction took away: it goes where it is still that dossier's.
   */
  keep(
    personalNumber: string,
    facts: KeptFacts,
    consentedAt: Date,
    by: StoreActor,
    unsaid?: KeptFacts,
  ): Promise<'kept' | 'withdrawn' | 'ended'>
  read(personalNumber: string, by: StoreActor, act?: 'read' | 'shown'): Promise<StoreAnswer>
  /** Whether there was anything. */
  erase(personalNumber: string, by: StoreActor): Promise<boolean>
  /** What has come to its end. How many records. */
  sweep(): Promise<number>
  /**
   * Before anything else is done: keys that a stop left without a record or half written; and what a key of before a rotation wraps. How many
   * records' keys do not open.
   */
  mend(): Promise<number>
}

const about = ({ recordId, personHash }: Pick<CitizenRecord, 'recordId' | 'personHash'>): string =>
  `tram citizen record|${recordId}|${personHash}`

/** The same day so many months later, or that month's last. */
export const monthsAfter = (at: Date, months: number): Date => {
  const end = new Date(at)
  end.setUTCMonth(end.getUTCMonth() + months)
  if (end.getUTCDate() !== at.getUTCDate()) end.setUTCDate(0)
  return end
}

const mostTries = 20
const mostSweptAtOnce = 1000

export function createCitizenStore(options: {
  records: CitizenRecords
  recordKeys: RecordKeys
  hashOf(personalNumber: string): string
  months: number
  now(): Date
}): CitizenStore {
  const { records, recordKeys, hashOf, now } = options

  const open = async (record: CitizenRecord): Promise<{ key: Uint8Array; kept: StoreAnswer } | undefined> => {
    if (record.endsAt <= now()) return undefined
    const key = await recordKeys.find(record.recordId)
    if (key === undefined) return undefined
    const plain = openBytes(key, about(record), record.sealed)
    if (plain === undefined) throw new Error('A citizen’s record does not open')
    return { key, kept: StoreAnswer.parse(JSON.parse(Buffer.from(plain).toString('utf8'))) }
  }

  const entriesOf = (facts: KeptFacts) => Object.entries(facts) as [keyof KeptFacts, NonNullable<KeptFacts[keyof KeptFacts]>][]

  /** The newer word of each fact. What a dossier took over from here is no newer than it was; another dossier's word is not taken away. */
  const merged = (before: KeptFacts, added: KeptFacts, unsaid: KeptFacts): KeptFacts => {
    const facts: KeptFacts = { ...before }
    for (const [fact, { value, declaredAt }] of entriesOf(unsaid)) {
      const known = facts[fact]
      if (known?.value === value && known.declaredAt === declaredAt) delete facts[fact]
    }
    for (const [fact, value] of entriesOf(added)) {
      const known = facts[fact]
      if (known === undefined || value.declaredAt >= known.declaredAt) facts[fact] = value
    }
    return facts
  }

  const keep: CitizenStore['keep'] = async (personalNumber, added, consentedAt, by, unsaid = {}) => {
    const personHash = hashOf(personalNumber)
    const until = monthsAfter(consentedAt, options.months)
    if (until <= now()) return 'ended'
    for (let tries = 0; tries < mostTries; tries += 1) {
      const before = await records.find(personHash)
      const opened = before && (await open(before))
      const recordId = opened === undefined ? randomUUID() : (before?.recordId ?? randomUUID())
      const key = opened?.key ?? (await recordKeys.make(recordId))
      const endsAt = opened !== undefined && before !== undefined && before.endsAt > until ? before.endsAt : until
      const kept: StoreAnswer = { facts: merged(opened?.kept.facts ?? {}, added, unsaid), until: endsAt.toISOString() }
      const names = { recordId, personHash }
      const sealed = sealBytes(key, about(names), Buffer.from(JSON.stringify(StoreAnswer.parse(kept))))
      const record = { ...names, sealed, consentedAt, endsAt, version: (before?.version ?? 0) + 1 }
      const written = await records.put(record, { at: now(), act: 'kept', personHash, ...by })
      if (written === 'written') {
        if (before !== undefined && before.recordId !== recordId) await recordKeys.destroy(before.recordId)
        // Somebody erased it while it was being written: its key is gone, and so is it.
        if ((await recordKeys.find(recordId)) !== undefined) return 'kept'
        continue
      }
      if (opened === undefined) await recordKeys.destroy(recordId)
      if (written === 'withdrawn') return 'withdrawn'
    }
    throw new Error('A citizen’s record changed whenever it was to be written')
  }

  return {
    keep,
    read: async (personalNumber, by, act = 'read') => {
      const personHash = hashOf(personalNumber)
      const record = await records.find(personHash)
      const opened = record && (await open(record))
      await records.note({ at: now(), act, personHash, ...by })
      return opened === undefined ? { facts: {} } : opened.kept
    },
    erase: async (personalNumber, by) => {
      const personHash = hashOf(personalNumber)
      const record = await records.find(personHash)
      if (record !== undefined) await recordKeys.destroy(record.recordId)
      const gone = await records.remove(personHash, { at: now(), act: 'erased', personHash, ...by })
      // What came between the two looks.
      if (gone !== undefined && gone !== record?.recordId) await recordKeys.destroy(gone)
      return gone !== undefined
    },
    sweep: async () => {
      let count = 0
      for (const { personHash, version, recordId } of await records.endedBy(now(), mostSweptAtOnce)) {
        const note = { at: now(), act: 'ended' as const, personHash, why: 'its time has passed' }
        if ((await records.remove(personHash, note, version)) === undefined) continue
        await recordKeys.destroy(recordId)
        count += 1
      }
      return count
    },
    mend: async () => {
      const named = await records.recordIds()
      for (const recordId of await recordKeys.list()) if (!named.has(recordId)) await recordKeys.destroy(recordId)
      await recordKeys.discardHalfWritten()
      return recordKeys.rewrap()
    },
  }
}
