/** What the agency wrote stands above every page of its supplement: why, what, until when; and what has changed there meanwhile. */
import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { Procedure } from '../../../contracts/procedure.ts'
import { findField, readRowKey } from '../../../procedures/rules/index.ts'
import type { FieldConflict, SupplementState } from '../../../sync/vault/vault-api.ts'
import { fieldName } from '../../fields/field-name.ts'
import { say } from '../../locales/locale.ts'
import { Button } from '../../ui/button.tsx'

type Props = {
  procedure: Procedure
  state: SupplementState
  /** To the field or paper (`paper-ID`). */
  onGo: (target: string) => void
  onRenew: () => void
  onSettle: (field: string, keep: 'mine' | 'theirs') => void
}

const nameOf = (procedure: Procedure, fieldId: string): string => {
  const field = findField(procedure, fieldId)
  return field === undefined ? fieldId : fieldName(procedure, field)
}

const stepOf = (procedure: Procedure, fieldId: string): string => {
  const id = readRowKey(fieldId)?.group ?? fieldId
  const step = procedure.steps.find(({ fields }) => fields.some((field) => field.id === id))
  return step === undefined ? '' : say(step.title)
}

export const SupplementPanel = ({ procedure, state, onGo, onRenew, onSettle }: Props) => {
  const { request, papersThere } = state.basis
  const papers = procedure.papers.filter(({ id }) => request.papers.includes(id))
  const due = request.dueOn
  return (
    <section className="message stack" aria-labelledby="supplement-title" data-testid="supplement-panel">
      <div className="row spread">
        <div>
          <h2 id="supplement-title">{t`Cơ quan yêu cầu bổ sung`}</h2>
          <p className="note">
            {due === undefined ? '' : `${t`hạn ${due}`} · `}
            {request.agency}
            {request.simulated ? ` · ${t`cơ quan mô phỏng`}` : ''}
          </p>
        </div>
        <Button small kind="quiet" onPress={onRenew} testId="renew-supplement">
          {t`Lấy bản mới nhất ở cơ quan`}
        </Button>
      </div>
      <p className="wrap" data-testid="supplement-reason">
        <strong>{request.reason}</strong>
      </p>
      <ul className="plain-list targets">
        {request.fields.map((id) => (
          <li key={id}>
            <Target words={t`Sửa ô: ${nameOf(procedure, id)} (${stepOf(procedure, id)})`} onGo={() => onGo(id)} />
          </li>
        ))}
        {papers.map((paper) => (
          <li key={paper.id}>
            <Target words={t`Thêm giấy tờ: ${say(paper.name)}`} onGo={() => onGo(`paper-${paper.id}`)} />
            {papersThere.includes(paper.id) ? <span className="note"> {t`(bản đã nộp vẫn ở cơ quan)`}</span> : null}
          </li>
        ))}
      </ul>
      {state.taken.length === 0 ? null : (
        <div data-testid="supplement-taken">
          <p>{t`Cơ quan đã tự sửa, máy lấy theo cơ quan:`}</p>
          <ul className="help-list">
            {state.taken.map(({ field, before, now }) => (
              <li key={field}>
                {nameOf(procedure, field)}: {before === '' ? t`chưa khai` : before} → {now === '' ? t`bỏ trống` : now}
              </li>
            ))}
          </ul>
        </div>
      )}
      {state.conflicts.map((conflict) => (
        <Conflict
          key={conflict.field}
          name={nameOf(procedure, conflict.field)}
          conflict={conflict}
          onSettle={(keep) => onSettle(conflict.field, keep)}
        />
      ))}
    </section>
  )
}

const Target = ({ words, onGo }: { words: string; onGo: () => void }) => (
  // biome-ignore lint/a11y/useValidAnchor: it leads to a place of this form, and screen readers list it among links
  <a
    href="#mend"
    onClick={(event) => {
      event.preventDefault()
      onGo()
    }}
  >
    {words}
  </a>
)

/** Changed here and at the agency: both stand side by side until a person has chosen. */
const Conflict = ({
  name,
  conflict,
  onSettle,
}: {
  name: string
  conflict: FieldConflict
  onSettle: (keep: 'mine' | 'theirs') => void
}) => {
  const [busy, setBusy] = useState(false)
  const settle = (keep: 'mine' | 'theirs') => (): void => {
    setBusy(true)
    onSettle(keep)
  }
  const words = (value: string): string => (value === '' ? t`(bỏ trống)` : value)
  return (
    <div className="card stack" data-testid={`conflict-${conflict.field}`}>
      <p>
        <span aria-hidden="true">! </span>
        <strong>{t`Có hai bản khác nhau: ${name}`}</strong>
      </p>
      <dl className="answers">
        <div>
          <dt>{t`Lúc nộp`}</dt>
          <dd>{words(conflict.before)}</dd>
        </div>
        <div>
          <dt>{t`Sửa ở máy này`}</dt>
          <dd>{words(conflict.mine)}</dd>
        </div>
        <div>
          <dt>{t`Cơ quan đã sửa`}</dt>
          <dd>{words(conflict.theirs)}</dd>
        </div>
      </dl>
      <div className="row">
        <Button small disabled={busy} onPress={settle('mine')}>
          {t`Giữ bản của máy này`}
        </Button>
        <Button small disabled={busy} onPress={settle('theirs')}>
          {t`Lấy bản của cơ quan`}
        </Button>
      </div>
    </div>
  )
}
