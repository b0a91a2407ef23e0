/**
 * What a dossier is about, so that the same matter entered twice is known for what it is: the procedure and its case, the citizens it speaks
 * of, and the days of the event. Whoever only asks for somebody else does not count, nor does anything a second clerk may word differently.
 * Canonical text, compared by keyed hash and never kept.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import { foldForSearch } from './code-lists.ts'
import { factsOfPerson } from './fill.ts'
import { personOfRow, rowCount } from './rows.ts'
import { allFields, type Day, valuesOf } from './visibility.ts'

/** By convention of the documents: the one who asks, whoever it is about. */
const asker = 'requester'

const identityOf = (procedure: Procedure, personId: string, answers: Answers, day: Day): string | undefined => {
  const { personalNumber, fullName, birthDate } = factsOfPerson(procedure, personId, answers, day)
  if (personalNumber !== undefined) return personalNumber
  return fullName === undefined ? undefined : `${foldForSearch(fullName)} ${birthDate ?? ''}`
}

/** Undefined when it names nobody by whom it could be known again. */
export const matterOf = (procedure: Procedure, answers: Answers, day: Day): string | undefined => {
  const values = valuesOf(procedure, answers, day)
  const fields = allFields(procedure)
  const inRows = fields.flatMap((field) =>
    field.type === 'rows'
      ? Array.from({ length: rowCount(field, values[field.id]) }, (_, index) => personOfRow(field.id, index + 1))
      : [],
  )
  const identified = [...procedure.persons.map(({ id }) => id), ...inRows].flatMap((id) => {
    const identity = identityOf(procedure, id, answers, day)
    return identity === undefined ? [] : [{ id, identity }]
  })
  const others = identified.filter(({ id }) => id !== asker)
  const subjects = [...new Set((others.length > 0 ? others : identified).map(({ identity }) => identity))].toSorted()
  if (subjects.length === 0) return undefined
  const days = fields
    .filter((field) => (field.type === 'date' || field.type === 'date-time') && field.fact === undefined)
    .map((field) => values[field.id] ?? '')
  const { caseQuestion } = procedure
  return JSON.stringify([procedure.code, caseQuestion === undefined ? '' : (values[caseQuestion] ?? ''), subjects, days])
}
