/** A specimen dossier as everybody enqueues it: JSON of 10 KB. */
import { randomUUID } from 'node:crypto'
import { findProcedure } from '../../../procedures/catalogue.ts'
import { specimenDossiers } from '../../../procedures/specimens.ts'

const wantedBytes = 10_000
/** Long addresses bring it to its size, each no longer than the form takes. */
const longest: Record<string, number> = {
  fatherResidence: 500,
  motherResidence: 500,
  requesterResidence: 500,
  childBirthPlace: 500,
  childHometown: 500,
  agency: 200,
  marriageAgency: 200,
}

export function specimenText(): string {
  const { procedureCode, procedureVersion, answers, papers } = specimenDossiers.marriedCouple
  const procedure = findProcedure(procedureCode, procedureVersion)
  if (procedure === undefined) throw new Error('the specimen names no procedure of the catalogue')
  const at = new Date().toISOString()
  const provenance = { source: 'typed', at, operatorId: randomUUID() }
  const make = (more: number) =>
    JSON.stringify({
      procedureCode,
      procedureVersion,
      answers: Object.fromEntries(
        Object.entries(answers).map(([id, value]) => [
          id,
          { value: `${value}${' bản Mẫu'.repeat(more)}`.slice(0, longest[id] ?? value.length), provenance },
        ]),
      ),
      consents: procedure.consents.map(({ id, purpose }) => ({ id, purpose, given: true, at })),
      paperId: papers[0],
    })
  let more = 0
  while (Buffer.byteLength(make(more)) < wantedBytes && more < 62) more += 1
  return make(more)
}
