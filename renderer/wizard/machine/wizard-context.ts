/**
 * What the wizard knows, what may be read from it, and the way from and to a draft. What changes it is in `wizard-edits.ts`.
 */
import type { Answers, AttachmentFacts, ConfirmedWarning, Consent } from '../../../contracts/dossier.ts'
import type { WizardDraft } from '../../../contracts/draft.ts'
import type { Field, Finding, Procedure } from '../../../contracts/procedure.ts'
import {
  type AskedConsent,
  askedPapers,
  checkConsents,
  checkDossier,
  checkPapers,
  checkStep,
  type Day,
  declaredAnswers,
  fieldsWithRows,
  findField,
  hasErrors,
  isKeepingConsent,
  keepingConsents,
  type OfferedValue,
  offeredCopies,
  readRowKey,
  todayInVietnam,
} from '../../../procedures/rules/index.ts'

export type WizardContext = {
  procedure: Procedure
  operatorId: string
  now: () => Date
  /** The commune and province the point stands in, where the station knows them. */
  pointPlace: string | undefined
  /** For how long the gateway would keep what citizens let be kept; undefined where nobody is asked. */
  keepMonths: number | undefined
  /** Fields that are shown and cannot be changed: of a supplement, what the agency did not ask for. Rows go with their group. */
  fixed: ReadonlySet<string>
  answers: Answers
  attachments: AttachmentFacts[]
  consents: Consent[]
  confirmedWarnings: ConfirmedWarning[]
  /** A step's id, `papers` or `review`. */
  place: string
  visited: string[]
  /** Places whose findings are shown: those the clerk has tried to leave. */
  checked: string[]
  /** Findings of the checked places, always of the answers as they are now. */
  findings: Record<string, Finding[]>
  /** The clerk came from review to mend something: Tiếp tục leads back there. */
  returnToReview: boolean
  /** Why finishing failed, until the next try. Tagged for the screen's own words. */
  failure: { type: string; detail?: string } | null
}

export type WizardInput = {
  operatorId: string
  now: () => Date
  draft?: WizardDraft
  pointPlace?: string | undefined
  keepMonths?: number | undefined
  fixed?: ReadonlySet<string>
}

/** What a finished dossier takes from the wizard. */
export type FinishedContent = Pick<WizardDraft, 'answers' | 'attachments' | 'consents' | 'confirmedWarnings'>

/** A form without papers has no page for them. */
export const placesOf = (procedure: Procedure): string[] => [
  ...procedure.steps.map((step) => step.id),
  ...(procedure.papers.length === 0 ? [] : ['papers']),
  'review',
]

export const dayOf = (context: Pick<WizardContext, 'now'>): Day => ({ today: todayInVietnam(context.now()) })

const isAsked = (context: WizardContext): ((attachment: { paperId: string }) => boolean) => {
  const asked = new Set(askedPapers(context.procedure, context.answers, dayOf(context)).map((paper) => paper.id))
  return (attachment) => asked.has(attachment.paperId)
}

/** The document's own, and for each person whose card was read the one to be kept. */
export const askedConsents = (context: WizardContext): AskedConsent[] => {
  const { procedure, answers, keepMonths } = context
  if (keepMonths === undefined) return procedure.consents
  return [...procedure.consents, ...keepingConsents(procedure, answers, dayOf(context), { months: keepMonths })]
}

/** What was said yes or no to; of keeping, only what would be asked still. */
const consentsOf = (context: WizardContext): Consent[] => {
  if (!context.consents.some(({ id }) => isKeepingConsent(id))) return context.consents
  const asked = new Set(askedConsents(context).map(({ id }) => id))
  return context.consents.filter(({ id }) => !isKeepingConsent(id) || asked.has(id))
}

/** Declared answers, papers this case asks for, consents: what would be sealed now. */
export const finishedContent = (context: WizardContext): FinishedContent => ({
  answers: declaredAnswers(context.procedure, context.answers, dayOf(context)),
  attachments: context.attachments.filter(isAsked(context)),
  consents: consentsOf(context),
  confirmedWarnings: context.confirmedWarnings,
})

const unaskedPaperFindings = (context: WizardContext): Finding[] => {
  const asked = isAsked(context)
  const ids = new Set(context.attachments.filter((attachment) => !asked(attachment)).map((attachment) => attachment.paperId))
  return context.procedure.papers
    .filter((paper) => ids.has(paper.id))
    .map((paper) => ({
      severity: 'warning',
      fields: [],
      paper: paper.id,
      message: {
        vi: `${paper.name.vi}: trường hợp này không cần, tệp đã thêm sẽ không gửi kèm.`,
        en: `${paper.name.en ?? paper.name.vi}: not needed in this case, the added file will not be sent.`,
      },
    }))
}

export const findingsOf = (context: WizardContext, place: string): Finding[] => {
  const day = dayOf(context)
  if (place === 'review') return checkDossier(context.procedure, finishedContent(context), day)
  if (place !== 'papers') return checkStep(context.procedure, place, context.answers, day)
  const asked = context.attachments.filter(isAsked(context))
  return [...checkPapers(context.procedure, context.answers, asked, day), ...unaskedPaperFindings(context)]
}

export const isFixed = (context: Pick<WizardContext, 'fixed'>, fieldId: string): boolean =>
  context.fixed.has(readRowKey(fieldId)?.group ?? fieldId)

/** A doubt the clerk has kept ("Giữ nguyên"). */
export const isKept = (context: Pick<WizardContext, 'confirmedWarnings'>, finding: Finding): boolean =>
  finding.rule !== undefined && context.confirmedWarnings.some((kept) => kept.rule === finding.rule)

/** Errors hold the clerk; a doubt only until it has been on the screen once. */
export const mayLeave = (context: WizardContext, place: string): boolean => {
  const findings = findingsOf(context, place)
  if (hasErrors(findings)) return false
  return context.checked.includes(place) || findings.every((finding) => isKept(context, finding))
}

export const mayFinish = (context: WizardContext): boolean => !hasErrors(findingsOf(context, 'review'))

/** Where the first error is among the places seen; review itself when only a consent is missing. */
export const firstPlaceToFix = (context: WizardContext): string | undefined =>
  placesOf(context.procedure)
    .filter((place) => context.visited.includes(place))
    .find((place) =>
      place === 'review' ? hasErrors(checkConsents(context.procedure, context.consents)) : hasErrors(findingsOf(context, place)),
    )

export const copiesOffered = (context: WizardContext): OfferedValue[] =>
  offeredCopies(context.procedure, context.place, context.answers, dayOf(context))

/** What would be declared and nobody but the form has said: read out on review. */
export const proposedFields = (context: WizardContext): Field[] => {
  const declared = declaredAnswers(context.procedure, context.answers, dayOf(context))
  return fieldsWithRows(context.procedure, context.answers).filter(
    ({ id }) => declared[id]?.provenance.source === 'proposed' && declared[id].value !== '',
  )
}

export const startingContext = (procedure: Procedure, input: WizardInput): WizardContext => {
  const places = placesOf(procedure)
  const first = places[0] ?? 'review'
  const { draft } = input
  const isPlace = (place: string): boolean => places.includes(place)
  const visited = (draft?.visited ?? []).filter(isPlace)
  return {
    procedure,
    operatorId: input.operatorId,
    now: input.now,
    pointPlace: input.pointPlace,
    keepMonths: input.keepMonths,
    fixed: input.fixed ?? new Set(),
    answers: Object.fromEntries(Object.entries(draft?.answers ?? {}).filter(([id]) => findField(procedure, id) !== undefined)),
    attachments: draft?.attachments ?? [],
    consents: draft?.consents ?? [],
    confirmedWarnings: draft?.confirmedWarnings ?? [],
    place: draft !== undefined && isPlace(draft.place) ? draft.place : first,
    // A dossier taken back out of the queue knows its review alone; it was finished, so every place was seen.
    visited: draft?.place === 'review' && visited.length === 0 ? places : visited,
    checked: (draft?.checked ?? []).filter(isPlace),
    findings: {},
    returnToReview: draft?.returnToReview ?? false,
    failure: null,
  }
}

export const toDraft = (context: WizardContext): WizardDraft => ({
  procedureCode: context.procedure.code,
  procedureVersion: context.procedure.version,
  answers: context.answers,
  attachments: context.attachments,
  consents: context.consents,
  confirmedWarnings: context.confirmedWarnings,
  place: context.place,
  visited: context.visited,
  checked: context.checked,
  returnToReview: context.returnToReview,
})
