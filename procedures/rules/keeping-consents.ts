/**
 * The second purpose a citizen may consent to: keeping what he said of himself, so that he need not say it again (Law 91/2025/QH15: each
 * purpose apart, silence is no consent). It belongs to no document: it is asked with every procedure, of everybody whose card proved in this
 * dossier that he is here, each for himself, and only where the gateway has said that it keeps a store.
 *
 * Invariants: nobody consents for another, so a person without a card of his own in the dossier is never asked; without it the dossier is
 * handed in just the same.
 */
import type { Answers, ChipEvidence, Consent, Provenance } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import { type Day, declaredAnswers } from './visibility.ts'

export type AskedConsent = Procedure['consents'][number]

const prefix = 'keepFactsOf'

/** Documents cannot give a consent of their own such a name (parse-procedure.ts). */
export const isKeepingConsent = (consentId: string): boolean => consentId.startsWith(prefix)

const consentIdOf = (personId: string): string => `${prefix}${personId.charAt(0).toUpperCase()}${personId.slice(1)}`

/** What the chip behind a personal number rests on, if the clerk saw that its holder is the one who stands here. */
const cardBehind = ({ source, chip, from }: Provenance): ChipEvidence | undefined => {
  const read = source === 'card' ? chip : from?.source === 'card' ? from.chip : undefined
  return read?.samePerson === 'yes' ? read : undefined
}

/** Specimens bear a place code which no province has: what is kept of them is kept apart, for training. */
export const isSpecimenNumber = (personalNumber: string): boolean => personalNumber.startsWith('000')

/** Persons of the form, not of its rows, whose own card was read. Of a specimen it matters little who vouches for its issuer. */
const personsHere = (procedure: Procedure, answers: Answers, day: Day): string[] => {
  const declared = declaredAnswers(procedure, answers, day)
  const persons = procedure.steps
    .flatMap((step) => step.fields)
    .flatMap((field) => {
      const answer = declared[field.id]
      if (field.type === 'rows' || field.fact?.value !== 'personalNumber' || answer === undefined) return []
      const card = cardBehind(answer.provenance)
      const proven = card?.verdict === 'genuine' || (isSpecimenNumber(answer.value) && card?.verdict === 'genuine-ca-unknown')
      return proven ? [field.fact.person] : []
    })
  return [...new Set(persons)]
}

/** What is asked beside the document's own consents. `months`: how long the gateway keeps. */
export const keepingConsents = (
  procedure: Procedure,
  answers: Answers,
  day: Day,
  { months }: { months: number },
): AskedConsent[] =>
  personsHere(procedure, answers, day).flatMap((personId) => {
    const person = procedure.persons.find(({ id }) => id === personId)
    if (person === undefined) return []
    const { vi, en = personId } = person.noun ?? person.label
    const [noun, nounEn] = [vi, en].map((text) => text.charAt(0).toLocaleLowerCase('vi') + text.slice(1))
    return [
      {
        id: consentIdOf(personId),
        required: false,
        purpose: {
          vi: `Lưu ${months} tháng điều ${noun} đã khai về chính mình (nơi ở, liên lạc, nghề nghiệp) tại máy chủ, để lần sau đưa thẻ thì khỏi khai lại. Không đồng ý vẫn nộp được hồ sơ; đổi ý lúc nào thì xoá lúc đó.`,
          en: `Keep for ${months} months at the gateway what the ${nounEn} has declared of himself or herself (residence, contact, occupation), so that it need not be said again when the card is shown. The dossier is handed in all the same without it; it is erased whenever asked.`,
        },
      },
    ]
  })

/** Who consented to it, and whose card was there to prove it: a consent that nothing proves counts for nothing. */
export const personsWhoKeep = (
  procedure: Procedure,
  dossier: { answers: Answers; consents: readonly Pick<Consent, 'id' | 'given'>[] },
  day: Day,
): string[] => {
  const given = new Set(dossier.consents.filter((consent) => consent.given).map(({ id }) => id))
  return personsHere(procedure, dossier.answers, day).filter((personId) => given.has(consentIdOf(personId)))
}
