/** Which fields a card's values go to: for whom, and each with a tick. What somebody typed is never overwritten unless ticked on purpose. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useState } from 'react'
import { Checkbox, Label, Radio, RadioGroup } from 'react-aria-components'
import type { CardPerson } from '../../contracts/card.ts'
import { fillFromCard, findField, type OfferedValue, printedValue } from '../../procedures/rules/index.ts'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import type { WizardContext } from '../wizard/machine/wizard-context.ts'

type Props = {
  context: WizardContext
  person: CardPerson
  /** Asked before anything is filled: the face, above all. */
  before?: ReactNode
  /** What must be answered first; the words are shown when somebody tries without. */
  blocked?: string | null
  onFill: (values: OfferedValue[]) => void
  onClose: () => void
  autoFocus?: boolean
}

export const FillForm = ({ context, person, before, blocked = null, onFill, onClose, autoFocus = false }: Props) => {
  const { procedure, answers } = context
  const persons = procedure.persons.filter((each) => fillFromCard(procedure, each.id, person).length > 0)
  const here = procedure.steps.find((step) => step.id === context.place)?.person
  const [whose, setWhose] = useState(persons.find((each) => each.id === here)?.id ?? persons[0]?.id ?? '')
  const [choices, setChoices] = useState<Record<string, boolean>>({})
  const [tried, setTried] = useState(false)
  const offered = fillFromCard(procedure, whose, person)
  const present = (fieldId: string): string => {
    const field = findField(procedure, fieldId)
    return field === undefined ? '' : printedValue(field, answers)
  }
  const startsTicked = ({ fieldId }: OfferedValue): boolean => {
    const source = answers[fieldId]?.provenance.source
    return present(fieldId) === '' || (source !== 'typed' && source !== 'typed-over-card')
  }
  const isTicked = (value: OfferedValue): boolean => choices[value.fieldId] ?? startsTicked(value)
  const ticked = offered.filter(isTicked)
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (blocked === null) onFill(ticked)
      }}
    >
      {before}
      {persons.length > 1 ? (
        <RadioGroup
          className="field"
          value={whose}
          onChange={(next) => {
            setWhose(next)
            setChoices({})
          }}
        >
          <Label>{t`Thẻ này là của ai?`}</Label>
          <div className="choices">
            {persons.map((each) => (
              <Radio key={each.id} value={each.id} className="choice">
                {({ isSelected }) => (
                  <>
                    <span aria-hidden="true">{isSelected ? '◉' : '○'}</span>
                    {say(each.label)}
                  </>
                )}
              </Radio>
            ))}
          </div>
        </RadioGroup>
      ) : null}
      <fieldset className="field" data-testid="card-fields">
        <legend>{t`Sẽ điền ${ticked.length} ô`}</legend>
        <div className="tick-grid">
          {offered.map((value) => {
            const field = findField(procedure, value.fieldId)
            const now = present(value.fieldId)
            return (
              <Checkbox
                key={value.fieldId}
                className="tick"
                isSelected={isTicked(value)}
                onChange={(chosen) => setChoices({ ...choices, [value.fieldId]: chosen })}
              >
                {({ isSelected }) => (
                  <>
                    <span className="box" aria-hidden="true">
                      {isSelected ? '✓' : ''}
                    </span>
                    <span>
                      {field === undefined ? value.fieldId : say(field.label)}: <strong>{value.value}</strong>
                      {now !== '' && now !== value.value ? <span className="note"> {t`(đang ghi: ${now})`}</span> : null}
                    </span>
                  </>
                )}
              </Checkbox>
            )
          })}
        </div>
      </fieldset>
      {tried && blocked !== null ? (
        <p className="field" role="alert">
          <span className="problem">
            <span aria-hidden="true">! </span>
            {blocked}
          </span>
        </p>
      ) : null}
      <div className="row fill-acts">
        <Button kind="primary" type="submit" hint="Enter" autoFocus={autoFocus}>
          {t`Điền vào hồ sơ`}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t`Chỉ xem`}
        </Button>
      </div>
    </form>
  )
}
