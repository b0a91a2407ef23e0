/**
 * Fields that are laid out, painted and looked over by the browser's autofill together: each section is a form of its own, and one off the
 * screen costs nothing. It is drawn again only when one of its fields is.
 */
import { type FormEvent, memo } from 'react'
import { drawsTheSame } from '../fields/draws-the-same.ts'
import type { FieldProps } from '../fields/field-frame.tsx'
import { ProcedureField } from '../fields/procedure-field.tsx'

/** Nothing is ever sent by a form: what the clerk says goes to the wizard. */
const stay = (event: FormEvent): void => event.preventDefault()

type Props = { fields: readonly FieldProps[] }

export const FormSection = memo(
  ({ fields }: Props) => (
    <form className="fields section" noValidate onSubmit={stay}>
      {fields.map((props) => (
        <ProcedureField key={props.field.id} {...props} />
      ))}
    </form>
  ),
  (before, now) =>
    before.fields.length === now.fields.length &&
    now.fields.every((field, index) => {
      const was = before.fields[index]
      return was !== undefined && drawsTheSame(was, field)
    }),
)
