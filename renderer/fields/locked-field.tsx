/** A value as the chip has it: shown whole, not typed into. One act on purpose opens it, and that is recorded with the value. */
import { t } from '@lingui/core/macro'
import { Button as AriaButton } from 'react-aria-components'
import { say } from '../locales/locale.ts'
import { ReadOnlyText } from '../ui/read-only-text.tsx'
import { describedBy, FieldFrame, type FieldProps, hasError } from './field-frame.tsx'

export const LockedField = (props: FieldProps & { control: string }) => {
  const { field, answer, findings, control, onUnlock } = props
  const value = answer?.value ?? ''
  const name = say(field.label)
  const option = field.type === 'choice' ? field.options.find((each) => each.value === value) : undefined
  return (
    <FieldFrame {...props} control={control}>
      <div className="locked">
        <ReadOnlyText
          id={control}
          className={field.type === 'personal-number' ? 'digits' : ''}
          value={option === undefined ? value : say(option.label)}
          aria-invalid={hasError(findings)}
          {...describedBy(props)}
        />
        <AriaButton
          className="button quiet small"
          aria-label={t`Sửa giá trị từ chip: ${name}`}
          data-testid={`unlock-${field.id}`}
          onPress={() => {
            onUnlock()
            requestAnimationFrame(() => document.getElementById(control)?.focus())
          }}
        >
          {t`Sửa`}
        </AriaButton>
      </div>
    </FieldFrame>
  )
}
