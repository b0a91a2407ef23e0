/** What the signed-in operator's unsent drafts on this machine say of people. A draft that does not open is passed over: it only cannot help. */
import { WizardDraft } from '../../contracts/draft.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { learn, nobody } from '../../procedures/reuse/known-people.ts'
import { todayInVietnam } from '../../procedures/rules/index.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'

/** The newest are enough: what lies longer is sent or thrown away. */
const mostDrafts = 20

/** Drafts for training speak only to a dossier that is for training itself: invented people stay out of real dossiers. */
export const knownFromDrafts = async (
  vault: Vault,
  { besides, training }: { besides: string; training: boolean },
): Promise<KnownPeople> => {
  const listed = await vault.listDrafts()
  const others = listed.ok
    ? listed.value.filter((draft) => draft.draftId !== besides && (training || !draft.training)).slice(0, mostDrafts)
    : []
  const day = { today: todayInVietnam(new Date()) }
  let known = nobody
  for (const { draftId } of others) {
    const loaded = await vault.loadDraft(draftId)
    const content = loaded.ok ? WizardDraft.safeParse(loaded.value.content) : undefined
    if (content?.success !== true) continue
    const procedure = findProcedure(content.data.procedureCode, content.data.procedureVersion)
    if (procedure !== undefined) known = learn(known, procedure, content.data.answers, day)
  }
  return known
}
