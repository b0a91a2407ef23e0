import 'fake-indexeddb/auto'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Answers, Consent } from '../../contracts/dossier.ts'
import { Dossier } from '../../contracts/dossier.ts'
import { WizardDraft } from '../../contracts/draft.ts'
import type { ReceiptClaims } from '../../contracts/packet.ts'
import { PacketHeader } from '../../contracts/packet.ts'
import type { Result } from '../../contracts/result.ts'
import { attachmentKey, openAttachmentChunks } from '../packet/attachment-codec.ts'
import { fromUtf8 } from '../packet/base64url.ts'
import { openPacket, packetDigest, parseHeader, verifyPacketSignature } from '../packet/packet-codec.ts'
import { verifyReceipt } from '../packet/receipt-codec.ts'
import { TramDatabase } from './database.ts'
import { makeGatewayKeys, makeStation, type TestGatewayKeys } from './station.fixture.ts'
import type { Vault } from './vault.ts'
import { openVault } from './vault.ts'

const pinCost = { memoryKib: 64, iterations: 1 }
const pin = '604182'
const secretName = 'TRẦN VĂN MẪU'

const must = <T, E extends { type: string }>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

let keys: TestGatewayKeys
let made: Awaited<ReturnType<typeof makeStation>>
const vaults: Vault[] = []
let serial = 0

beforeAll(async () => {
  keys = await makeGatewayKeys()
  made = await makeStation(keys)
})

afterEach(() => {
  for (const vault of vaults.splice(0)) vault.close()
})

const memorySentinel = () => {
  const notes = new Map<string, string>()
  return { getItem: (key: string) => notes.get(key) ?? null, setItem: (key: string, value: string) => void notes.set(key, value) }
}

const nextName = () => {
  serial += 1
  return `test-${serial}`
}
const open = async (databaseName: string, more: Partial<Parameters<typeof openVault>[0]> = {}) => {
  const vault = must(await openVault({ station: made.station, databaseName, pinCost, ...more }))
  vaults.push(vault)
  return vault
}

const signedIn = async (databaseName = nextName()) => {
  const vault = await open(databaseName)
  const operator = must(await vault.createOperator({ name: 'Lò Thị Mẫu', pin }))
  must(await vault.signIn({ operatorId: operator.operatorId, pin }))
  return { vault, operator, databaseName }
}

const at = '2026-11-22T02:00:00.000Z'
const answersOf = (operatorId: string): Answers => ({
  childName: { value: secretName, provenance: { source: 'typed', at, operatorId } },
})
const consents: Consent[] = [{ id: 'submit', purpose: { vi: 'Gửi hồ sơ' }, given: true, at }]
const newDraft = {
  procedureCode: '1.001193',
  procedureVersion: '2025-07-01',
  content: { step: 'child', name: secretName },
  label: secretName,
  training: true,
}
const jpeg = Uint8Array.from({ length: 600_000 }, (_, index) => [0xff, 0xd8, 0xff][index] ?? (index * 7) % 251)

const finishOne = async (vault: Vault, operatorId: string, withPaper = true) => {
  const draft = must(await vault.createDraft(newDraft))
  if (withPaper) {
    const paper = { paperId: 'birthPaper', fileName: 'giấy chứng sinh.jpg', mediaType: 'image/jpeg' as const, bytes: jpeg }
    must(await vault.addAttachment(draft.draftId, paper))
  }
  const entry = must(await vault.finish({ draftId: draft.draftId, answers: answersOf(operatorId), consents, label: 'T.V.M.' }))
  return { draft, entry }
}

/** Everything in the database as bytes, to be searched. */
const dump = async (databaseName: string): Promise<string> => {
  const database = new TramDatabase(databaseName)
  const parts: string[] = []
  const walk = (value: unknown): void => {
    if (value instanceof ArrayBuffer) parts.push(Buffer.from(value).toString('latin1'))
    else if (ArrayBuffer.isView(value)) parts.push(Buffer.from(value.buffer).toString('latin1'))
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk([key, inner].length > 0 ? inner : key)
    else parts.push(Buffer.from(String(value)).toString('latin1'))
  }
  for (const table of database.tables) walk(await table.toArray())
  database.close()
  return parts.join('\n')
}

const receiptFor = async (vault: Vault, packetId: string, change: Partial<ReceiptClaims> = {}) => {
  const sealed = must(await vault.outbox.read(packetId))
  const header = must(parseHeader(sealed.packet ?? { header: '' })).header
  const claims: ReceiptClaims = {
    packetId,
    stationId: header.stationId,
    counter: header.counter,
    packetDigest: sealed.packetDigest,
    attachments: header.attachments,
    receivedAt: at,
    ...change,
  }
  return must(await verifyReceipt(await keys.signReceipt(claims), keys.pinned))
}

describe('operators', () => {
  it('lets the first one be made freely, further ones only by somebody signed in', async () => {
    const { vault, operator } = await signedIn()
    vault.lock()
    expect(await vault.createOperator({ name: 'Khác', pin: '719305' })).toEqual({ ok: false, error: { type: 'locked' } })
    must(await vault.signIn({ operatorId: operator.operatorId, pin }))
    must(await vault.createOperator({ name: 'Khác', pin: '719305' }))
    expect(must(await vault.listOperators())).toHaveLength(2)
    expect(await vault.createOperator({ name: ' Khác ', pin: '719305' })).toEqual({ ok: false, error: { type: 'name-taken' } })
  })

  it.each(['12345', '111111', '123456', '987654', '1234567890', '210987', 'abcdef', ''])(
    'refuses the weak PIN %j',
    async (weak) => {
      const vault = await open(nextName())
      expect(await vault.createOperator({ name: 'Mẫu', pin: weak })).toEqual({ ok: false, error: { type: 'pin-too-weak' } })
    },
  )

  it('locks out after five wrong PINs, as the station counts them', async () => {
    const name = nextName()
    const vault = await open(name)
    const { operatorId } = must(await vault.createOperator({ name: 'Mẫu', pin }))
    for (const left of [4, 3, 2, 1]) {
      expect(await vault.signIn({ operatorId, pin: '000001' })).toEqual({
        ok: false,
        error: { type: 'wrong-pin', attemptsLeft: left },
      })
    }
    expect(await vault.signIn({ operatorId, pin: '000001' })).toEqual({
      ok: false,
      error: { type: 'locked-out', waitMs: 30_000 },
    })
    expect(await vault.signIn({ operatorId, pin })).toMatchObject({ error: { type: 'locked-out' } })
    vault.close()
    const again = await open(name)
    expect(await again.signIn({ operatorId, pin })).toMatchObject({ error: { type: 'locked-out' } })
    made.failures.set(operatorId, 4)
    must(await again.signIn({ operatorId, pin }))
    expect(await again.signIn({ operatorId, pin: '000001' })).toMatchObject({ error: { type: 'wrong-pin', attemptsLeft: 4 } })
  })

  it('tries parallel guesses one after another, each counted', async () => {
    const { vault, operator } = await signedIn()
    const guesses = await Promise.all(
      Array.from({ length: 9 }, () => vault.signIn({ operatorId: operator.operatorId, pin: '000002' })),
    )
    expect(guesses.filter((guess) => !guess.ok && guess.error.type === 'wrong-pin')).toHaveLength(4)
    expect(guesses.filter((guess) => !guess.ok && guess.error.type === 'locked-out')).toHaveLength(5)
  })

  it('opens nothing on another machine, and says so without counting a guess', async () => {
    const { operator, databaseName } = await signedIn()
    const stolen = await makeStation(keys)
    const vault = await open(databaseName, { station: stolen.station })
    expect(await vault.signIn({ operatorId: operator.operatorId, pin })).toEqual({ ok: false, error: { type: 'unreadable' } })
  })

  it('says that the station is gone', async () => {
    const { vault, operator } = await signedIn()
    made.condition.dead = true
    const failed = await vault.signIn({ operatorId: operator.operatorId, pin })
    made.condition.dead = false
    expect(failed).toMatchObject({ ok: false, error: { type: 'station-unavailable' } })
    must(await vault.signIn({ operatorId: operator.operatorId, pin }))
  })
})

describe('drafts', () => {
  it('saves, lists and loads after a restart; another operator sees nothing of them', async () => {
    const { vault, operator, databaseName } = await signedIn()
    const draft = must(await vault.createDraft(newDraft))
    must(await vault.saveDraft(draft.draftId, { content: { n: 1 }, label: 'Mẫu 1' }))
    must(await vault.createOperator({ name: 'Khác', pin: '719305' }))
    vault.close()

    const again = await open(databaseName)
    expect(await again.listDrafts()).toEqual({ ok: false, error: { type: 'locked' } })
    must(await again.signIn({ operatorId: operator.operatorId, pin }))
    expect(must(await again.listDrafts())).toMatchObject([{ draftId: draft.draftId, label: 'Mẫu 1' }])
    expect(must(await again.loadDraft(draft.draftId))).toMatchObject({ content: { n: 1 }, attachments: [] })
    const other = must(await again.listOperators()).find(({ name }) => name === 'Khác')
    must(await again.signIn({ operatorId: other?.operatorId ?? '', pin: '719305' }))
    expect(must(await again.listDrafts())).toEqual([])
    expect(await again.loadDraft(draft.draftId)).toEqual({ ok: false, error: { type: 'unreadable' } })
  })

  it('keeps the order of saves', async () => {
    const { vault } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    const contents = Array.from({ length: 20 }, (_, n) => ({ n, filler: 'x'.repeat((20 - n) * 5_000) }))
    await Promise.all(contents.map((content) => vault.saveDraft(draftId, { content })))
    expect(must(await vault.loadDraft(draftId)).content).toMatchObject({ n: 19 })
  })

  it('refuses while locked, and what is not there', async () => {
    const { vault } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    must(await vault.discardDraft(draftId))
    expect(await vault.saveDraft(draftId, { content: 1 })).toEqual({ ok: false, error: { type: 'not-found' } })
    vault.lock()
    expect(await vault.createDraft(newDraft)).toEqual({ ok: false, error: { type: 'locked' } })
  })

  it('tells observers of each change, and of the lock', async () => {
    const { vault } = await signedIn()
    const seen: number[] = []
    const off = vault.observeDrafts((drafts) => seen.push(drafts.length))
    must(await vault.createDraft(newDraft))
    await expect.poll(() => seen.at(-1)).toBe(1)
    vault.lock()
    await expect.poll(() => seen.at(-1)).toBe(0)
    off()
  })
})

describe('attachments', () => {
  it('come back whole, and leave without a trace', async () => {
    const { vault, databaseName } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    const paper = { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg' as const, bytes: jpeg }
    const facts = must(await vault.addAttachment(draftId, paper))
    const back = must(await vault.readAttachment(facts.attachmentId))
    expect(Buffer.compare(back.bytes, jpeg)).toBe(0)
    must(await vault.removeAttachment(facts.attachmentId))
    expect(await vault.readAttachment(facts.attachmentId)).toEqual({ ok: false, error: { type: 'not-found' } })
    const database = new TramDatabase(databaseName)
    expect(await database.chunks.count()).toBe(0)
    database.close()
  })

  it('refuse nothing, too much, and bad facts', async () => {
    const { vault } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    const paper = { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg' as const }
    expect(await vault.addAttachment(draftId, { ...paper, bytes: new Uint8Array() })).toMatchObject({
      error: { type: 'empty-file' },
    })
    const tooLarge = new Uint8Array(6 * 1024 * 1024 + 1)
    expect(await vault.addAttachment(draftId, { ...paper, bytes: tooLarge })).toMatchObject({ error: { type: 'too-large' } })
    expect(await vault.addAttachment(draftId, { ...paper, fileName: '', bytes: jpeg })).toMatchObject({
      error: { type: 'facts-invalid' },
    })
    const saidToBeOther = { ...paper, mediaType: 'application/pdf' as const, bytes: jpeg }
    expect(await vault.addAttachment(draftId, saidToBeOther)).toEqual({
      ok: false,
      error: { type: 'facts-invalid', detail: 'mediaType' },
    })
  })
})

describe('finish', () => {
  it('makes a packet which the gateway opens, and whose attachment travels as it lies on the disk', async () => {
    const { vault, operator } = await signedIn()
    const { draft, entry } = await finishOne(vault, operator.operatorId)
    const sealed = must(await vault.outbox.read(entry.packetId))
    if (sealed.packet === undefined) throw new Error('packet')
    expect(await verifyPacketSignature(sealed.packet, made.deviceKey)).toBe(true)
    expect(await packetDigest(sealed.packet)).toBe(sealed.packetDigest)
    const opened = must(await openPacket(sealed.packet, keys.recipient))
    PacketHeader.parse(opened.header)
    const dossier = Dossier.parse(JSON.parse(fromUtf8(opened.payload)))
    expect(dossier.answers.childName?.value).toBe(secretName)
    expect(dossier).toMatchObject({ dossierId: draft.draftId, slipCode: entry.slipCode, training: true })
    const [attachment] = sealed.attachments
    if (attachment === undefined) throw new Error('attachment')
    const { attachmentId, sealedSize } = attachment
    const bytes = must(await vault.outbox.readSealed(attachmentId, 0, sealedSize))
    const key = await attachmentKey(opened.dataKey, attachmentId)
    const plain = must(await openAttachmentChunks(key, attachmentId, bytes, opened.header.chunkSize))
    expect(Buffer.compare(plain, jpeg)).toBe(0)
    const middle = must(await vault.outbox.readSealed(attachmentId, 262_100, 524_400))
    expect(Buffer.compare(middle, bytes.subarray(262_100, 524_400))).toBe(0)
    expect(await vault.outbox.readSealed(attachmentId, 0, sealedSize + 1)).toMatchObject({ ok: false })
    expect(must(await vault.listDrafts())).toEqual([])
  })

  it('hands the papers in as they were ordered, and gives them back so', async () => {
    const { vault, operator } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    const added: string[] = []
    for (let page = 0; page < 6; page += 1) {
      const paper = { paperId: 'birthPaper', fileName: `${page}.jpg`, mediaType: 'image/jpeg' as const, bytes: jpeg.slice(0, 50) }
      added.push(must(await vault.addAttachment(draftId, paper)).attachmentId)
    }
    const attachmentIds = [3, 0, 5, 1, 4].map((page) => added[page] ?? '')
    const answers = answersOf(operator.operatorId)
    const { packetId } = must(await vault.finish({ draftId, answers, consents, label: 'M.', attachmentIds }))
    const { packet } = must(await vault.outbox.read(packetId))
    if (packet === undefined) throw new Error('packet')
    const { payload } = must(await openPacket(packet, keys.recipient))
    expect(Dossier.parse(JSON.parse(fromUtf8(payload))).attachments.map((one) => one.attachmentId)).toEqual(attachmentIds)
    must(await vault.takeBack(packetId))
    const back = WizardDraft.parse(must(await vault.loadDraft(draftId)).content)
    expect(back.attachments.map((one) => one.attachmentId)).toEqual(attachmentIds)
  })

  it('leaves no personal data readable in the store, before and after', async () => {
    const { vault, operator, databaseName } = await signedIn()
    must(await vault.createDraft(newDraft))
    await finishOne(vault, operator.operatorId)
    const bytes = await dump(databaseName)
    expect(bytes).toContain('1.001193')
    for (const secret of [secretName, 'giấy chứng sinh', 'T.V.M.', pin]) {
      expect(bytes).not.toContain(Buffer.from(secret).toString('latin1'))
      expect(bytes).not.toContain(Buffer.from(secret, 'utf16le').toString('latin1'))
      expect(bytes).not.toContain(Buffer.from(secret).toString('base64url').slice(0, -2))
    }
    expect(bytes).not.toContain(Buffer.from(jpeg.slice(1000, 1016)).toString('latin1'))
  })

  it('gives no counter twice though windows race', async () => {
    const { vault, operator, databaseName } = await signedIn()
    const second = await open(databaseName)
    must(await second.signIn({ operatorId: operator.operatorId, pin }))
    const entries = await Promise.all(
      [vault, second, vault, second].map(async (window) => (await finishOne(window, operator.operatorId, false)).entry),
    )
    expect(new Set(entries.map(({ counter }) => counter)).size).toBe(4)
    expect(new Set(entries.map(({ slipCode }) => slipCode)).size).toBe(4)
  })

  it('seals what lies in the store, not what this window remembers of it', async () => {
    const { vault, operator, databaseName } = await signedIn()
    await finishOne(vault, operator.operatorId, false)
    const second = await open(databaseName)
    must(await second.signIn({ operatorId: operator.operatorId, pin }))
    const paper = { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg' as const, bytes: jpeg.slice(0, 200_000) }
    const finish = (draftId: string) => vault.finish({ draftId, answers: answersOf(operator.operatorId), consents, label: 'M.' })
    const sealedOf = async (packetId: string) => must(await vault.outbox.read(packetId)).attachments

    const added = must(await vault.createDraft(newDraft))
    const own = must(await vault.addAttachment(added.draftId, paper))
    const others = must(await second.addAttachment(added.draftId, paper))
    await finishOne(second, operator.operatorId, false)
    const both = must(await finish(added.draftId))
    expect((await sealedOf(both.packetId)).map(({ attachmentId }) => attachmentId).sort()).toEqual(
      [own.attachmentId, others.attachmentId].sort(),
    )

    const removed = must(await vault.createDraft(newDraft))
    must(await vault.addAttachment(removed.draftId, paper))
    must(await second.removeAttachment(must(await second.loadDraft(removed.draftId)).attachments[0]?.attachmentId ?? ''))
    expect(await sealedOf(must(await finish(removed.draftId)).packetId)).toEqual([])

    const saved = must(await vault.createDraft(newDraft))
    must(await second.saveDraft(saved.draftId, { content: { step: 'review' } }))
    expect(must(await finish(saved.draftId)).dossierId).toBe(saved.draftId)

    const discarded = must(await vault.createDraft(newDraft))
    must(await second.discardDraft(discarded.draftId))
    expect(await finish(discarded.draftId)).toEqual({ ok: false, error: { type: 'not-found' } })
  })

  it('keeps a page in one row, outside the log that a power cut may take, and reads any part of it', async () => {
    const { vault, databaseName } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    const bytes = jpeg.slice(0, 200_000)
    const paper = { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg' as const, bytes }
    const { attachmentId } = must(await vault.addAttachment(draftId, paper))
    const database = new TramDatabase(databaseName)
    const sizes = (await database.chunks.toArray()).map((row) => row.bytes.byteLength)
    database.close()
    expect(sizes).toEqual([200_028])
    const sealed = must(await vault.outbox.readSealed(attachmentId, 0, 200_028))
    expect(must(await vault.outbox.readSealed(attachmentId, 61_000, 130_000))).toEqual(sealed.slice(61_000, 130_000))
    expect(must(await vault.readAttachment(attachmentId)).bytes).toEqual(bytes)
  })

  it('goes on after the counters of a store which is lost: the station remembers them', async () => {
    const lost = await signedIn()
    const { entry } = await finishOne(lost.vault, lost.operator.operatorId, false)
    const fresh = await signedIn()
    const next = await finishOne(fresh.vault, fresh.operator.operatorId, false)
    expect(next.entry.counter).toBeGreaterThan(entry.counter)
    expect((await finishOne(fresh.vault, fresh.operator.operatorId, false)).entry.counter).toBe(next.entry.counter + 1)
  })

  it('finishes once though the button is pressed twice', async () => {
    const { vault, operator } = await signedIn()
    const draft = must(await vault.createDraft(newDraft))
    const request = { draftId: draft.draftId, answers: answersOf(operator.operatorId), consents, label: 'T.V.M.' }
    const both = await Promise.all([vault.finish(request), vault.finish(request)])
    expect(both.map((one) => (one.ok ? 'ok' : one.error.type))).toEqual(['ok', 'not-found'])
    expect(must(await vault.listOutbox())).toHaveLength(1)
  })

  it('keeps the draft when the station dies, is not enrolled, or the dossier is no dossier', async () => {
    const { vault, operator } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    const request = { draftId, answers: answersOf(operator.operatorId), consents, label: 'T.V.M.' }
    made.condition.dead = true
    expect(await vault.finish(request)).toMatchObject({ error: { type: 'station-unavailable' } })
    made.condition.dead = false
    made.condition.enrolled = false
    expect(await vault.finish(request)).toMatchObject({ error: { type: 'not-enrolled' } })
    made.condition.enrolled = true
    expect(await vault.finish({ ...request, consents: [] })).toMatchObject({ error: { type: 'dossier-invalid' } })
    expect(must(await vault.listDrafts())).toHaveLength(1)
    expect(must(await vault.listOutbox())).toHaveLength(0)
  })
})

describe('outbox', () => {
  it('purges against the verified receipt of this packet and nothing else', async () => {
    const { vault, operator, databaseName } = await signedIn()
    const { entry } = await finishOne(vault, operator.operatorId)
    const received = { state: { name: 'received' as const }, attempt: 0, reuploads: 0 }
    await expect(vault.outbox.change(entry.packetId, () => ({ progress: received }))).rejects.toThrow('without a receipt')
    const foreign = await receiptFor(vault, entry.packetId, { packetDigest: '0'.repeat(64) })
    expect(await vault.outbox.change(entry.packetId, () => ({ progress: received, receipt: foreign }))).toEqual({
      ok: false,
      error: { type: 'receipt-mismatch' },
    })
    const fewer = await receiptFor(vault, entry.packetId, { attachments: [] })
    expect(await vault.outbox.change(entry.packetId, () => ({ progress: received, receipt: fewer }))).toMatchObject({ ok: false })
    expect(must(await vault.outbox.read(entry.packetId)).packet).toBeDefined()

    const receipt = await receiptFor(vault, entry.packetId)
    must(await vault.outbox.change(entry.packetId, () => ({ progress: received, receipt })))
    expect(must(await vault.outbox.read(entry.packetId)).packet).toBeUndefined()
    expect(must(await vault.outbox.listOpen())).toEqual([])
    const database = new TramDatabase(databaseName)
    expect([await database.packets.count(), await database.attachments.count(), await database.chunks.count()]).toEqual([0, 0, 0])
    expect((await database.outbox.get(entry.packetId))?.wrappedKey).toBeUndefined()
    database.close()
    expect(must(await vault.listOutbox())).toMatchObject([{ label: 'T.V.M.', receivedAt: at, canTakeBack: false }])
    vault.lock()
    expect(must(await vault.listOutbox())[0]).not.toHaveProperty('label')
  })

  it('refuses a receipt by another key', async () => {
    const other = await makeGatewayKeys()
    const { vault, operator } = await signedIn()
    const { entry } = await finishOne(vault, operator.operatorId, false)
    const { jws } = await receiptFor(vault, entry.packetId)
    expect(await verifyReceipt(jws, other.pinned)).toMatchObject({ ok: false, error: { type: 'receipt-invalid' } })
    expect(await verifyReceipt('<html>', keys.pinned)).toMatchObject({ ok: false })
  })

  it('gives a dossier back as a draft, with its papers, until it was sent', async () => {
    const { vault, operator } = await signedIn()
    const { draft, entry } = await finishOne(vault, operator.operatorId)
    must(await vault.takeBack(entry.packetId))
    expect(must(await vault.listOutbox())).toEqual([])
    const back = must(await vault.loadDraft(draft.draftId))
    expect(back.content).toMatchObject({ place: 'review', answers: { childName: { value: secretName } } })
    expect(back.attachments).toHaveLength(1)
    const again = must(
      await vault.finish({ draftId: draft.draftId, answers: answersOf(operator.operatorId), consents, label: 'T.V.M.' }),
    )
    expect(again.counter).toBeGreaterThan(entry.counter)
    const sending = { state: { name: 'sending' as const, holder: 'h', leaseUntil: 1 }, attempt: 0, reuploads: 0 }
    must(await vault.outbox.change(again.packetId, () => ({ progress: sending })))
    expect(must(await vault.listOutbox())).toMatchObject([{ canTakeBack: true }])
    must(await vault.outbox.change(again.packetId, () => ({ progress: sending, leaving: true })))
    const waiting = { state: { name: 'waiting' as const, until: 1, reason: 'network' as const }, attempt: 1, reuploads: 0 }
    must(await vault.outbox.change(again.packetId, () => ({ progress: waiting })))
    expect(await vault.takeBack(again.packetId)).toEqual({ ok: false, error: { type: 'too-late' } })
    const refused = { name: 'needs-attention' as const, reason: 'dossier-invalid' as const, detail: '', findings: [] }
    must(await vault.outbox.change(again.packetId, () => ({ progress: { state: refused, attempt: 1, reuploads: 0 } })))
    must(await vault.takeBack(again.packetId))
  })

  it('gives what left on a stick back only with the gateway’s word, whatever it was refused for meanwhile', async () => {
    const { vault, operator } = await signedIn()
    const { entry } = await finishOne(vault, operator.operatorId, false)
    const refused = (reason: 'procedure-unknown' | 'taken-back') => ({
      progress: { state: { name: 'needs-attention' as const, reason, detail: '', findings: [] }, attempt: 1, reuploads: 0 },
      leaving: true as const,
    })
    must(await vault.outbox.change(entry.packetId, () => refused('procedure-unknown')))
    expect(must(await vault.listOutbox())).toMatchObject([{ canTakeBack: true, canRecall: false }])
    // At the desk, where the procedure may be known by the time it is handed in.
    must(await vault.exportCourier(() => undefined, { packetId: entry.packetId }))
    expect(must(await vault.listOutbox())).toMatchObject([{ canTakeBack: false, canRecall: true }])
    expect(await vault.takeBack(entry.packetId)).toEqual({ ok: false, error: { type: 'too-late' } })
    must(await vault.outbox.change(entry.packetId, () => refused('taken-back')))
    must(await vault.takeBack(entry.packetId))
  })

  it('gives the last event of a dossier back first, whichever window asks, also after a restart', async () => {
    const { vault, operator, databaseName } = await signedIn()
    const { entry } = await finishOne(vault, operator.operatorId, false)
    // Nobody has it yet: it is taken back, not withdrawn.
    expect(await vault.withdraw({ packetId: entry.packetId, reason: 'Đổi ý' })).toEqual({
      ok: false,
      error: { type: 'not-found' },
    })
    const received = { state: { name: 'received' as const }, attempt: 0, reuploads: 0 }
    const receipt = await receiptFor(vault, entry.packetId)
    must(await vault.outbox.change(entry.packetId, () => ({ progress: received, receipt })))
    const withdrawal = must(await vault.withdraw({ packetId: entry.packetId, reason: 'Đổi ý' }))
    expect(withdrawal).toMatchObject({ kind: 'withdraw', dossierId: entry.dossierId, sequence: 2 })

    // A disk put back to where the dossier was not sent yet, with the withdrawal behind it.
    const database = new TramDatabase(databaseName)
    await database.outbox.where({ packetId: entry.packetId }).modify((row) => {
      delete row.receipt
      Object.assign(row, { open: 1, sentOnce: false, progress: entry.progress })
    })
    database.close()
    vault.close()
    const other = await open(databaseName)
    must(await other.signIn({ operatorId: operator.operatorId, pin }))
    const behind = { ok: false, error: { type: 'later-event', kind: 'withdraw' } }
    expect(await other.takeBack(entry.packetId)).toEqual(behind)
    expect(await other.takeBack(withdrawal.packetId)).toEqual({ ok: false, error: { type: 'not-found' } })
    expect(await other.cancelWithdrawal(entry.packetId)).toEqual({ ok: false, error: { type: 'not-found' } })
    must(await other.cancelWithdrawal(withdrawal.packetId))
    expect(must(await other.listOutbox()).map(({ kind }) => kind)).toEqual(['submit'])
    expect(must(await other.listDrafts())).toEqual([])
    expect(await other.takeBack(entry.packetId)).not.toEqual(behind)
  })

  it('cancels a withdrawal or lets it go, never both, and for nobody but the one who asked', async () => {
    const { vault, operator } = await signedIn()
    const colleague = must(await vault.createOperator({ name: 'Giàng A Thử', pin: '719305' }))
    const { entry } = await finishOne(vault, operator.operatorId, false)
    const receipt = await receiptFor(vault, entry.packetId)
    const received = { state: { name: 'received' as const }, attempt: 0, reuploads: 0 }
    must(await vault.outbox.change(entry.packetId, () => ({ progress: received, receipt })))
    const { packetId } = must(await vault.withdraw({ packetId: entry.packetId, reason: 'Đổi ý' }))
    must(await vault.signIn({ operatorId: colleague.operatorId, pin: '719305' }))
    expect(await vault.cancelWithdrawal(packetId)).toEqual({ ok: false, error: { type: 'unreadable' } })
    must(await vault.signIn({ operatorId: operator.operatorId, pin }))
    const sending = { state: { name: 'sending' as const, holder: 'h', leaseUntil: 1 }, attempt: 0, reuploads: 0 }
    const [cancelled, claimed] = await Promise.all([
      vault.cancelWithdrawal(packetId),
      vault.outbox.change(packetId, () => ({ progress: sending, leaving: true })),
    ])
    expect([cancelled.ok, claimed.ok].toSorted()).toEqual([false, true])
  })

  it('is either taken back or sent, never both, when clerk and sender race', async () => {
    const { vault, operator } = await signedIn()
    for (let round = 0; round < 10; round += 1) {
      const { entry } = await finishOne(vault, operator.operatorId, false)
      const sending = { state: { name: 'sending' as const, holder: 'h', leaseUntil: 1 }, attempt: 0, reuploads: 0 }
      const [taken, claimed] = await Promise.all([
        vault.takeBack(entry.packetId),
        new Promise((resolve) => setTimeout(resolve, round % 5)).then(() =>
          vault.outbox.change(entry.packetId, () => ({ progress: sending, leaving: true })),
        ),
      ])
      expect([taken.ok, claimed.ok].toSorted()).toEqual([false, true])
    }
  })

  it('keeps the cursor from going back', async () => {
    const { vault } = await signedIn()
    must(await vault.outbox.writeCursor(7))
    must(await vault.outbox.writeCursor(3))
    expect(must(await vault.outbox.readCursor())).toBe(7)
  })
})

describe('the store itself', () => {
  it('notices that it was reset, and opens empty only when told to', async () => {
    const sentinel = memorySentinel()
    const name = nextName()
    ;(await open(name, { sentinel })).close()
    ;(await open(name, { sentinel })).close()
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(name).onsuccess = resolve
    })
    const lost = await openVault({ station: made.station, databaseName: name, sentinel })
    expect(lost).toEqual({ ok: false, error: { type: 'store-was-reset' } })
    expect(await openVault({ station: made.station, databaseName: name, sentinel })).toMatchObject({ ok: false })
    ;(await open(name, { sentinel, acceptReset: true })).close()
    await open(name, { sentinel })
  })

  it('says so when it cannot open on a full disk: that is no damage to be rescued from', async () => {
    const { open: opening } = indexedDB
    const aborted = new DOMException('The transaction was aborted', 'AbortError')
    const spied = vi.spyOn(indexedDB, 'open').mockImplementation(function (this: IDBFactory, name, version) {
      if (name !== 'tram-passing') return opening.call(this, name, version)
      const failed = { error: aborted, onerror: () => undefined as unknown }
      setTimeout(() => failed.onerror(), 0)
      return failed as unknown as IDBOpenDBRequest
    })
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 2 ** 30, usage: 2 ** 30 - 1024 }) } })
    const opened = await openVault({ station: made.station, databaseName: nextName() })
    vi.unstubAllGlobals()
    spied.mockRestore()
    expect(opened).toEqual({ ok: false, error: { type: 'disk-full' } })
  })

  it('says that the disk is full, and loses nothing that was there', async () => {
    const { vault, operator } = await signedIn()
    const { draftId } = must(await vault.createDraft(newDraft))
    const { put, add } = IDBObjectStore.prototype
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    Object.assign(IDBObjectStore.prototype, { put: full, add: full })
    try {
      const diskFull = { ok: false, error: { type: 'disk-full' } }
      expect(await vault.createDraft(newDraft)).toEqual(diskFull)
      expect(await vault.saveDraft(draftId, { content: { later: true } })).toEqual(diskFull)
      const paper = { paperId: 'birthPaper', fileName: 'a.jpg', mediaType: 'image/jpeg' as const, bytes: jpeg }
      expect(await vault.addAttachment(draftId, paper)).toEqual(diskFull)
      expect(await vault.finish({ draftId, answers: answersOf(operator.operatorId), consents, label: 'T.V.M.' })).toEqual(
        diskFull,
      )
    } finally {
      Object.assign(IDBObjectStore.prototype, { put, add })
    }
    expect(must(await vault.loadDraft(draftId)).content).toEqual(newDraft.content)
    must(await vault.finish({ draftId, answers: answersOf(operator.operatorId), consents, label: 'T.V.M.' }))
  })

  it('gives way to an upgrade and says that it is closed', async () => {
    const { vault, databaseName } = await signedIn()
    const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(databaseName, 99)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    expect(await vault.createDraft(newDraft)).toEqual({ ok: false, error: { type: 'store-closed' } })
    upgraded.close()
  })

  it('times out, rather than hanging, behind a window which does not give way', async () => {
    const name = nextName()
    const old = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name, 1)
      request.onsuccess = () => resolve(request.result)
    })
    expect(await openVault({ station: made.station, databaseName: name, openTimeoutMs: 300 })).toEqual({
      ok: false,
      error: { type: 'store-blocked' },
    })
    old.close()
  })
})

describe('the same matter twice', () => {
  const matter = '["1.001193","",["000123456789"],[]]'
  const handIn = async (vault: Vault, operatorId: string) => {
    const { draftId } = must(await vault.createDraft(newDraft))
    return must(await vault.finish({ draftId, answers: answersOf(operatorId), consents, label: 'T.V.M.', matter }))
  }

  it('is noticed by whoever works at the machine, also a colleague; a dossier taken back is none', async () => {
    const { vault, operator } = await signedIn()
    const colleague = must(await vault.createOperator({ name: 'Giàng A Thử', pin: '719305' }))
    expect(must(await vault.findDoubles(matter))).toEqual([])
    const { packetId } = await handIn(vault, operator.operatorId)
    must(await vault.signIn({ operatorId: colleague.operatorId, pin: '719305' }))
    expect(must(await vault.findDoubles(matter))).toMatchObject([{ packetId, operatorId: operator.operatorId }])
    expect(must(await vault.findDoubles(`${matter} `))).toEqual([])
    must(await vault.signIn({ operatorId: operator.operatorId, pin }))
    must(await vault.takeBack(packetId))
    expect(must(await vault.findDoubles(matter))).toEqual([])
  })

  it('is asked by nobody without a PIN, and leaves nothing on disk to guess by', async () => {
    const { vault, operator, databaseName } = await signedIn()
    await handIn(vault, operator.operatorId)
    vault.lock()
    expect(must(await vault.findDoubles(matter))).toEqual([])
    const database = new TramDatabase(databaseName)
    const [row] = await database.matters.toArray()
    const key = String((await database.meta.get(`matterKey:${operator.operatorId}`))?.value)
    // The wrap is HPKE to the operator's public key, whose private half opens by PIN and machine alone.
    expect(key.length).toBeGreaterThan(140)
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(await database.outbox.toArray())).not.toContain(row?.hash ?? '')
    database.close()
  })
})
