/**
 * A procedure's declaration as content: the form's own lines in their order with the answers in their places, before any page is drawn.
 * Pure; works on `Procedure.declaration` alone and knows no form by name.
 *
 * Invariants: nothing is printed that the document does not name; an answer that is not asked or not given is a dotted line; a layout
 * `list` is called "Bản kê khai" and carries no emblem of an authority.
 */
import type { Answers } from '../../contracts/dossier.ts'
import type { DeclarationLine, Field, Procedure } from '../../contracts/procedure.ts'
import type { Channel } from '../../contracts/procedure-field.ts'
import { holds, type Values } from '../../procedures/rules/conditions.ts'
import { type Day, findField, shownValue, valuesOf } from '../../procedures/rules/index.ts'
import { rowCount, rowKey } from '../../procedures/rules/rows.ts'
import { readTemplate, type TemplatePiece } from '../../procedures/rules/template.ts'

export type Piece =
  | { type: 'words'; text: string }
  | { type: 'value'; text: string }
  /** Nothing given: dots of about this many letters. */
  | { type: 'blank'; letters: number }
  /** One box a digit; empty boxes where nothing is given. */
  | { type: 'boxes'; digits: string; count: number }
  | { type: 'tick'; ticked: boolean }

export type DeclarationBlock =
  | { type: 'line'; pieces: Piece[] }
  | { type: 'heading'; text: string }
  | { type: 'table'; columns: { title: string; width: number }[]; rows: string[][] }
  | { type: 'grid'; rows: string[][] }
export type SignaturePlace = { title: string; note: string; name: string; path: string }

export type DeclarationContent = {
  layout: Procedure['declaration']['layout']
  title: string
  form: string
  /** Under the title of a list, or of a form which was not read in full. */
  remark: string
  blocks: DeclarationBlock[]
  /** Empty where the form prints none. */
  oath: string
  signatures: SignaturePlace[]
}

const boxesWithout = 12
const shortBlank = 8
const longBlank = 40

type Row = { group: string; number: number }
const keyIn = (field: string, row: Row | undefined): string =>
  row !== undefined && field.startsWith('row.') ? rowKey(row.group, row.number, field.slice(4)) : field

const dateParts = /^(?:(?:(\d{2})\/)?(\d{2})\/)?(\d{4})(?: (\d{2}):(\d{2}))?$/

const partOf = (value: string, part: 'day' | 'month' | 'year' | 'hour' | 'minute'): string => {
  const clock = /^(\d{2})(?::(\d{2}))?$/.exec(value)
  if (part === 'hour' || part === 'minute') {
    const [, , , , hour, minute] = dateParts.exec(value) ?? []
    return (part === 'hour' ? (clock?.[1] ?? hour) : (clock?.[2] ?? minute)) ?? ''
  }
  const [, day, month, year] = dateParts.exec(value) ?? []
  return { day, month, year }[part] ?? ''
}

const pieceOf = (piece: TemplatePiece, values: Values, row: Row | undefined): Piece => {
  if (piece.type === 'words') return { type: 'words', text: piece.words }
  const value = values[keyIn(piece.field, row)] ?? ''
  if (piece.type === 'tick') return { type: 'tick', ticked: value.split('; ').includes(piece.value) }
  if (piece.part === 'boxes')
    return { type: 'boxes', digits: value, count: Math.max(value.length, value === '' ? boxesWithout : 0) }
  const text = piece.part === 'whole' ? value : partOf(value, piece.part)
  if (text !== '') return { type: 'value', text }
  return { type: 'blank', letters: piece.part === 'whole' ? longBlank : shortBlank }
}

/** `{number:boxes} {passport}`: the second of two ways to say one thing leaves no dots when the first is given. */
const withoutIdleBlanks = (pieces: readonly Piece[]): Piece[] => {
  const said = (piece: Piece | undefined): boolean => piece?.type === 'value' || (piece?.type === 'boxes' && piece.digits !== '')
  const isSpace = (piece: Piece | undefined): boolean => piece?.type === 'words' && piece.text.trim() === ''
  return pieces.filter((piece, index) => {
    // Boxes for a number where another one stands beside them.
    if (piece.type === 'boxes' && piece.digits === '')
      return pieces[isSpace(pieces[index + 1]) ? index + 2 : index + 1]?.type !== 'value'
    if (piece.type !== 'blank') return true
    const before = isSpace(pieces[index - 1]) ? pieces[index - 2] : index === 0 ? undefined : pieces[index - 1]
    return !said(before)
  })
}

/** In a cell a tick is a cross, and what is not given stays empty. */
const plainPiece = (piece: Piece): string => {
  switch (piece.type) {
    case 'words':
    case 'value':
      return piece.text
    case 'boxes':
      return piece.digits
    case 'tick':
      return piece.ticked ? 'x' : ''
    case 'blank':
      return ''
  }
}

const plainText = (template: string, values: Values, row?: Row): string =>
  readTemplate(template)
    .map((each) => plainPiece(pieceOf(each, values, row)))
    .join('')
    .replace(/\s+(?=[,;.])/g, '')
    // What stands between two empty places says nothing.
    .replace(/^[\s;,]+|[\s;,]+$/g, '')

/** Fields that hold words, not a number or a choice. */
const wordy: ReadonlySet<Field['type']> = new Set(['name', 'text', 'address', 'unit'])

/** A list whose document names no lines holds every field, step by step, in the order in which they are asked. */
const everyField = (procedure: Procedure): DeclarationLine[] =>
  procedure.steps.flatMap(({ title, fields }): DeclarationLine[] => {
    const printed = fields.filter(({ type }) => type !== 'signature')
    // Of a step at which nothing is asked this time nothing is said.
    const asked = printed.map(({ visibleWhen }) => visibleWhen)
    return [
      { heading: title.vi, when: asked.includes(true) || { or: asked } },
      ...printed.flatMap((field): DeclarationLine[] =>
        field.type === 'rows'
          ? [
              ...(field.label.vi === title.vi ? [] : [{ text: `${field.label.vi}:`, when: field.visibleWhen }]),
              {
                table: field.id,
                columns: field.fields.map(({ id, label, type }) => ({
                  title: label.vi,
                  text: `{row.${id}}`,
                  width: wordy.has(type) ? 2 : 1,
                })),
                when: field.visibleWhen,
              },
            ]
          : [{ text: `${field.label.vi}: {${field.id}}`, when: field.visibleWhen }],
      ),
    ]
  })

export const declarationOf = (procedure: Procedure, answers: Answers, day: Day, channel: Channel): DeclarationContent => {
  const { declaration } = procedure
  const given = valuesOf(procedure, answers, day)
  const values = Object.fromEntries(
    Object.entries(given).map(([id, value]) => {
      const field = findField(procedure, id)
      return [id, field === undefined ? value : shownValue(field, value)]
    }),
  )
  const lines = declaration.layout === 'list' && declaration.lines.length === 0 ? everyField(procedure) : declaration.lines
  const blocks = lines
    .filter((line) => holds(line.when, given))
    .flatMap((line): DeclarationBlock[] => {
      if ('text' in line)
        return [
          { type: 'line', pieces: withoutIdleBlanks(readTemplate(line.text).map((piece) => pieceOf(piece, values, undefined))) },
        ]
      if ('heading' in line) return [{ type: 'heading', text: plainText(line.heading, values) }]
      if ('grid' in line) return [{ type: 'grid', rows: line.grid.map((cells) => cells.map((cell) => plainText(cell, values))) }]
      const group = findField(procedure, line.table)
      if (group?.type !== 'rows') return []
      const count = rowCount(group, values[line.table])
      const rows = Array.from({ length: count }, (_, index) =>
        line.columns.map((column) => plainText(column.text, values, { group: line.table, number: index + 1 })),
      )
      return [
        {
          type: 'table',
          columns: [{ title: 'TT', width: 0.5 }, ...line.columns.map(({ title, width }) => ({ title, width }))],
          rows: rows.length === 0 ? [['', ...line.columns.map(() => '')]] : rows.map((row, index) => [String(index + 1), ...row]),
        },
      ]
    })
  const list = declaration.layout === 'list'
  return {
    layout: declaration.layout,
    title: declaration.title.vi,
    form: declaration.form,
    remark: list
      ? 'Bản kê khai để cơ quan tiếp nhận tham khảo, không phải mẫu tờ khai chính thức.'
      : procedure.kind === 'partial'
        ? 'Một số mục của mẫu chưa được kiểm chứng.'
        : '',
    blocks,
    oath: declaration.oath?.vi ?? '',
    signatures: declaration.signatures
      .filter((signature) => signature.channels.includes(channel) && holds(signature.when, given))
      .map(({ title, note = '', name, drawn }) => ({
        title,
        note,
        name: name === undefined ? '' : (values[name] ?? ''),
        path: drawn === undefined ? '' : (values[drawn] ?? ''),
      })),
  }
}
