/**
 * What the citizens' store must have of its tables: PostgreSQL, and one in memory.
 *
 * Invariants: each call is one transaction, durable when it resolves; what a record says and the note of who touched it are written
 * together; a consent from before somebody's withdrawal writes nothing, however late its dossier comes.
 */
export type CitizenRecord = {
  /** Keyed hash of the personal number. */
  personHash: string
  /** Names the key by which it opens. */
  recordId: string
  /** nonce | ciphertext | tag, base64url. */
  sealed: string
  /** The consent behind its last change. */
  consentedAt: Date
  endsAt: Date
  /** 1, 2, 3 ...: whoever writes names the one he read. */
  version: number
}

export type StoreAct = 'kept' | 'read' | 'shown' | 'erased' | 'ended' | 'refused'

/** Never a value: who, when, whose record, why. Without a station it was the gateway's desk, or the clock. */
export type StoreNote = {
  at: Date
  act: StoreAct
  personHash?: string
  stationId?: string
  operatorId?: string
  why: string
}

export type CitizenRecords = {
  find(personHash: string): Promise<CitizenRecord | undefined>
  /** `outdated`: somebody wrote or erased in between. `withdrawn`: an erasure came after this consent. */
  put(record: CitizenRecord, note: StoreNote): Promise<'written' | 'outdated' | 'withdrawn'>
  /** The name of the record that is gone. With a version only that one, and the note only with it; else the note in any case. */
  remove(personHash: string, note: StoreNote, version?: number): Promise<string | undefined>
  endedBy(at: Date, limit: number): Promise<CitizenRecord[]>
  note(note: StoreNote): Promise<void>
  /** How often a station has asked since then, whatever it was told. */
  askedSince(stationId: string, since: Date): Promise<number>
  /** The newest first. */
  notes(which: { since: Date; personHash?: string; limit: number }): Promise<StoreNote[]>
  recordIds(): Promise<Set<string>>
}

/** What counts against a station's limit. */
export const askedActs: readonly StoreAct[] = ['read', 'erased', 'refused']
