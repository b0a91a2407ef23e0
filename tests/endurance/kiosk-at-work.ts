/**
 * A kiosk at work without hands: the real vault, station and sync client, drafts saved and dossiers finished one after the other. What it
 * lists as confirmed is what a clerk would have read on the screen at that moment: saved, queued, received.
 */
import { connectToStation } from '../../renderer/app/station-client.ts'
import { createSyncClient } from '../../sync/client/sync-client.ts'
import { openVault, type Vault } from '../../sync/vault/vault.ts'
import { aboutChild } from '../bench/outbox/pages/children.ts'

const operator = { name: 'Hoàng Thị Ưng', pin: '4815162342' }
const savesOfADraft = 3
/** One in so many is entered a second time. */
const enteredAgain = 10
const station = connectToStation()
let vault: Vault
let working = false
let ended: Promise<void> = Promise.resolve()
const confirmed = { packets: [] as string[], drafts: {} as Record<string, number> }
let fault: string | undefined

type Outcome<T> = { ok: true; value: T } | { ok: false; error: { type: string } }
const must = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error))
  return outcome.value
}

const paper = (size: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  bytes.set([0xff, 0xd8, 0xff, 0xe0])
  return bytes
}

type Work = { dossier: string; attachmentBytes: number; count: number; pauseMs: number }

const begun = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
let entered = 0
const nextChild = (): number => {
  entered += 1
  return begun + entered - Math.floor(entered / enteredAgain)
}

async function oneDossier({ dossier, attachmentBytes }: Work): Promise<void> {
  const { procedureCode, procedureVersion, answers: specimen, consents, paperId } = JSON.parse(dossier)
  const answers = aboutChild(specimen, nextChild())
  const content = (version: number) => ({ version, answers })
  const draft = { procedureCode, procedureVersion, content: content(0), label: 'M.', training: true }
  const { draftId } = must(await vault.createDraft(draft))
  confirmed.drafts[draftId] = 0
  for (let version = 1; version <= savesOfADraft; version += 1) {
    must(await vault.saveDraft(draftId, { content: content(version) }))
    confirmed.drafts[draftId] = version
  }
  const fileName = 'giay.jpg'
  must(await vault.addAttachment(draftId, { paperId, fileName, mediaType: 'image/jpeg', bytes: paper(attachmentBytes) }))
  // From here on it may be either: a finished one is no draft any more.
  delete confirmed.drafts[draftId]
  const { packetId } = must(await vault.finish({ draftId, answers, consents, label: 'M.' }))
  confirmed.packets.push(packetId)
}

const kiosk = {
  confirmed,
  fault: () => fault,
  async open() {
    const { storeMended } = must(await station.call('describe', {}))
    vault = must(await openVault({ station, ...(storeMended === undefined ? {} : { mended: storeMended }) }))
    const [known] = must(await vault.listOperators())
    const { operatorId } = known ?? must(await vault.createOperator(operator))
    must(await vault.signIn({ operatorId, pin: operator.pin }))
  },
  async send() {
    const { gatewayUrl } = must(await station.call('describe', {}))
    createSyncClient({ vault, station, gatewayUrl, reconnectSpreadMs: 50 }).start()
  },
  work(work: Work) {
    working = true
    fault = undefined
    ended = (async () => {
      for (let done = 0; working && done < work.count; done += 1) {
        await oneDossier(work)
        if (work.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, work.pauseMs))
      }
    })().catch((error: unknown) => {
      fault = error instanceof Error ? error.message : String(error)
    })
  },
  async rest() {
    working = false
    await ended
  },
  ended: () => ended,
  outbox: async () => {
    const entries = must(await vault.listOutbox())
    return entries.map(({ packetId, dossierId, progress, receipt }) => ({
      packetId,
      dossierId,
      state: progress.state.name,
      why: 'reason' in progress.state ? progress.state.reason : '',
      receipt: receipt !== undefined,
    }))
  },
  /** Version of each of these drafts as it opens now; -1 when it does not. */
  async drafts(ids: string[]) {
    const versions: Record<string, number> = {}
    for (const id of ids) {
      const draft = await vault.loadDraft(id)
      const content = draft.ok ? (draft.value.content as { version?: number }) : {}
      versions[id] = content.version ?? -1
    }
    return versions
  },
}
Object.assign(globalThis, { kiosk })
