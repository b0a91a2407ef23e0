/** The tables of the citizens' store in memory: for tests, and for what they say of PostgreSQL's. */
import { askedActs, type CitizenRecord, type CitizenRecords, type StoreNote } from './citizen-records.ts'

export const createMemoryRecords = (): CitizenRecords & { dump(): string } => {
  const records = new Map<string, CitizenRecord>()
  const notes: StoreNote[] = []
  return {
    find: async (personHash) => records.get(personHash),
    put: async (record, note) => {
      const { personHash, version, consentedAt } = record
      const withdrawn = notes.some(
        (each) => each.act === 'erased' && each.personHash === personHash && each.at.getTime() >= consentedAt.getTime(),
      )
      if (withdrawn) return 'withdrawn'
      if ((records.get(personHash)?.version ?? 0) !== version - 1) return 'outdated'
      records.set(personHash, record)
      notes.push(note)
      return 'written'
    },
    remove: async (personHash, note, version) => {
      const record = records.get(personHash)
      if (version !== undefined && record?.version !== version) return undefined
      notes.push(note)
      records.delete(personHash)
      return record?.recordId
    },
    endedBy: async (at, limit) => [...records.values()].filter(({ endsAt }) => endsAt <= at).slice(0, limit),
    note: async (note) => {
      notes.push(note)
    },
    askedSince: async (stationId, since) =>
      notes.filter((each) => each.stationId === stationId && askedActs.includes(each.act) && each.at >= since).length,
    notes: async ({ since, personHash, limit }) =>
      notes
        .filter((each) => each.at >= since && (personHash === undefined || each.personHash === personHash))
        .toReversed()
        .slice(0, limit),
    recordIds: async () => new Set([...records.values()].map(({ recordId }) => recordId)),
    dump: () => JSON.stringify([[...records], notes]),
  }
}
