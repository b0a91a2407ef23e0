import { t } from '@lingui/core/macro'
import { memo, useEffect, useRef } from 'react'
import type { Finding } from '../../contracts/procedure.ts'
import { say } from '../locales/locale.ts'

/** Puts the keyboard into the control of a field, whatever kind of control it is. False when it is not on the page. */
export const focusField = (fieldId: string, block: ScrollLogicalPosition = 'center'): boolean => {
  const frame = document.querySelector(`[data-field="${CSS.escape(fieldId)}"]`)
  const checked = frame?.querySelector<HTMLElement>('input:checked')
  const target = checked ?? frame?.querySelector<HTMLElement>('input, textarea, button')
  target?.scrollIntoView({ block })
  target?.focus()
  return target !== undefined && target !== null
}

type Props = {
  findings: Finding[]
  attempt: number
  /** The same function as long as it is the same page: a long list is not drawn again at each keystroke. */
  onGo: (finding: Finding) => void
}

/** What has to be mended on this page. Takes the focus after each try, so that it is read first. */
export const Summary = memo(({ findings, attempt, onGo }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (attempt > 0) box.current?.focus()
  }, [attempt])
  const errors = findings.filter((finding) => finding.severity === 'error')
  const doubts = findings.filter((finding) => finding.severity === 'warning')
  if (errors.length + doubts.length === 0) return null
  const listed = errors.length > 0 ? errors : doubts
  const count = listed.length
  return (
    <div
      className={`message ${errors.length > 0 ? 'error' : 'warning'}`}
      ref={box}
      tabIndex={-1}
      role="alert"
      data-testid="summary"
    >
      <h2>{errors.length > 0 ? t`Có ${count} chỗ cần sửa` : t`Có ${count} chỗ nên xem lại`}</h2>
      <ul className="plain-list">
        {listed.map((finding) => (
          <li key={`${finding.fields.join()} ${finding.paper ?? ''} ${finding.consent ?? ''} ${finding.message.vi}`}>
            {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place of this page, and screen readers list it among links */}
            <a
              href="#mend"
              onClick={(event) => {
                event.preventDefault()
                onGo(finding)
              }}
            >
              {say(finding.message)}
            </a>
          </li>
        ))}
      </ul>
      {errors.length > 0 ? null : <p className="note">{t`Đúng như vậy thì chọn Giữ nguyên, hoặc Tiếp tục.`}</p>}
    </div>
  )
})
