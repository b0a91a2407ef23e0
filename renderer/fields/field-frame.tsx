import { t } from '@lingui/core/macro'
import type { FormEvent, ReactNode } from 'react'
import type { Answer, UnitCodes } from '../../contracts/dossier.ts'
import type { Field, Finding } from '../../contracts/procedure.ts'
import { say } from '../locales/locale.ts'
import { vietnamTime } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'

export type FieldProps = {
  field: Field
  answer: Answer | undefined
  required: boolean
  findings: Finding[]
  /** A letter more or less in a control that keeps its own text; with the codes of the place that is still named in it. */
  onType: (raw: string, unit?: UnitCodes) => void
  /** An answer in one act: an option, a line of a list with the codes of its place. */
  onAnswer: (raw: string, chosen?: { source: 'list'; unit?: UnitCodes }) => void
  /** Places named before in this dossier and this visit. */
  places: readonly string[]
  /** The commune and province the point stands in. */
  pointPlace?: string | undefined
  onKeep: (rule: string) => void
  isKept: (finding: Finding) => boolean
  /** Opens a chip's value for typing. */
  onUnlock: () => void
}

export const labelId = (field: Field): string => `label-${field.id}`
const hintId = (field: Field): string => `hint-${field.id}`
const problemId = (field: Field): string => `problem-${field.id}`

export const describedBy = ({ field, findings }: Pick<FieldProps, 'field' | 'findings'>): { 'aria-describedby'?: string } => {
  const ids = [field.hint === undefined ? null : hintId(field), findings.length === 0 ? null : problemId(field)].filter(
    (id) => id !== null,
  )
  return ids.length === 0 ? {} : { 'aria-describedby': ids.join(' ') }
}

export const hasError = (findings: readonly Finding[]): boolean => findings.some((finding) => finding.severity === 'error')

export const provenanceWords = (answer: Answer | undefined): { words: string; fromCard: boolean } | null => {
  if (answer === undefined || answer.value === '') return null
  const { source, at, from, over, basis } = answer.provenance
  const { time } = vietnamTime(at)
  switch (source) {
    case 'card':
      return { words: t`từ chip lúc ${time}`, fromCard: true }
    case 'typed-over-card':
      return { words: t`sửa tay thay giá trị từ chip lúc ${time}`, fromCard: false }
    case 'qr':
      return { words: t`từ QR lúc ${time}`, fromCard: false }
    case 'derived':
      return { words: from === undefined ? t`lấy từ ô khác` : t`theo thẻ của người thân`, fromCard: false }
    case 'initial':
      return { words: t`điền sẵn`, fromCard: false }
    case 'proposed':
      return { words: basis === 'point' ? t`đề xuất theo nơi đặt điểm` : t`đề xuất theo các ô khác`, fromCard: false }
    case 'dossier': {
      const first = from === undefined ? time : vietnamTime(from.at).time
      if (from?.source === 'card') return { words: t`từ chip lúc ${first}, hồ sơ trước`, fromCard: true }
      return { words: t`từ hồ sơ trước, khai lúc ${first}`, fromCard: false }
    }
    case 'store': {
      const { day } = vietnamTime(from?.at ?? at)
      return { words: t`từ kho của ông/bà, khai ngày ${day}`, fromCard: false }
    }
    case 'agency': {
      const { day } = vietnamTime(at)
      return { words: t`cơ quan đã sửa ngày ${day}`, fromCard: false }
    }
    case 'typed':
    case 'list': {
      if (over === undefined) return null
      const printed = over.value
      return { words: over.source === 'qr' ? t`mã QR ghi: ${printed}` : t`chip ghi: ${printed}`, fromCard: false }
    }
  }
}

/** Nothing is ever sent by a form: what the clerk says goes to the wizard. */
const stay = (event: FormEvent): void => event.preventDefault()

type FrameProps = FieldProps & { children: ReactNode; control?: string }

/**
 * Label, where the value came from, hint, what is wrong, then the control: the same order for every field. Each is a form of its own, without a
 * name and so without a role: at each key the browser's autofill looks over the controls and labels of the form they came to.
 */
export const FieldFrame = ({ field, answer, required, findings, onKeep, isKept, children, control }: FrameProps) => {
  const provenance = provenanceWords(answer)
  const errors = findings.filter((finding) => finding.severity === 'error')
  const doubts = findings.filter((finding) => finding.severity === 'warning')
  return (
    <form className={`field ${field.width}`} data-field={field.id} noValidate onSubmit={stay}>
      <div className="label-line">
        {control === undefined ? (
          <span className="label" id={labelId(field)}>
            {say(field.label)}
          </span>
        ) : (
          <label id={labelId(field)} htmlFor={control}>
            {say(field.label)}
          </label>
        )}
        {provenance === null ? (
          required ? null : (
            <span className="mark">{t`không bắt buộc`}</span>
          )
        ) : (
          <span className={`mark${provenance.fromCard ? ' card-source' : ''}`} data-testid={`source-${field.id}`}>
            {provenance.fromCard ? <span aria-hidden="true">✓ </span> : null}
            {provenance.words}
          </span>
        )}
      </div>
      {field.hint === undefined ? null : (
        <span className="hint" id={hintId(field)}>
          {say(field.hint)}
        </span>
      )}
      <div id={problemId(field)}>
        {errors.map((finding) => (
          <p className="problem" key={finding.message.vi}>
            <span aria-hidden="true">! </span>
            {say(finding.message)}
          </p>
        ))}
        {doubts.map((finding) => (
          <div className="doubt" key={finding.message.vi}>
            <span>{say(finding.message)}</span>
            {isKept(finding) || finding.rule === undefined ? (
              <span>{isKept(finding) ? t`Đã giữ nguyên.` : null}</span>
            ) : (
              <Button small kind="quiet" onPress={() => finding.rule !== undefined && onKeep(finding.rule)}>
                {t`Giữ nguyên`}
              </Button>
            )}
          </div>
        ))}
      </div>
      {children}
    </form>
  )
}
