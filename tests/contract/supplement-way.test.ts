/**
 * The way of an agency's request through all that carry it: the desk's command, a real gateway, a real station, the vault and the sync client
 * of the page; and the supplement's way back.
 */
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Answers } from '../../contracts/dossier.ts'
import { specimenDossiers } from '../../procedures/specimens.ts'
import type { SyncClient } from '../../sync/client/sync-client.ts'
import { TramDatabase } from '../../sync/vault/database.ts'
import type { OutboxEntry, Vault } from '../../sync/vault/vault.ts'
import {
  type BareGateway,
  type BareKiosk,
  finishBirth,
  jpegLike,
  loseStore,
  must,
  startBareGateway,
  startBareKiosk,
  typedAnswer,
  until,
} from '../fixtures/bare-kiosk.ts'

const specimen = specimenDossiers.marriedCouple
const reason = 'Giấy chứng sinh của bé bị mờ, họ tên mẹ ghi chưa đúng'
const motherName = 'motherName'
const kioskName = 'Quầy 1'
let at: BareGateway
let kiosk: BareKiosk
let vault: Vault
let sync: SyncClient
let submitted: OutboxEntry

const desk = (...words: string[]) => at.desk(...words)
const entryWhen = (packetId: string, condition: (entry: OutboxEntry) => boolean) =>
  until(async () => must(await vault.listOutbox()).find((one) => one.packetId === packetId && condition(one)))
const typed = (value: string) => typedAnswer(value, kiosk.operatorId)
const contentOf = (draft: { content: unknown }) => draft.content as { answers: Answers }
const officialCode = () => submitted.official?.code ?? ''

beforeAll(async () => {
  at = await startBareGateway('supplement-way')
  kiosk = await startBareKiosk(at, kioskName)
  vault = kiosk.vault
  sync = kiosk.sync
  sync.start()
  const { packetId } = await finishBirth(kiosk)
  submitted = await entryWhen(packetId, ({ progress }) => progress.state.name === 'accepted')
})
afterAll(async () => {
  await kiosk?.stop()
  await at?.stop()
})

const ask = async (...more: string[]) => {
  await desk('ask-supplement', officialCode(), '--reason', reason, ...more)
  return entryWhen(submitted.packetId, ({ supplement }) => supplement?.state === 'open')
}
const fetchIt = () => ({ packetId: submitted.packetId, fetch: sync.fetchSupplement })

it('names what no procedure knows, and asks for nothing then', async () => {
  await expect(ask('--field', 'noSuchField')).rejects.toThrow(/noSuchField/)
})

it('tells the station of the request and nothing personal of it', async () => {
  const asked = await ask('--field', motherName, '--paper', specimen.papers[0] ?? '', '--due', '28/11/2026')
  expect(asked).toMatchObject({
    status: { code: 5 },
    supplement: { dueOn: '28/11/2026', simulated: true },
    slipCode: submitted.slipCode,
  })
  const database = new TramDatabase(kioskName)
  const rows = JSON.stringify([await database.outbox.toArray(), await database.drafts.toArray(), await database.meta.toArray()])
  expect(rows).not.toContain('mờ')
  expect(rows).not.toContain(specimen.answers[motherName])
  database.close()
  await expect(ask('--field', motherName)).rejects.toThrow(/asked before/)
})

it('opens for nobody while the kiosk is locked, and for no other station', async () => {
  vault.lock()
  expect(await vault.openSupplement(fetchIt())).toEqual({ ok: false, error: { type: 'locked' } })
  must(await vault.signIn(kiosk))
  const { requestId = '' } = submitted.supplement ?? (await entryWhen(submitted.packetId, () => true)).supplement ?? {}
  const forged = { operatorId: kiosk.operatorId, recipient: 'A'.repeat(87), signature: 'A'.repeat(86) }
  expect(await sync.fetchSupplement(requestId, forged)).toEqual({
    ok: false,
    error: { type: 'refused', reason: 'signature-invalid' },
  })
})

it('opens as a draft with the request and just the answers it needs; once, whoever asks again', async () => {
  const { draftId, about } = must(await vault.openSupplement(fetchIt()))
  expect(about).toEqual({ kind: 'supplement', packetId: submitted.packetId })
  const draft = must(await vault.loadDraft(draftId))
  expect(draft.supplement?.basis.request).toMatchObject({ reason, fields: [motherName], papers: [specimen.papers[0]] })
  expect(contentOf(draft).answers[motherName]?.value).toBe(specimen.answers[motherName])
  const given = Object.keys(contentOf(draft).answers)
  expect(given.length).toBeLessThan(Object.keys(specimen.answers).length / 2)
  expect(given).not.toContain('requesterPhone')
  expect(must(await vault.openSupplement(fetchIt())).draftId).toBe(draftId)
})

it('shows both versions of a field that the agency changed meanwhile, and sends only what a person chose', async () => {
  const { draftId } = must(await vault.openSupplement(fetchIt()))
  const draft = must(await vault.loadDraft(draftId))
  const answers = { ...contentOf(draft).answers, [motherName]: typed('TRẦN THỊ MẪU BA') }
  must(await vault.saveDraft(draftId, { content: { ...contentOf(draft), answers } }))
  await desk('correct-answer', officialCode(), '--field', motherName, '--value', 'TRẦN THỊ MẪU HAI')
  const paper = {
    paperId: specimen.papers[0] ?? '',
    fileName: 'giay ro.jpg',
    mediaType: 'image/jpeg' as const,
    bytes: jpegLike(20_000),
  }
  must(await vault.addAttachment(draftId, paper))
  const { packetId } = must(await vault.finish({ draftId, answers, consents: [], label: 'N.T.M.' }))
  const refused = await entryWhen(packetId, ({ progress }) => progress.state.name === 'needs-attention')
  expect(refused.progress.state).toMatchObject({ reason: 'changed-elsewhere', findings: [{ fields: [motherName] }] })

  must(await vault.takeBack(packetId))
  const merged = must(await vault.renewSupplement({ draftId, fetch: sync.fetchSupplement }))
  expect(merged.conflicts).toEqual([
    { field: motherName, before: specimen.answers[motherName], mine: 'TRẦN THỊ MẪU BA', theirs: 'TRẦN THỊ MẪU HAI' },
  ])
  expect(merged.basis.answers[motherName]?.provenance.source).toBe('agency')
  const again = async () => {
    const { answers: kept } = contentOf(must(await vault.loadDraft(draftId)))
    return vault.finish({ draftId, answers: kept, consents: [], label: 'N.T.M.' })
  }
  expect(await again()).toEqual({ ok: false, error: { type: 'conflicts-open', fields: [motherName] } })
  must(await vault.settleConflict({ draftId, field: motherName, keep: 'mine' }))
  const supplement = must(await again())
  expect(supplement).toMatchObject({ kind: 'supplement', dossierId: submitted.dossierId, slipCode: submitted.slipCode })
  await entryWhen(supplement.packetId, ({ progress }) => progress.state.name === 'accepted')
  await entryWhen(submitted.packetId, (entry) => entry.supplement?.state === 'answered' && entry.status?.code === 4)
})

it('goes on with a request after the store was lost: the dossier comes back from the gateway’s record', async () => {
  const before = must(await vault.listOutbox())
  kiosk = await loseStore(at, kiosk, 'Quầy 1, kho mới')
  vault = kiosk.vault
  sync = kiosk.sync
  sync.start()
  await ask('--field', motherName)
  const facts = ({ packetId, dossierId, kind, slipCode, counter, progress, official, receipt, queuedAt }: OutboxEntry) => ({
    ...{ packetId, dossierId, kind, slipCode, counter, state: progress.state.name, code: official?.code, receipt, queuedAt },
  })
  const now = must(await vault.listOutbox())
  // A refused supplement that was taken back was never anything but this kiosk's.
  expect(now.map(facts)).toEqual(before.map(facts))
  expect(now.every(({ rebuilt, label, canTakeBack, canRecall }) => rebuilt && !label && !canTakeBack && !canRecall)).toBe(true)
  expect(sync.status.get().rolledBack).toBe(true)

  const { draftId } = must(await vault.openSupplement(fetchIt()))
  const draft = must(await vault.loadDraft(draftId))
  const answers = { ...contentOf(draft).answers, [motherName]: typed('TRẦN THỊ MẪU NĂM') }
  const { packetId } = must(await vault.finish({ draftId, answers, consents: [], label: 'N.T.M.' }))
  await entryWhen(packetId, ({ progress }) => progress.state.name === 'accepted')
  await entryWhen(submitted.packetId, ({ supplement }) => supplement?.state === 'answered')
})

it('keeps the dossier through another supplement and a withdrawal, and the submission as it was', async () => {
  await ask('--field', motherName)
  const answerIt = async () => {
    const { draftId } = must(await vault.openSupplement(fetchIt()))
    const draft = must(await vault.loadDraft(draftId))
    expect(contentOf(draft).answers[motherName]?.value).toBe('TRẦN THỊ MẪU NĂM')
    const answers = { ...contentOf(draft).answers, [motherName]: typed('TRẦN THỊ MẪU TƯ') }
    return must(await vault.finish({ draftId, answers, consents: [], label: 'N.T.M.' }))
  }
  let second: OutboxEntry | undefined
  // While one window asks the gateway, another has opened the request and finished it.
  const fetch: typeof sync.fetchSupplement = async (...asked) => {
    const basis = await sync.fetchSupplement(...asked)
    second = await answerIt()
    return basis
  }
  expect(await vault.openSupplement({ ...fetchIt(), fetch })).toEqual({ ok: false, error: { type: 'answered-before' } })
  await entryWhen(second?.packetId ?? '', ({ progress }) => progress.state.name === 'accepted')
  await entryWhen(submitted.packetId, ({ supplement }) => supplement?.state === 'answered')
  await ask('--field', motherName)
  const begun = must(await vault.openSupplement(fetchIt()))
  const withdrawn = must(await vault.withdraw({ packetId: submitted.packetId, reason: 'Gia đình đổi ý' }))
  // Behind the withdrawal it would be refused: said before anybody works on it, and once more before it is sealed.
  const refused = { ok: false, error: { type: 'withdrawn' } }
  expect(await vault.openSupplement(fetchIt())).toEqual(refused)
  const { answers } = contentOf(must(await vault.loadDraft(begun.draftId)))
  expect(await vault.finish({ draftId: begun.draftId, answers, consents: [], label: 'N.T.M.' })).toEqual(refused)
  must(await vault.discardDraft(begun.draftId))
  await entryWhen(withdrawn.packetId, ({ progress }) => progress.state.name === 'accepted')
  const entries = must(await vault.listOutbox())
  expect(entries.map(({ kind }) => kind)).toEqual(['withdraw', 'supplement', 'supplement', 'supplement', 'submit'])
  expect(new Set(entries.map(({ official }) => official?.code)).size).toBe(1)
  expect(new Set(entries.map(({ slipCode }) => slipCode)).size).toBe(1)
  expect(must(await vault.listDrafts())).toEqual([])
})
