import { t } from '@lingui/core/macro'
import type { Answers } from '../../../contracts/dossier.ts'
import type { Field, Procedure } from '../../../contracts/procedure.ts'
import { printedValue } from '../../../procedures/rules/index.ts'
import { fieldName } from '../../fields/field-name.ts'

type Props = { procedure: Procedure; fields: readonly Field[]; answers: Answers }

/** What was handed in and is not asked for again: to compare with, not to change. */
export const FixedFields = ({ procedure, fields, answers }: Props) => {
  const shown = fields.filter((field) => field.type !== 'rows' && field.type !== 'signature')
  if (shown.length === 0) return null
  return (
    <section className="card" aria-labelledby="fixed-fields" data-testid="fixed-fields">
      <h2 id="fixed-fields">{t`Để đối chiếu: đã nộp, giữ nguyên`}</h2>
      <dl className="answers">
        {shown.map((field) => {
          const value = printedValue(field, answers)
          return (
            <div key={field.id}>
              <dt>{fieldName(procedure, field)}</dt>
              <dd className={value === '' ? 'note' : ''}>{value === '' ? t`Chưa khai` : value}</dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
