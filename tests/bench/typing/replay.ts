/** One dossier through the wizard's own machine, with what its clerk presses: fill, offers and proposals are the screen's own. */
import { createActor } from 'xstate'
import { CardPerson } from '../../../contracts/card.ts'
import type { Answers, Provenance } from '../../../contracts/dossier.ts'
import type { Field } from '../../../contracts/procedure.ts'
import type { KnownPeople } from '../../../contracts/visit.ts'
import { learnCard } from '../../../procedures/reuse/known-cards.ts'
import { factsOf, nobody } from '../../../procedures/reuse/known-people.ts'
import { knownPlaces } from '../../../procedures/reuse/known-places.ts'
import { type FieldOffer, type OfferedChoice, offersOfLatest } from '../../../procedures/reuse/offers.ts'
import { type PersonOffered, peopleOffered } from '../../../procedures/reuse/people-offered.ts'
import { offeredRelations } from '../../../procedures/reuse/relations-offered.ts'
import { compareIdentity } from '../../../procedures/reuse/same-citizen.ts'
import { fieldsOf } from '../../../procedures/rules/conditions.ts'
import {
  allFields,
  factsOfPerson,
  fillFromCard,
  findField,
  type PersonFacts,
  printedValue,
  visibleFields,
} from '../../../procedures/rules/index.ts'
import { unitOfPlace } from '../../../procedures/rules/place-text.ts'
import { copiesOffered, type WizardContext } from '../../../renderer/wizard/machine/wizard-context.ts'
import { createWizardMachine, type WizardEvent } from '../../../renderer/wizard/machine/wizard-machine.ts'
import { enteredCost, formerPlaceCost, isMadeByNobody, isSameValue, type PlacesAtHand, shortDateOf, typedCost } from './costs.ts'
import { operatorId, type Specimen } from './specimens.ts'

/** F4, the last six digits of the number, Enter; then the answer for the face, and Enter to fill in. */
export const cardCostTyped = 10
/** The card's code opens the dialog and the chip by itself; then the face, and Enter. The scan itself counts as one. */
export const cardCostScanned = 3

const cardFacts = [
  'fullName',
  'birthDate',
  'sex',
  'ethnicity',
  'nationality',
  'religion',
  'personalNumber',
  'oldIdentityNumber',
  'placeOfOrigin',
] as const

/**
 * The card this person would have: only what a chip holds, as this dossier says it (a chip, too, may hold no more than the year of birth),
 * else as the other specimens say it of the same person and their family.
 */
const cardOf = (facts: PersonFacts, everybody: KnownPeople): CardPerson | undefined => {
  const { personalNumber, fullName } = facts
  if (personalNumber === undefined || fullName === undefined) return undefined
  const person = everybody.people.find((each) => factsOf(each).personalNumber === personalNumber)
  const all: PersonFacts = { ...(person === undefined ? {} : factsOf(person)), ...facts }
  const nameOf = (relation: 'mother' | 'father' | 'spouse'): string | undefined => {
    const kin = everybody.kin.find((each) => each.of === person?.id && each.relation === relation)
    const relative = everybody.people.find(({ id }) => id === kin?.person)
    return relative === undefined ? undefined : factsOf(relative).fullName
  }
  const held: Record<string, string | undefined> = {
    ...Object.fromEntries(cardFacts.map((name) => [name, all[name]])),
    residence: facts.permanentResidence ?? facts.residence ?? all.permanentResidence ?? all.residence,
    issueDate: all.paperIssueDate,
    expiryDate: all.paperExpiryDate,
    fatherName: all.fatherName ?? nameOf('father'),
    motherName: all.motherName ?? nameOf('mother'),
    spouseName: all.spouseName ?? nameOf('spouse'),
  }
  return CardPerson.parse(Object.fromEntries(Object.entries(held).filter(([, value]) => value !== undefined)))
}

const personsOf = (fields: readonly Field[]): string[] => [
  ...new Set(fields.flatMap((field) => (field.fact === undefined ? [] : [field.fact.person]))),
]

/** The point stands where the agency of its dossiers is; of a dossier that names no agency of a commune, nowhere. */
export const pointOf = ({ dossier }: Specimen): string | undefined =>
  [dossier.answers.agency, dossier.answers.policeAgency, ...Object.values(dossier.answers)]
    .map((text) => unitOfPlace(text ?? ''))
    .find((unit) => unit !== '')

/** The dossier is not right on its day. */
export class NotReplayed extends Error {}

export type CardRead = { person: CardPerson; read: Provenance }
export type Pressed = { what: string; count: number }
export type Surroundings = {
  card: boolean
  /** What the visit's other dossiers and cards have said. */
  visit: KnownPeople
  /** All people of the specimens: whose cards these are. */
  everybody: KnownPeople
  pointPlace: string | undefined
}
export type Replay = { everything: number; left: number; answers: Answers; pressed: Pressed[]; cards: CardRead[] }

export const replay = (
  { file, dossier, procedure, answers: wanted }: Specimen,
  { card, visit, everybody, pointPlace }: Surroundings,
): Replay => {
  let known = visit
  const day = { today: dossier.today }
  const actor = createActor(createWizardMachine(procedure), {
    input: { operatorId, now: () => new Date(`${dossier.today}T03:00:00.000Z`), pointPlace },
  })
  actor.start()
  const context = (): WizardContext => actor.getSnapshot().context
  const send = (event: WizardEvent): void => actor.send(event)
  const printed = (field: Field): string => printedValue(field, wanted)
  const isRight = (field: Field): boolean => isSameValue(field, printedValue(field, context().answers), printed(field))
  const atHand = (field: Field): PlacesAtHand => ({
    places: knownPlaces(procedure, context().answers, known, field.id),
    point: pointPlace,
    today: dossier.today,
  })
  const olderNameAsked = (field: Field): string | undefined => {
    const asked = allFields(procedure).find(({ proposed }) => fieldsOf(proposed).includes(`${field.id}_former`))
    return asked === undefined ? undefined : wanted[asked.id]?.value
  }
  const pressed: Pressed[] = []
  const press = (what: string, count: number): void => {
    if (count > 0) pressed.push({ what, count })
  }
  const cards: CardRead[] = []
  let read = !card

  /** Fields the clerk has typed in by hand: nothing is taken over them again. */
  const typedIn = new Map<string, number>()
  const take = (what: string, offered: readonly FieldOffer[]): void => {
    const offers = offered.filter(({ fieldId }) => !typedIn.has(fieldId))
    if (offers.length === 0) return
    const choices = offers.flatMap(({ fieldId, choices, current }): { fieldId: string; choice: OfferedChoice }[] => {
      const field = findField(procedure, fieldId)
      const right = choices.find((choice) => field !== undefined && isSameValue(field, choice.value, printed(field)))
      if (choices.length > 1 || current !== undefined) press(`choose among values: ${fieldId}`, 1)
      // Where nothing differs the first is taken, right or wrong; among several the clerk takes the right one or keeps what is there.
      const taken = choices.length > 1 || current !== undefined ? right : choices[0]
      return taken === undefined ? [] : [{ fieldId, choice: taken }]
    })
    press(what, 1)
    send({ type: 'TAKE_OVER', choices })
  }

  const isRightPerson = ({ personId, candidate }: PersonOffered): boolean => {
    const facts = factsOfPerson(procedure, personId, wanted, day)
    const theirs = factsOf(candidate.person)
    const identity = compareIdentity(facts, theirs)
    // Where only a name is known, the clerk asks.
    return identity === 'same' || (identity === 'unknown' && facts.fullName !== undefined && facts.fullName === theirs.fullName)
  }

  const takeOverIn = (stepId: string): void => {
    const asked = new Set<string>()
    for (;;) {
      const right = peopleOffered(procedure, stepId, { visit: known, drafts: nobody }, context().answers, day).find(
        (offered) => !asked.has(offered.personId) && isRightPerson(offered),
      )
      if (right === undefined) break
      asked.add(right.personId)
      take(`take over ${right.personId}`, right.candidate.offers)
    }
    const latest = [
      ...offersOfLatest(procedure, stepId, known, context().answers, day),
      ...offeredRelations(procedure, stepId, known, context().answers, day),
    ]
    const good = latest.filter(({ fieldId, choices }) => choices[0]?.value === wanted[fieldId]?.value)
    if (good.length > latest.length / 2) take('take over the rest of the step', latest)
  }

  const copyIn = (): void => {
    if (copiesOffered(context()).length === 0) return
    press('same person as before', 1)
    send({ type: 'COPY' })
  }

  for (const { id: stepId } of procedure.steps) {
    send({ type: 'COMMIT' })
    const fields = visibleFields(procedure, stepId, context().answers, day)
    const first = personsOf(fields)[0]
    const own = first === undefined ? undefined : cardOf(factsOfPerson(procedure, first, wanted, day), everybody)
    if (!read && first !== undefined && own !== undefined && procedure.persons.some(({ id, card: has }) => id === first && has)) {
      read = true
      press(`card of ${first}`, cardCostTyped)
      send({ type: 'FILL', values: fillFromCard(procedure, first, own), origin: { source: 'card' } })
      const provenance: Provenance = { source: 'card', at: `${dossier.today}T03:00:00.000Z`, operatorId }
      cards.push({ person: own, read: provenance })
      known = learnCard(known, own, provenance)
    }
    takeOverIn(stepId)
    copyIn()
    for (;;) {
      const open = visibleFields(procedure, stepId, context().answers, day).filter(
        (field) => !isMadeByNobody(field) && !isRight(field) && (typedIn.get(field.id) ?? 0) < 3,
      )
      // What the form proposes by itself is left for the last: it may follow from the others.
      const next = open.find(({ proposed }) => proposed === undefined) ?? open[0]
      if (next === undefined) break
      typedIn.set(next.id, (typedIn.get(next.id) ?? 0) + 1)
      const value = printed(next)
      const written = printedValue(next, context().answers)
      // A wrong value is selected first; a chip's is locked, and opening it is one key more.
      const isOfChip = context().answers[next.id]?.provenance.source === 'card'
      const wrong = (written !== '' && next.type !== 'choice' && next.type !== 'rows' ? 1 : 0) + (isOfChip ? 1 : 0)
      // A place whose older name the form asks for as well is found by that name.
      const former = olderNameAsked(next)
      const byFormer = former === undefined ? undefined : formerPlaceCost(value, former, pointPlace)
      press(next.id, (byFormer?.cost ?? enteredCost(next, value, atHand(next))) + wrong)
      if (isOfChip) send({ type: 'UNLOCK', fieldId: next.id })
      // What is pressed is what is sent: a year of two digits becomes whole by the wizard itself.
      const raw = shortDateOf(next, value, dossier.today) ?? value
      send({ type: 'ANSWER', fieldId: next.id, raw, ...(byFormer === undefined ? {} : { unit: byFormer.unit }) })
      send({ type: 'COMMIT' })
      // An answer may open fields that are known: they are offered as soon as they are asked.
      if (next.type === 'choice' || next.type === 'rows') {
        takeOverIn(stepId)
        copyIn()
      }
    }
    send({ type: 'NEXT' })
    if (context().place === stepId) send({ type: 'NEXT' })
    if (context().place === stepId)
      throw new NotReplayed(
        `${file}: held at ${stepId}: ${(context().findings[stepId] ?? []).map(({ message }) => message.vi).join(' ')}`,
      )
  }
  // What changed behind the clerk's back is mended from review: one key to get there, one to select.
  for (const { id: stepId } of procedure.steps) {
    for (const field of visibleFields(procedure, stepId, context().answers, day)) {
      if (isMadeByNobody(field) || isRight(field)) continue
      press(`from review: ${field.id}`, 2 + enteredCost(field, printed(field), atHand(field)))
      send({ type: 'ANSWER', fieldId: field.id, raw: printed(field) })
      send({ type: 'COMMIT' })
    }
  }
  let everything = 0
  for (const { id: stepId } of procedure.steps) {
    for (const field of visibleFields(procedure, stepId, context().answers, day)) {
      const value = printed(field)
      if (!isRight(field) && !isMadeByNobody(field))
        throw new NotReplayed(
          `${file}: ${field.id} ended as "${printedValue(field, context().answers)}", the specimen says "${value}"`,
        )
      if (value !== '') everything += typedCost(field, value)
    }
  }
  actor.stop()
  return { everything, left: pressed.reduce((sum, { count }) => sum + count, 0), answers: context().answers, pressed, cards }
}
