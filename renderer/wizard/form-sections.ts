/**
 * A long step in sections, cut by its document alone: an answer that opens or closes a field never moves another into a new section, and
 * with it out from under the cursor. A section begins where a row begins anyhow, so that the cut is not seen.
 */
import type { Field } from '../../contracts/procedure.ts'

/** The browser lays out and paints a section as a whole. */
const fewest = 8
const most = 16

export const sectionsOf = (fields: readonly Field[]): Field[][] => {
  const sections: Field[][] = []
  for (const field of fields) {
    const last = sections.at(-1)
    const first = last?.[0]
    const startsRow = field.width === 'full'
    if (last === undefined || first?.type === 'rows' || field.type === 'rows') sections.push([field])
    else if (last.length >= most || (last.length >= fewest && startsRow && field.visibleWhen === true)) sections.push([field])
    else last.push(field)
  }
  return sections
}
