/** Deadlines that come near, or passed, while a dossier waits for the network. Until the gateway has it, nothing counts as handed in. */
import type { LocalizedText } from '../../contracts/encoding.ts'
import { catalogue } from '../../procedures/catalogue.ts'
import { stateAt } from '../../procedures/rules/index.ts'
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'

type Words = { label: LocalizedText; late: LocalizedText; otherWay: LocalizedText }
export type Endangered = Words & { id: string; state: 'near' | 'late'; until: string }

const arrived = new Set(['received', 'accepted', 'refused'])

export const endangered = (
  entry: Pick<OutboxEntry, 'progress' | 'procedureCode' | 'procedureVersion' | 'deadlines'>,
  now: Date,
): Endangered[] => {
  if (arrived.has(entry.progress.state.name)) return []
  const procedure = catalogue.findListed(entry.procedureCode, entry.procedureVersion)
  return (entry.deadlines ?? []).flatMap(({ id, until }) => {
    const deadline = procedure?.deadlines.find((each) => each.id === id)
    if (deadline === undefined) return []
    const state = stateAt(deadline, until, now)
    const { label, late, otherWay } = deadline
    return state === 'in-time' ? [] : [{ id, state, until, label, late, otherWay }]
  })
}
