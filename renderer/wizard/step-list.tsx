import { t } from '@lingui/core/macro'
import { memo } from 'react'
import { hasErrors } from '../../procedures/rules/index.ts'
import { say } from '../locales/locale.ts'
import { useNarrow } from '../ui/use-narrow.ts'
import { placesOf, type WizardContext } from './machine/wizard-context.ts'

export const placeTitle = (context: WizardContext, place: string): string => {
  if (place === 'papers') return t`Giấy tờ`
  if (place === 'review') return t`Kiểm tra lại`
  const step = context.procedure.steps.find((each) => each.id === place)
  return step === undefined ? place : say(step.title)
}

const placeStatus = (context: WizardContext, place: string): { words: string; due: boolean } => {
  const errors = (context.findings[place] ?? []).filter((finding) => finding.severity === 'error').length
  if (place !== 'review' && errors > 0) return { words: t`Có ${errors} chỗ cần sửa`, due: true }
  if (place === 'papers' && context.attachments.length > 0)
    return { words: t`Đã thêm ${context.attachments.length} tệp`, due: false }
  if (context.checked.includes(place) && !hasErrors(context.findings[place] ?? [])) return { words: t`Đã làm`, due: false }
  return { words: context.visited.includes(place) ? t`Đang làm` : t`Chưa làm`, due: false }
}

type Props = { context: WizardContext; onGo: (place: string) => void }

const shown = ['procedure', 'place', 'visited', 'checked', 'findings', 'attachments'] as const

/** Drawn again only when one of these changed: a keystroke changes none of them. */
const showsTheSame = (before: Props, after: Props): boolean =>
  before.onGo === after.onGo && shown.every((part) => before.context[part] === after.context[part])

export const StepList = memo((props: Props) => {
  const narrow = useNarrow()
  const { context } = props
  const number = placesOf(context.procedure).indexOf(context.place) + 1
  const total = placesOf(context.procedure).length
  return (
    <nav className="steps" aria-label={t`Các bước`} data-region="steps">
      {narrow ? (
        <details key={context.place}>
          <summary>
            {t`Bước ${number} trong ${total}`} · {placeTitle(context, context.place)}
          </summary>
          <Places {...props} />
        </details>
      ) : (
        <>
          <p className="steps-title">{say(context.procedure.name)}</p>
          <Places {...props} />
        </>
      )}
    </nav>
  )
}, showsTheSame)

const Places = ({ context, onGo }: Props) => (
  <ol className="plain-list">
    {placesOf(context.procedure).map((place, index) => {
      const status = placeStatus(context, place)
      const current = place === context.place
      const content = (
        <>
          <span className="step-number">{index + 1}</span>
          <span>
            <span className="step-name">{placeTitle(context, place)}</span>
            <span className={`step-status${status.due ? ' due' : ''}`}>{status.words}</span>
          </span>
        </>
      )
      return (
        <li key={place}>
          {context.visited.includes(place) || current ? (
            <button type="button" className="step" {...(current ? { 'aria-current': 'step' } : {})} onClick={() => onGo(place)}>
              {content}
            </button>
          ) : (
            <span className="step">{content}</span>
          )}
        </li>
      )
    })}
  </ol>
)
