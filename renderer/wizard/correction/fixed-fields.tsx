import { t } from '@lingui/core/macro'
import type { Answers } from '../../../contracts/dossier.ts'
import type { Field } from '../../../contracts/procedure.ts'
import { printedValue, readRowKey } from '../../../procedures/rules/index.ts'
import { say } from '../../locales/locale.ts'

type Props = { fields: readonly Field[]; answers: Answers }

/** What was handed in and is not asked for again: to compare with, not to change. */
export const FixedFields = ({ fields, answers }: Props) => {
  const shown = fields.filter((field) => field.type !== 'rows' && field.type !== 'signature')
  if (shown.length === 0) return null
  return (
    <section className="card" aria-labelledby="fixed-fields" data-testid="fixed-fields">
      <h2 id="fixed-fields">{t`Để đối chiếu: đã nộp, giữ nguyên`}</h2>
      <dl className="answers">
        {shown.map((field) => {
          const row = readRowKey(field.id)
          const value = printedValue(field, answers)
          return (
            <div key={field.id}>
              <dt>{row === undefined ? say(field.label) : `${row.number}. ${say(field.label)}`}</dt>
              <dd className={value === '' ? 'note' : ''}>{value === '' ? t`Chưa khai` : value}</dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}
