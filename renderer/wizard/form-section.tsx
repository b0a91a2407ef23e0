/**
 * Fields that are laid out and painted together: a section off the screen costs nothing. It is drawn again only when one of its fields is.
 */
import { memo } from 'react'
import { drawsTheSame } from '../fields/draws-the-same.ts'
import type { FieldProps } from '../fields/field-frame.tsx'
import { ProcedureField } from '../fields/procedure-field.tsx'

type Props = { fields: readonly FieldProps[] }

export const FormSection = memo(
  ({ fields }: Props) => (
    <div className="fields section">
      {fields.map((props) => (
        <ProcedureField key={props.field.id} {...props} />
      ))}
    </div>
  ),
  (before, now) =>
    before.fields.length === now.fields.length &&
    now.fields.every((field, index) => {
      const was = before.fields[index]
      return was !== undefined && drawsTheSame(was, field)
    }),
)
