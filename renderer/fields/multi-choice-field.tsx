import { Checkbox, CheckboxGroup } from 'react-aria-components'
import type { Field } from '../../contracts/procedure.ts'
import { say } from '../locales/locale.ts'
import { describedBy, FieldFrame, type FieldProps, hasError, labelId } from './field-frame.tsx'

/** Several options at once; the value joins them in the order of the document. */
export const MultiChoiceField = (props: FieldProps & { field: Extract<Field, { type: 'multi-choice' }> }) => {
  const { field, answer, findings, onAnswer } = props
  const chosen = (answer?.value ?? '').split('; ').filter((value) => value !== '')
  return (
    <FieldFrame {...props}>
      <CheckboxGroup
        className="choices"
        aria-labelledby={labelId(field)}
        value={chosen}
        onChange={(values) =>
          onAnswer(
            field.options
              .map((option) => option.value)
              .filter((value) => values.includes(value))
              .join('; '),
          )
        }
        isInvalid={hasError(findings)}
        validationBehavior="aria"
        {...describedBy(props)}
      >
        {field.options.map((option) => (
          <Checkbox key={option.value} value={option.value} className="tick">
            {({ isSelected }) => (
              <>
                <span className="box" aria-hidden="true">
                  {isSelected ? '✓' : ''}
                </span>
                <span>{say(option.label)}</span>
              </>
            )}
          </Checkbox>
        ))}
      </CheckboxGroup>
    </FieldFrame>
  )
}
