/** The visit as the vault keeps it, and back. A dossier whose draft or procedure is no more is passed over. */
import { WizardDraft } from '../../contracts/draft.ts'
import { KeptVisit } from '../../contracts/visit.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { declaredAnswers, todayInVietnam } from '../../procedures/rules/index.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'
import { createVisit, type Restored, type Visit, type VisitDossier } from './visit.ts'

type Kept = KeptVisit['dossiers'][number]

const restoreDossier = async (vault: Vault, kept: Kept): Promise<VisitDossier | undefined> => {
  const { draftId, name, errors, step, training, finished } = kept
  const procedure = findProcedure(kept.procedureCode, kept.procedureVersion)
  if (procedure === undefined) return undefined
  const said = { draftId, procedure, name, errors, step, training }
  if (finished !== undefined) return { ...said, answers: finished.answers, packetId: finished.packetId }
  const loaded = await vault.loadDraft(draftId)
  const content = loaded.ok ? WizardDraft.safeParse(loaded.value.content) : undefined
  if (content?.success !== true) return undefined
  const day = { today: todayInVietnam(new Date()) }
  return { ...said, answers: declaredAnswers(procedure, content.data.answers, day) }
}

const restore = async (vault: Vault): Promise<Restored | undefined> => {
  const opened = await vault.openVisit()
  const kept = opened.ok && opened.value !== undefined ? KeptVisit.safeParse(opened.value.content) : undefined
  if (kept?.success !== true) return undefined
  const { begunAt, cards } = kept.data
  const dossiers = await Promise.all(kept.data.dossiers.map((each) => restoreDossier(vault, each)))
  return { begunAt, cards, dossiers: dossiers.filter((dossier) => dossier !== undefined) }
}

/** The visit that was going on when the kiosk was locked, or a new one. */
export const openVisit = async (vault: Vault): Promise<Visit> => {
  const restored = await restore(vault)
  return createVisit({
    now: () => new Date(),
    restored,
    // What is typed is not held up by it: where it cannot be kept, the next lock ends the visit.
    keep: (visit) => (visit === undefined ? vault.endVisit() : vault.keepVisit(visit)),
  })
}
