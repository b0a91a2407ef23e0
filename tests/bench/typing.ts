/**
 * `npm run bench:typing [-- --dossiers FOLDER...] [--explain]`: how much of a dossier somebody still types. Replays specimen dossiers through
 * the wizard's own machine, fill and reuse rules and ends with the specimen's answers, or fails. `--explain` lists what is pressed.
 *
 * Who types everything: each value in full. With Trạm, beside what is typed:
 *   a card           3 where its code is scanned: the scan, the answer for the face, Enter. 10 where its number is typed: F4, its last six digits
 *                    (they are the card access number), Enter, the face, Enter. One card a family: of the first person of the form; in the
 *                    second dossier none
 *   taking over      1 for a person, or for a step's other fields; 1 more for each value chosen among several
 *   a wrong value    1 to select it, then as if it were empty; 2 if it is found only at review
 *   a list           letters, arrows and Enter by the look-up, or the whole name if that is shorter
 *   a date           two digits of its year where the form reads the same date
 *   an e-mail        its domain from the list that opens after the @
 *   a place          what stands before the commune, then as a list; a place that was named before in the dossier or the visit, as a list
 * The point stands in the commune whose agency the dossier goes to. A right proposal costs nothing: review is read in any case.
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { KnownPerson } from '../../contracts/visit.ts'
import { learnCard } from '../../procedures/reuse/known-cards.ts'
import { factsOf, learn, nobody } from '../../procedures/reuse/known-people.ts'
import { compareIdentity } from '../../procedures/reuse/same-citizen.ts'
import { cardCostScanned, cardCostTyped, NotReplayed, pointOf, type Replay, replay, type Surroundings } from './typing/replay.ts'
import { readSpecimens, type Specimen } from './typing/specimens.ts'

const { values: options, positionals } = parseArgs({
  options: { dossiers: { type: 'string', multiple: true }, explain: { type: 'boolean', default: false } },
  allowPositionals: true,
})

/** `left` with the card's number typed. */
type Count = { everything: number; left: number; cards: number }

const share = ({ everything, left }: Count): number => (everything === 0 ? 100 : 100 * (1 - left / everything))
const scanned = (count: Count): Count => ({ ...count, left: count.left - count.cards * (cardCostTyped - cardCostScanned) })
const line = (label: string, count: Count): string =>
  `  ${label.padEnd(92).slice(0, 92)} ${[count.everything, scanned(count).left].map((each) => String(each).padStart(6)).join(' ')} ${share(scanned(count)).toFixed(0).padStart(4)} %`
const countOf = ({ everything, left, cards }: Replay): Count => ({ everything, left, cards: cards.length })
const report = (label: string, replayed: Replay): void => {
  console.log(line(label, countOf(replayed)))
  if (options.explain) console.log(`      ${replayed.pressed.map(({ what, count }) => `${what} ${count}`).join(', ')}`)
}
const add = (total: Count, { everything, left, cards }: Replay): void => {
  total.everything += everything
  total.left += left
  total.cards += cards.length
}

const folders = [...(options.dossiers ?? []), ...positionals].map((path) => resolve(path))
const own = join(import.meta.dirname, '../../procedures')
const readAll = (): Specimen[] => {
  try {
    return readSpecimens(folders.length > 0 ? folders : [own], (file) => folders.length > 0 || file.includes('/specimens/'))
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : String(cause))
    return process.exit(2)
  }
}
const specimens = readAll()
const everybody = specimens.reduce(
  (known, { procedure, answers, dossier }) => learn(known, procedure, answers, { today: dossier.today }),
  nobody,
)

let failed = false
/** Undefined of a dossier that is not right on its day: it is named, with where the wizard holds it, and the others go on. */
const tryReplay = (specimen: Specimen, surroundings: Surroundings): Replay | undefined => {
  try {
    return replay(specimen, surroundings)
  } catch (cause) {
    if (!(cause instanceof NotReplayed)) throw cause
    failed = true
    console.log(`  not replayed: ${cause.message}`)
    return undefined
  }
}

console.log(
  'Keystrokes: a character 1, an option 1, taking over 1, a card 3 (its code scanned); moving between fields 0 on both sides.',
)
console.log(`  ${''.padEnd(92)}    all   left saved`)
const totals = new Map<string, Count>()
const firsts = new Map<Specimen, Replay>()
for (const code of new Set(specimens.map(({ procedure }) => procedure.code))) {
  const same = specimens.filter(({ procedure }) => procedure.code === code)
  console.log(`${code} ${same[0]?.procedure.name.vi ?? ''}, with a chip card`)
  const total = { everything: 0, left: 0, cards: 0 }
  for (const specimen of same) {
    const replayed = tryReplay(specimen, { card: true, visit: nobody, everybody, pointPlace: pointOf(specimen) })
    if (replayed === undefined) continue
    firsts.set(specimen, replayed)
    add(total, replayed)
    report(specimen.dossier.description, replayed)
  }
  console.log(line('together', total))
  totals.set(code, total)
}

console.log('The second dossier of a family in one visit, no card read again')
const family: Count = { everything: 0, left: 0, cards: 0 }
const withOthers: Count = { everything: 0, left: 0, cards: 0 }
for (const [first, before] of firsts) {
  const day = { today: first.dossier.today }
  const people = learn(nobody, first.procedure, first.answers, day).people
  const visit = before.cards.reduce(
    (known, { person, read }) => learnCard(known, person, read),
    learn(nobody, first.procedure, before.answers, day),
  )
  for (const second of specimens) {
    if (second === first || !firsts.has(second)) continue
    const theirs = learn(nobody, second.procedure, second.answers, { today: second.dossier.today }).people
    const isKnown = (one: KnownPerson): boolean =>
      people.some((other) => compareIdentity(factsOf(one), factsOf(other)) === 'same')
    if (!theirs.some(isKnown)) continue
    // The second dossier of a family speaks of the family. With somebody new in it, what is typed is what nobody has said.
    const allKnown = theirs.every(isKnown)
    const replayed = tryReplay(second, { card: false, visit, everybody, pointPlace: pointOf(second) })
    if (replayed === undefined) continue
    add(allKnown ? family : withOthers, replayed)
    report(
      `${allKnown ? 'family' : 'others'}: ${second.procedure.code} after ${first.procedure.code}: ${second.dossier.description}`,
      replayed,
    )
  }
}
if (family.everything > 0) console.log(line('family: everybody in it was in the first', family))
if (withOthers.everything > 0) console.log(line('others: somebody in it nobody has spoken of yet', withOthers))

const birth = totals.get('1.001193')
const permanent = totals.get('1.004222')
const temporary = totals.get('1.004194')
const targets: { name: string; target: number; of: Count | undefined }[] = [
  { name: 'typing-saved-ct01-permanent', target: 60, of: permanent && scanned(permanent) },
  { name: 'typing-saved-ct01-temporary', target: 60, of: temporary && scanned(temporary) },
  { name: 'typing-saved-birth', target: 45, of: birth && scanned(birth) },
  { name: 'typing-saved-ct01-permanent-number-typed', target: 60, of: permanent },
  { name: 'typing-saved-ct01-temporary-number-typed', target: 60, of: temporary },
  { name: 'typing-saved-birth-number-typed', target: 45, of: birth },
  { name: 'typing-saved-second-dossier', target: 80, of: family.everything > 0 ? family : undefined },
]
for (const { name, target, of } of targets) {
  if (of === undefined) continue
  const measured = share(of)
  if (measured < target) failed = true
  console.log(`${name} target >=${target}% measured ${measured.toFixed(1)}% ${measured >= target ? 'pass' : 'fail'}`)
}
process.exit(failed ? 1 : 0)
