/** A repeated group: one card a row, each with its own fields; rows are added, taken out and moved by buttons alone. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Finding } from '../../contracts/procedure.ts'
import type { RowsField } from '../../contracts/procedure-field.ts'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'

type Props = {
  group: RowsField
  count: number
  required: boolean
  findings: Finding[]
  /** The fields of one row, as controls. */
  row: (number: number) => ReactNode
  /** The first name in a row, once there is one. */
  nameOf: (number: number) => string
  onAdd: () => void
  /** The old numbers in their new order. */
  onArrange: (order: number[]) => void
}

export const RowGroup = ({ group, count, required, findings, row, nameOf, onAdd, onArrange }: Props) => {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const label = say(group.rowLabel)
  const swapped = (number: number): number[] =>
    numbers.map((each) => (each === number - 1 ? number : each === number ? number - 1 : each))
  // The keyboard goes to what was added, and does not fall off the page with what was taken out.
  const rows = useRef<HTMLElement>(null)
  const changing = useRef(false)
  useEffect(() => {
    if (!changing.current) return
    changing.current = false
    const cards = rows.current?.querySelectorAll('.row-card')
    const near = count === 0 ? rows.current : cards?.item(count - 1)
    near?.querySelector<HTMLElement>(count === 0 ? 'button' : 'input, textarea')?.focus()
  }, [count])
  const add = (): void => {
    changing.current = true
    onAdd()
  }
  const takeOut = (number: number): void => {
    changing.current = true
    onArrange(numbers.filter((each) => each !== number))
  }
  return (
    <section
      ref={rows}
      className="rows full"
      data-field={group.id}
      data-testid={`rows-${group.id}`}
      aria-labelledby={`label-${group.id}`}
    >
      <div className="label-line">
        <h2 id={`label-${group.id}`}>{say(group.label)}</h2>
        {required || group.min > 0 ? null : <span className="mark">{t`không bắt buộc`}</span>}
      </div>
      {group.hint === undefined ? null : <p className="hint">{say(group.hint)}</p>}
      {findings.map((finding) => (
        <p className={finding.severity === 'error' ? 'problem' : 'doubt'} key={finding.message.vi}>
          {say(finding.message)}
        </p>
      ))}
      {numbers.map((number) => {
        const name = nameOf(number)
        return (
          <section
            key={number}
            className="card stack row-card"
            aria-label={`${label} ${number}`}
            data-testid={`row-${group.id}-${number}`}
          >
            <div className="row spread">
              <h3>
                {label} {number}
                {name === '' ? null : ` · ${name}`}
              </h3>
              <span className="row">
                {number === 1 ? null : (
                  <Button small kind="quiet" onPress={() => onArrange(swapped(number))}>
                    {t`Đưa lên trước`} <span className="visually-hidden">{`${label} ${number}`}</span>
                  </Button>
                )}
                {count <= group.min ? null : (
                  <Button small kind="quiet" onPress={() => takeOut(number)}>
                    {t`Bỏ dòng này`} <span className="visually-hidden">{`${label} ${number}`}</span>
                  </Button>
                )}
              </span>
            </div>
            {row(number)}
          </section>
        )
      })}
      {count >= group.max ? (
        <p className="note">{t`Mẫu này ghi được đến ${group.max} dòng.`}</p>
      ) : (
        <Button testId={`add-${group.id}`} onPress={add}>
          {t`Thêm: ${label}`}
        </Button>
      )}
    </section>
  )
}
