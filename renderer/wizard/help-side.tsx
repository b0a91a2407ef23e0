/** Beside the form: what the field at hand asks, what the document says, how long it takes and what it costs. */
import { t } from '@lingui/core/macro'
import { memo } from 'react'
import { feeOf, findField, todayInVietnam } from '../../procedures/rules/index.ts'
import { say } from '../locales/locale.ts'
import type { WizardContext } from './machine/wizard-context.ts'

type Fee = ReturnType<typeof feeOf>['lines'][number]

/** What it costs as declared so far, where the amounts are known. */
const knownFees = (context: WizardContext): Fee[] =>
  feeOf(context.procedure, context.answers, { today: todayInVietnam(context.now()), channel: 'online' }).lines.filter(
    (line) => line.amount !== undefined,
  )

const FeeLines = ({ lines }: { lines: readonly Fee[] }) =>
  lines.length === 0 ? null : (
    <ul className="help-list">
      {lines.map((line) => (
        <li key={line.id}>
          {say(line.label)}:{' '}
          {line.exempt === undefined
            ? t`${((line.amount ?? 0) * line.count).toLocaleString('vi')} đ nộp trực tuyến`
            : say(line.exempt)}
        </li>
      ))}
    </ul>
  )

type HelpProps = { context: WizardContext; focused: string | null }

/** It says only which field has the focus, what the document says and what it costs. */
const helpsTheSame = (before: HelpProps, after: HelpProps): boolean =>
  before.focused === after.focused &&
  before.context.procedure === after.context.procedure &&
  JSON.stringify(knownFees(before.context)) === JSON.stringify(knownFees(after.context))

export const HelpSide = memo(({ context, focused }: HelpProps) => {
  const field = focused === null ? undefined : findField(context.procedure, focused)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must be reachable to be scrolled by key
    <aside className="help stack" data-region="help" aria-label={t`Trợ giúp`} tabIndex={0}>
      {field === undefined ? null : (
        <section className="card" data-testid="field-help">
          <h2>{t`Đang ở ô: ${say(field.label)}`}</h2>
          <p>
            {field.help === undefined
              ? field.hint === undefined
                ? t`Ghi đúng như giấy tờ gốc.`
                : say(field.hint)
              : say(field.help)}
          </p>
        </section>
      )}
      {context.procedure.guidance.length === 0 ? null : (
        <section className="card">
          <h2>{t`Cần biết`}</h2>
          <ul className="help-list">
            {context.procedure.guidance.map((line) => (
              <li key={line.vi}>{say(line)}</li>
            ))}
          </ul>
        </section>
      )}
      <section className="card">
        <h2>{t`Thời hạn và lệ phí`}</h2>
        <p className="sentence">{say(context.procedure.timeLimit.text)}</p>
        <p className="sentence">{say(context.procedure.fee.text)}</p>
        <FeeLines lines={knownFees(context)} />
        {context.procedure.deadlines.map((deadline) => (
          <p key={deadline.id}>
            {say(deadline.label)}. {say(deadline.otherWay)}
          </p>
        ))}
      </section>
    </aside>
  )
}, helpsTheSame)
