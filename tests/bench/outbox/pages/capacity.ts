/** Days of work without a network, in the kiosk's own store: filled as a clerk fills it, and read back to the last byte. */
import { connectToStation } from '../../../../renderer/app/station-client.ts'
import { roomOf } from '../../../../renderer/app/use-room.ts'
import { openVault, type Vault } from '../../../../sync/vault/vault.ts'
import { attachmentOf, isWhole } from './content.ts'

type Work = { dossier: string; paperBytes: number; papers: number }

const operator = { name: 'Hoàng Thị Ưng', pin: '4815162342' }
const station = connectToStation()
let vault: Vault
let work: Work

const must = <T>(result: { ok: true; value: T } | { ok: false; error: { type: string } }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const bench = {
  async open(given: Work) {
    work = given
    vault = must(await openVault({ station }))
    const [known] = must(await vault.listOperators())
    const { operatorId } = known ?? must(await vault.createOperator(operator))
    must(await vault.signIn({ operatorId, pin: operator.pin }))
  },
  /** Milliseconds from the first paper in hand to the sealed dossier, of each. */
  async fill(first: number, count: number): Promise<number[]> {
    const { procedureCode, procedureVersion, answers, consents, paperId } = JSON.parse(work.dossier)
    const times: number[] = []
    for (let index = first; index < first + count; index += 1) {
      const label = `M. ${index}`
      const draft = { procedureCode, procedureVersion, content: { answers }, label, training: true }
      const { draftId } = must(await vault.createDraft(draft))
      const papers = Array.from({ length: work.papers }, (_, paper) => attachmentOf(index * work.papers + paper, work.paperBytes))
      const began = performance.now()
      for (const [paper, bytes] of papers.entries()) {
        const fileName = `${index * work.papers + paper}.jpg`
        must(await vault.addAttachment(draftId, { paperId, fileName, mediaType: 'image/jpeg', bytes }))
      }
      must(await vault.finish({ draftId, answers, consents, label }))
      times.push(performance.now() - began)
    }
    return times
  },
  async room() {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate()
    const standing = must(await station.call('standing', {}))
    const dossiers = roomOf({ usage, quota }, standing.disk)?.dossiers ?? 0
    return { usage, quota, dossiers, persisted: await navigator.storage.persisted() }
  },
  /** Whether the kiosk would say that its disk is nearly full. */
  async warns(usage: number, quota: number): Promise<boolean> {
    return roomOf({ usage, quota }, null)?.nearlyFull ?? false
  },
  /** As if the store were damaged: it is set aside, and the kiosk goes on with what is copied. How often was told how far it is. */
  async rescue(): Promise<{ ms: number; told: number; read: number; lost: number }> {
    vault.close()
    const began = performance.now()
    let told = 0
    const watchRescue = () => {
      told += 1
    }
    vault = must(await openVault({ station, rescue: true, watchRescue }))
    const ms = performance.now() - began
    const rescued = await vault.rescued()
    if (rescued === undefined) throw new Error('Nothing was rescued')
    const [known] = must(await vault.listOperators())
    must(await vault.signIn({ operatorId: known?.operatorId ?? '', pin: operator.pin }))
    return { ms, told, ...rescued }
  },
  /** Dossiers that open again with every paper whole. */
  async readBack(): Promise<number> {
    let whole = 0
    for (const { packetId } of must(await vault.outbox.listOpen())) {
      const draft = must(await vault.loadDraft(must(await vault.takeBack(packetId)).draftId))
      let papers = 0
      for (const { attachmentId } of draft.attachments) {
        const { bytes, facts } = must(await vault.readAttachment(attachmentId))
        if (isWhole(bytes, Number.parseInt(facts.fileName, 10))) papers += 1
      }
      if (papers === work.papers) whole += 1
    }
    return whole
  },
}
Object.assign(globalThis, { bench })
