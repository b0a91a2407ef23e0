/**
 * `npm run bench:typing [-- FOLDER...]`: how much of a dossier somebody still types. Replays specimen dossiers through the wizard's own
 * machine, fill and reuse rules and ends with exactly the specimen's answers, or fails. FOLDER holds specimen files or folders of them.
 *
 * Counted alike on both sides: a character typed is 1, an option chosen is 1, moving between fields and steps is 0. What no form has
 * typed by anybody (words of a date, composed sentences) is left out on both sides.
 * Who types everything: each value in full. With Trạm, beside what is typed:
 *   a card          14: F4, the 12 digits of its number, Enter. One card: of the first person of the form
 *   taking over      1 for a person, or for a step's other fields; 1 more for each value chosen among several
 *   a wrong value   1 to select it, then as if it were empty
 *   a list           letters, arrows and Enter by the look-up, or the whole name if that is shorter
 *   a place          what stands before the commune, then as a list; a place that was named before in the dossier or the visit, as a list
 * Dates are 8 digits on both sides.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createActor } from 'xstate'
import type { CardPerson } from '../../contracts/card.ts'
import type { Answers } from '../../contracts/dossier.ts'
import type { Field, Procedure } from '../../contracts/procedure.ts'
import type { KnownPeople } from '../../contracts/visit.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { loadLookup } from '../../procedures/lookup/everything.ts'
import { completePlace, tailOf } from '../../procedures/lookup/places.ts'
import { factsOf, learn, nobody } from '../../procedures/reuse/known-people.ts'
import { isPlaceField, knownPlaces } from '../../procedures/reuse/known-places.ts'
import { candidatesFor, type FieldOffer, type OfferedChoice, offersOfLatest } from '../../procedures/reuse/offers.ts'
import { compareIdentity } from '../../procedures/reuse/same-citizen.ts'
import {
  factsOfPerson,
  fillFromCard,
  findField,
  type PersonFacts,
  printedValue,
  visibleFields,
} from '../../procedures/rules/index.ts'
import { SpecimenDossier } from '../../procedures/specimens.ts'
import { copiesOffered, placesOf, type WizardContext } from '../../renderer/wizard/machine/wizard-context.ts'
import { createWizardMachine, type WizardEvent } from '../../renderer/wizard/machine/wizard-machine.ts'

type Specimen = { file: string; dossier: SpecimenDossier; procedure: Procedure; answers: Answers }

const operatorId = '00000000-0000-4000-8000-000000000001'
const cardCost = 14

const lookup = await loadLookup()

const filesIn = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name !== 'node_modules' && !name.startsWith('.'))
        .flatMap((name) => filesIn(join(path, name)))
    : path.endsWith('.json')
      ? [path]
      : []

const readSpecimen = (file: string): Specimen[] => {
  const parsed = SpecimenDossier.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success) return []
  const dossier = parsed.data
  const procedure = findProcedure(dossier.procedureCode, dossier.procedureVersion)
  if (procedure === undefined) throw new Error(`${file}: no procedure ${dossier.procedureCode} of ${dossier.procedureVersion}`)
  const provenance = { source: 'typed' as const, at: `${dossier.today}T02:00:00.000Z`, operatorId }
  const answers = Object.fromEntries(Object.entries(dossier.answers).map(([id, value]) => [id, { value, provenance }]))
  return [{ file, dossier, procedure, answers }]
}

const isMadeByNobody = (field: Field): boolean => field.type === 'date-in-words' || field.type === 'composed'

const characters = (text: string): number => [...text.normalize('NFC')].length

/** What a person presses who types the whole value. */
const typedCost = (field: Field, value: string): number => {
  switch (field.type) {
    case 'choice':
      return 1
    case 'multi-choice':
      return value.split('; ').length
    case 'rows':
      return Number(value)
    case 'date-in-words':
    case 'composed':
      return 0
    case 'date':
      return value.replaceAll('/', '').length
    default:
      return characters(value)
  }
}

/** The shortest way through the look-up: letters without marks, arrows down to the entry, Enter. */
const lookUpCost = (list: string, value: string): number => {
  const letters = value.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd')
  let best = Number.POSITIVE_INFINITY
  for (let length = 1; length + 1 < best && length <= letters.length; length += 1) {
    const place = lookup
      .search(letters.slice(0, length), { lists: [list], limit: 8 })
      .findIndex(({ entry }) => entry.name === value)
    if (place >= 0) best = Math.min(best, length + place + 1)
  }
  return best
}

/** The shortest way through the completion of places: some of the text, arrows down, Enter. */
const placeCost = (field: Field, value: string, places: readonly string[]): number => {
  const anywhere = field.type !== 'text'
  let best = characters(value)
  for (const from of new Set([0, tailOf(value).before.length])) {
    for (let length = from + 1; length + 1 < best && length <= value.length; length += 1) {
      const place = completePlace(value.slice(0, length), lookup, places, { anywhere }).findIndex(({ text }) => text === value)
      if (place >= 0) best = Math.min(best, length + place + 1)
    }
  }
  return best
}

const givenCost = (field: Field, value: string, places: readonly string[]): number => {
  if (field.type === 'listed') return Math.min(lookUpCost(field.list, value), typedCost(field, value))
  return isPlaceField(field.type) ? placeCost(field, value, places) : typedCost(field, value)
}

const cardFacts = ['fullName', 'birthDate', 'sex', 'ethnicity', 'nationality', 'religion', 'personalNumber'] as const

/** The card this person of the specimen would have: only what a chip holds, and as the dossier says it (a chip, too, may hold no more than the year of birth). */
const cardOf = (facts: PersonFacts): CardPerson | undefined => {
  const { personalNumber, fullName } = facts
  if (personalNumber === undefined || fullName === undefined) return undefined
  const same = Object.fromEntries(cardFacts.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])))
  const others: Record<string, string | undefined> = {
    placeOfOrigin: facts.placeOfOrigin,
    residence: facts.permanentResidence ?? facts.residence,
    issueDate: facts.paperIssueDate,
    expiryDate: facts.paperExpiryDate,
    fatherName: facts.fatherName,
    motherName: facts.motherName,
    spouseName: facts.spouseName,
  }
  const held = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
  return { ...same, ...held, personalNumber, fullName } as CardPerson
}

const personsOf = (fields: readonly Field[]): string[] => [
  ...new Set(fields.flatMap((field) => (field.fact === undefined ? [] : [field.fact.person]))),
]

type Replay = { everything: number; left: number; answers: Answers }

const replay = ({ file, dossier, procedure, answers: wanted }: Specimen, card: boolean, known: KnownPeople): Replay => {
  const day = { today: dossier.today }
  const actor = createActor(createWizardMachine(procedure), {
    input: { operatorId, now: () => new Date(`${dossier.today}T03:00:00.000Z`) },
  })
  actor.start()
  const context = (): WizardContext => actor.getSnapshot().context
  const send = (event: WizardEvent): void => actor.send(event)
  const printed = (field: Field): string => printedValue(field, wanted)
  let left = 0
  let read = !card

  /** Fields the clerk has typed in by hand: nothing is taken over them again. */
  const typedIn = new Map<string, number>()
  const take = (offered: readonly FieldOffer[]): void => {
    const offers = offered.filter(({ fieldId }) => !typedIn.has(fieldId))
    if (offers.length === 0) return
    const choices = offers.flatMap(({ fieldId, choices, current }): { fieldId: string; choice: OfferedChoice }[] => {
      const field = findField(procedure, fieldId)
      const right = choices.find((choice) => field !== undefined && choice.value === printed(field))
      if (choices.length > 1 || current !== undefined) left += 1
      // Where nothing differs the first is taken, right or wrong; among several the clerk takes the right one or keeps what is there.
      const taken = choices.length > 1 || current !== undefined ? right : choices[0]
      return taken === undefined ? [] : [{ fieldId, choice: taken }]
    })
    left += 1
    send({ type: 'TAKE_OVER', choices })
  }

  const takeOverIn = (stepId: string): void => {
    const fields = visibleFields(procedure, stepId, context().answers, day)
    for (const person of personsOf(fields)) {
      const facts = factsOfPerson(procedure, person, wanted, day)
      const place = candidatesFor(procedure, person, known, context().answers, day).slice(0, 4)
      const right = place.find((candidate) => compareIdentity(facts, factsOf(candidate.person)) === 'same')
      if (right !== undefined) take(right.offers)
    }
    const latest = offersOfLatest(procedure, stepId, known, context().answers, day)
    const good = latest.filter(({ fieldId, choices }) => choices[0]?.value === wanted[fieldId]?.value)
    if (good.length > latest.length / 2) take(latest)
  }

  const copyIn = (): void => {
    if (copiesOffered(context()).length === 0) return
    left += 1
    send({ type: 'COPY' })
  }

  for (const stepId of placesOf(procedure).slice(0, -2)) {
    send({ type: 'COMMIT' })
    const fields = visibleFields(procedure, stepId, context().answers, day)
    const first = personsOf(fields)[0]
    const own = first === undefined ? undefined : cardOf(factsOfPerson(procedure, first, wanted, day))
    if (!read && first !== undefined && own !== undefined && procedure.persons.some(({ id, card: has }) => id === first && has)) {
      read = true
      left += cardCost
      send({ type: 'FILL', values: fillFromCard(procedure, first, own), origin: { source: 'card' } })
    }
    takeOverIn(stepId)
    copyIn()
    for (;;) {
      const next = visibleFields(procedure, stepId, context().answers, day).find(
        (field) =>
          !isMadeByNobody(field) && printedValue(field, context().answers) !== printed(field) && (typedIn.get(field.id) ?? 0) < 3,
      )
      if (next === undefined) break
      typedIn.set(next.id, (typedIn.get(next.id) ?? 0) + 1)
      const value = printed(next)
      const places = knownPlaces(procedure, context().answers, known, next.id)
      const written = printedValue(next, context().answers)
      left += givenCost(next, value, places) + (written !== '' && next.type !== 'choice' ? 1 : 0)
      // A chip's value is locked; opening it is one key more.
      if (context().answers[next.id]?.provenance.source === 'card') {
        left += 1
        send({ type: 'UNLOCK', fieldId: next.id })
      }
      send({ type: 'ANSWER', fieldId: next.id, raw: value })
      send({ type: 'COMMIT' })
      // An answer may open fields that are known: they are offered as soon as they are asked.
      if (next.type === 'choice' || next.type === 'rows') {
        takeOverIn(stepId)
        copyIn()
      }
    }
    send({ type: 'NEXT' })
    if (context().place === stepId) send({ type: 'NEXT' })
    if (context().place === stepId) throw new Error(`${file}: held at ${stepId}: ${JSON.stringify(context().findings[stepId])}`)
  }
  let everything = 0
  for (const stepId of placesOf(procedure).slice(0, -2)) {
    for (const field of visibleFields(procedure, stepId, context().answers, day)) {
      const value = printedValue(field, context().answers)
      if (value !== printed(field))
        throw new Error(`${file}: ${field.id} ended as "${value}", the specimen says "${printed(field)}"`)
      if (value !== '') everything += typedCost(field, value)
    }
  }
  actor.stop()
  return { everything, left, answers: context().answers }
}

const share = (everything: number, left: number): number => 100 * (1 - left / everything)
const line = (label: string, { everything, left }: { everything: number; left: number }): string =>
  `  ${label.padEnd(92).slice(0, 92)} ${String(everything).padStart(5)} ${String(left).padStart(5)} ${share(everything, left).toFixed(0).padStart(4)} %`

const folders = process.argv.slice(2)
const paths = folders.length > 0 ? folders : [join(import.meta.dirname, '../../procedures')]
const specimens = paths
  .flatMap((path) => filesIn(resolve(path)))
  .filter((file) => folders.length > 0 || file.includes('/specimens/'))
  .flatMap(readSpecimen)
if (specimens.length === 0) throw new Error('No specimen dossiers found')

console.log('Keystrokes: a character 1, an option 1, a card 14, taking over 1; moving between fields 0 on both sides.')
console.log(`  ${''.padEnd(92)}   all  left saved`)
const totals = new Map<string, { everything: number; left: number }>()
for (const code of new Set(specimens.map(({ procedure }) => procedure.code))) {
  const own = specimens.filter(({ procedure }) => procedure.code === code)
  console.log(`${code} ${own[0]?.procedure.name.vi ?? ''}, with a chip card`)
  const total = { everything: 0, left: 0 }
  for (const specimen of own) {
    const { everything, left } = replay(specimen, true, nobody)
    total.everything += everything
    total.left += left
    console.log(line(specimen.dossier.description, { everything, left }))
  }
  console.log(line('together', total))
  totals.set(code, total)
}

console.log('The second dossier of a family in one visit, no card read again')
const family = { everything: 0, left: 0 }
for (const first of specimens) {
  const people = learn(nobody, first.procedure, first.answers, { today: first.dossier.today })
  for (const second of specimens) {
    if (second === first) continue
    const theirs = learn(nobody, second.procedure, second.answers, { today: second.dossier.today }).people
    const related = theirs.some((one) => people.people.some((other) => compareIdentity(factsOf(one), factsOf(other)) === 'same'))
    if (!related) continue
    const before = replay(first, true, nobody)
    const visit = learn(nobody, first.procedure, before.answers, { today: first.dossier.today })
    const { everything, left } = replay(second, false, visit)
    family.everything += everything
    family.left += left
    console.log(
      line(`${second.procedure.code} after ${first.procedure.code}: ${second.dossier.description}`, { everything, left }),
    )
  }
}
if (family.everything > 0) console.log(line('together', family))

const targets: { name: string; target: number; of: { everything: number; left: number } | undefined }[] = [
  { name: 'typing-saved-ct01-permanent', target: 60, of: totals.get('1.004222') },
  { name: 'typing-saved-ct01-temporary', target: 60, of: totals.get('1.004194') },
  { name: 'typing-saved-birth', target: 45, of: totals.get('1.001193') },
  { name: 'typing-saved-second-dossier', target: 80, of: family.everything > 0 ? family : undefined },
]
let failed = false
for (const { name, target, of } of targets) {
  if (of === undefined) continue
  const measured = share(of.everything, of.left)
  if (measured < target) failed = true
  console.log(`${name} target >=${target}% measured ${measured.toFixed(1)}% ${measured >= target ? 'pass' : 'fail'}`)
}
process.exit(failed ? 1 : 0)
