/** A signature drawn by pen, finger or mouse. Whoever cannot draw signs the printed declaration: the field may stay empty. */
import { t } from '@lingui/core/macro'
import { type PointerEvent, useRef, useState } from 'react'
import { maxAnswerLength } from '../../procedures/rules/index.ts'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import { describedBy, FieldFrame, type FieldProps } from './field-frame.tsx'
import { type Point, signatureBox, signaturePath } from './signature-path.ts'

export const SignatureField = (props: FieldProps) => {
  const { field, answer, onAnswer } = props
  const [drawing, setDrawing] = useState<Point[][]>([])
  const frame = useRef<SVGSVGElement>(null)
  const pen = useRef(false)

  const pointOf = (event: PointerEvent): Point => {
    const bounds = frame.current?.getBoundingClientRect()
    if (bounds === undefined) return { x: 0, y: 0 }
    return {
      x: ((event.clientX - bounds.left) / bounds.width) * signatureBox.width,
      y: ((event.clientY - bounds.top) / bounds.height) * signatureBox.height,
    }
  }
  // A signature of before stays as it is under a stray touch: a new one begins with the button.
  const kept = drawing.length === 0 && (answer?.value ?? '') !== ''
  const down = (event: PointerEvent<SVGSVGElement>): void => {
    if (kept) return
    event.currentTarget.setPointerCapture(event.pointerId)
    pen.current = true
    setDrawing((strokes) => [...strokes, [pointOf(event)]])
  }
  const move = (event: PointerEvent): void => {
    if (!pen.current) return
    const next = pointOf(event)
    setDrawing((strokes) => [...strokes.slice(0, -1), [...(strokes.at(-1) ?? []), next]])
  }
  const up = (): void => {
    if (!pen.current) return
    pen.current = false
    onAnswer(signaturePath(drawing, maxAnswerLength))
  }
  const clear = (): void => {
    setDrawing([])
    onAnswer('')
  }
  const path = drawing.length > 0 ? signaturePath(drawing, maxAnswerLength) : (answer?.value ?? '')
  return (
    <FieldFrame {...props}>
      <svg
        ref={frame}
        className="signature"
        viewBox={`0 0 ${signatureBox.width} ${signatureBox.height}`}
        role="img"
        aria-label={say(field.label)}
        data-testid={`signature-${field.id}`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        {...describedBy(props)}
      >
        <path d={path} fill="none" stroke="currentColor" strokeWidth={5} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <div className="row">
        <Button small kind="quiet" onPress={clear}>
          {t`Ký lại`}
        </Button>
        {path !== '' ? (
          <span className="note">{t`Đã ký.`}</span>
        ) : props.required ? null : (
          <span className="note">{t`Không ký trên màn hình thì ký trên tờ khai giấy.`}</span>
        )}
      </div>
    </FieldFrame>
  )
}
