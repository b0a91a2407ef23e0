/**
 * Trạm: the real vault, the real station behind the real loopback shell, the real sync client.
 * A clerk's dossier exists as a draft, saved while it is typed, before it is finished: "enqueue" is what happens between having the
 * paper in hand and the dossier lying sealed in the outbox (attachment and finish, both strict). Each act is told beside it: the draft's
 * own saving, which no other contestant has, and finishing alone, which is what the clerk waits for after the button.
 */
import { connectToStation } from '../../../../renderer/app/station-client.ts'
import { createSyncClient } from '../../../../sync/client/sync-client.ts'
import { openVault, type Vault } from '../../../../sync/vault/vault.ts'
import type { PageBench, Workload } from '../page-bench.ts'
import { aboutChild } from './children.ts'
import { attachmentOf, isWhole } from './content.ts'
import { publish, quantilesOf } from './publish.ts'

const operator = { name: 'Hoàng Thị Ưng', pin: '4815162342' }
const station = connectToStation()
let vault: Vault
let workload: Workload

const must = <T>(result: { ok: true; value: T } | { ok: false; error: { type: string } }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

const bench: PageBench = {
  acknowledged: 0,
  async open(given) {
    workload = given
    vault = must(await openVault({ station }))
    const [known] = must(await vault.listOperators())
    const { operatorId } = known ?? must(await vault.createOperator(operator))
    must(await vault.signIn({ operatorId, pin: operator.pin }))
  },
  async enqueue(first, count) {
    const { procedureCode, procedureVersion, answers: specimen, consents, paperId } = JSON.parse(workload.dossier)
    const times: number[] = []
    const acts: { [act: string]: number[] } = { draft: [], paper: [], finish: [], 'all three': [] }
    for (let index = first; index < first + count; index += 1) {
      const bytes = attachmentOf(index, workload.attachmentBytes)
      const answers = aboutChild(specimen, index)
      const began = performance.now()
      const label = `M. ${index}`
      const { draftId } = must(
        await vault.createDraft({ procedureCode, procedureVersion, content: { answers }, label, training: true }),
      )
      const drafted = performance.now()
      must(await vault.addAttachment(draftId, { paperId, fileName: `${index}.jpg`, mediaType: 'image/jpeg', bytes }))
      const added = performance.now()
      must(await vault.finish({ draftId, answers, consents, label }))
      const finished = performance.now()
      acts.draft?.push(drafted - began)
      acts.paper?.push(added - drafted)
      acts.finish?.push(finished - added)
      acts['all three']?.push(finished - began)
      times.push(finished - drafted)
      bench.acknowledged += 1
    }
    bench.notes = quantilesOf(acts)
    return times
  },
  async startDraining() {
    const described = must(await station.call('describe', {}))
    createSyncClient({ vault, station, gatewayUrl: described.gatewayUrl }).start()
  },
  async left() {
    const open = must(await vault.outbox.listOpen())
    const shelved = open.find(({ progress }) => progress.state.name === 'needs-attention')
    if (shelved !== undefined) throw new Error(JSON.stringify(shelved.progress.state))
    return open.length
  },
  async intact() {
    let whole = 0
    for (const { packetId } of must(await vault.outbox.listOpen())) {
      const taken = await vault.takeBack(packetId)
      if (!taken.ok) continue
      const draft = await vault.loadDraft(taken.value.draftId)
      const [facts] = draft.ok ? draft.value.attachments : []
      const read = facts && (await vault.readAttachment(facts.attachmentId))
      if (read?.ok && isWhole(read.value.bytes, Number.parseInt(read.value.facts.fileName, 10))) whole += 1
    }
    return whole
  },
}
publish(bench)
