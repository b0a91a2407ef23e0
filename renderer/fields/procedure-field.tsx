/** One field of a procedure's document as a control. What is typed goes out on `input`; notation and checks come later. */
import { memo, useCallback } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import type { Field } from '../../contracts/procedure.ts'
import { completeEmail } from '../../procedures/lookup/emails.ts'
import { completeListed } from '../../procedures/lookup/lists.ts'
import { say } from '../locales/locale.ts'
import { ReadOnlyText } from '../ui/read-only-text.tsx'
import { drawsTheSame } from './draws-the-same.ts'
import { describedBy, FieldFrame, type FieldProps, hasError, labelId } from './field-frame.tsx'
import { isLocked } from './lock.ts'
import { LockedField } from './locked-field.tsx'
import { LookUpBox } from './look-up-box.tsx'
import type { LookUpItem } from './look-up-list.tsx'
import { MultiChoiceField } from './multi-choice-field.tsx'
import { PlaceField } from './place-field.tsx'
import { SignatureField } from './signature-field.tsx'
import { useTyped } from './use-typed.ts'

export const controlId = (fieldId: string): string => `field-${fieldId}`

/** Drawn again only when something of its own changed: a form may have 200 fields, and a keystroke concerns one. */
export const ProcedureField = memo((props: FieldProps) => {
  if (isLocked(props.answer)) return <LockedField {...props} control={controlId(props.field.id)} />
  switch (props.field.type) {
    case 'choice':
      return <ChoiceField {...props} field={props.field} />
    case 'listed':
      return <ListedField {...props} field={props.field} />
    case 'multi-choice':
      return <MultiChoiceField {...props} field={props.field} />
    case 'signature':
      return <SignatureField {...props} />
    case 'email':
      return <EmailField {...props} />
    case 'unit':
    case 'address':
    case 'text':
      return <PlaceField {...props} id={controlId(props.field.id)} />
    case 'date-in-words':
    case 'composed':
      return <MadeField {...props} />
    default:
      return <TypedField {...props} />
  }
}, drawsTheSame)

const numeric: ReadonlySet<Field['type']> = new Set(['personal-number', 'phone', 'number', 'digits', 'money'])

const TypedField = (props: FieldProps) => {
  const { field, answer, findings, onType } = props
  const { control, type, leave } = useTyped(answer?.value ?? '', onType)
  const id = controlId(field.id)
  return (
    <FieldFrame {...props} control={id}>
      <div className="control-box">
        <input
          {...control}
          id={id}
          className={`control${field.type === 'personal-number' ? ' digits' : ''}`}
          type="text"
          inputMode={numeric.has(field.type) ? 'numeric' : 'text'}
          autoComplete="off"
          spellCheck={false}
          aria-required={props.required}
          aria-invalid={hasError(findings)}
          {...describedBy(props)}
          onChange={(event) => type(event.target.value)}
          onBlur={leave}
        />
      </div>
    </FieldFrame>
  )
}

/** What the form makes of other answers: read, not typed, and as many lines as it takes. */
const MadeField = (props: FieldProps) => {
  const id = controlId(props.field.id)
  return (
    <FieldFrame {...props} control={id}>
      <ReadOnlyText id={id} value={props.answer?.value ?? ''} aria-invalid={hasError(props.findings)} {...describedBy(props)} />
    </FieldFrame>
  )
}

const ChoiceField = (props: FieldProps & { field: Extract<Field, { type: 'choice' }> }) => {
  const { field, answer, findings, onAnswer } = props
  return (
    <FieldFrame {...props}>
      <RadioGroup
        className="choices"
        aria-labelledby={labelId(field)}
        value={answer?.value ?? null}
        onChange={(chosen) => onAnswer(chosen)}
        isRequired={props.required}
        isInvalid={hasError(findings)}
        validationBehavior="aria"
        {...describedBy(props)}
      >
        {field.options.map((option) => (
          <Radio key={option.value} value={option.value} className="choice">
            {({ isSelected }) => (
              <>
                <span aria-hidden="true">{isSelected ? '◉' : '○'}</span>
                {say(option.label)}
              </>
            )}
          </Radio>
        ))}
      </RadioGroup>
    </FieldFrame>
  )
}

const proposeEmails = (text: string): LookUpItem[] =>
  completeEmail(text).map((email) => ({ id: email, name: email, text: email }))

const EmailField = (props: FieldProps) => {
  const { onType, onAnswer } = props
  return (
    <LookUpBox
      {...props}
      id={controlId(props.field.id)}
      propose={proposeEmails}
      opens={false}
      onType={onType}
      onChoose={(email) => onAnswer(email)}
    />
  )
}

const ListedField = (props: FieldProps & { field: Extract<Field, { type: 'listed' }> }) => {
  const { field, onType, onAnswer } = props
  const propose = useCallback(
    (text: string): LookUpItem[] => completeListed(field.list, text).map(({ code, name }) => ({ id: code, name, text: name })),
    [field.list],
  )
  return (
    <LookUpBox
      {...props}
      id={controlId(field.id)}
      propose={propose}
      onType={onType}
      onChoose={(name) => onAnswer(name, { source: 'list' })}
      closed={!field.free}
    />
  )
}
