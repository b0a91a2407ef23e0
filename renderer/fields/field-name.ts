/** What a field is called where its form is not around it: one of a row is told from its sisters by the row's own name and number. */
import type { Field, Procedure } from '../../contracts/procedure.ts'
import { findField, readRowKey } from '../../procedures/rules/index.ts'
import { say } from '../locales/locale.ts'

export const fieldName = (procedure: Procedure, { id, label }: Pick<Field, 'id' | 'label'>): string => {
  const row = readRowKey(id)
  const group = row === undefined ? undefined : findField(procedure, row.group)
  return row === undefined || group?.type !== 'rows' ? say(label) : `${say(group.rowLabel)} ${row.number} · ${say(label)}`
}
