import { PDFDocument } from '@cantoo/pdf-lib'
import { describe, expect, it } from 'vitest'
import { catalogue, findProcedure } from '../../procedures/catalogue.ts'
import { allFields, readRowKey } from '../../procedures/rules/index.ts'
import { readTemplate } from '../../procedures/rules/template.ts'
import { specimens } from '../../procedures/specimens.ts'
import { typedAnswers } from '../../procedures/typed-answers.ts'
import boldFont from '../slip/fonts/noto-sans-bold.ttf?inline'
import regularFont from '../slip/fonts/noto-sans-regular.ttf?inline'
import { declarationOf, type Piece } from './declaration.ts'
import { renderDeclarationPdf } from './declaration-pdf.ts'

const { procedures } = catalogue.parseAll()

const load = async (address: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(address)).arrayBuffer())
const said = (piece: Piece): string =>
  piece.type === 'words' || piece.type === 'value' ? piece.text : piece.type === 'boxes' ? piece.digits : ''

/** Fields and fields of rows which the declaration has a place for. */
const printed = (procedure: (typeof procedures)[number]): Set<string> => {
  const fieldsIn = (text: string, group?: string): string[] =>
    readTemplate(text).flatMap((piece) =>
      piece.type === 'words' ? [] : [group === undefined ? piece.field : piece.field.replace(/^row\./, `${group}.`)],
    )
  const { lines, signatures } = procedure.declaration
  return new Set([
    ...lines.flatMap((line) => {
      if ('text' in line) return fieldsIn(line.text)
      if ('heading' in line) return fieldsIn(line.heading)
      if ('grid' in line) return line.grid.flat().flatMap((cell) => fieldsIn(cell))
      return [line.table, ...line.columns.flatMap((column) => fieldsIn(column.text, line.table))]
    }),
    ...signatures.flatMap(({ name, drawn }) => [name ?? '', drawn ?? '']),
  ])
}

/** What a sentence is composed of, or a condition decides by, stands on the form in other words. */
const spoken = (procedure: (typeof procedures)[number]): Set<string> => {
  const named = (node: unknown): string[] =>
    Array.isArray(node)
      ? node.flatMap(named)
      : typeof node === 'object' && node !== null
        ? Object.entries(node).flatMap(([key, value]) => (key === 'var' && typeof value === 'string' ? [value] : named(value)))
        : []
  return new Set([
    ...allFields(procedure).flatMap((field) => (field.type === 'composed' ? named(field.text) : [])),
    ...named(procedure.declaration.lines.map((line) => line.when)),
    ...named(procedure.declaration.signatures.map((signature) => signature.when)),
  ])
}

describe('declarations', () => {
  it('group an amount of money as people read it', () => {
    const specimen = specimens['1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-oneself.json']
    const procedure = specimen && findProcedure(specimen.procedureCode, specimen.procedureVersion)
    if (specimen === undefined || procedure === undefined) throw new Error('no such specimen')
    const { blocks } = declarationOf(procedure, typedAnswers(specimen.answers), { today: specimen.today }, 'counter')
    const text = blocks.flatMap((block) => (block.type === 'line' ? block.pieces.map(said) : [])).join('')
    expect(text).toContain('330.000')
  })

  it.each(procedures.map((procedure) => [`${procedure.code} ${procedure.version}`, procedure] as const))(
    '%s prints every field it asks, but those which say that they are not printed',
    (_name, procedure) => {
      const places = printed(procedure)
      const words = spoken(procedure)
      const missing = allFields(procedure)
        .flatMap((field) =>
          field.type === 'rows' ? field.fields.map((own) => ({ ...own, id: `${field.id}.${own.id}` })) : field,
        )
        .filter(({ id }) => !places.has(id) && !words.has(id))
        .filter(({ id, help }) => id !== procedure.caseQuestion && !/không in/i.test(help?.vi ?? ''))
      expect(missing.map(({ id }) => id)).toEqual([])
    },
  )

  it.each(Object.entries(specimens))(
    'of %s holds its answers, and is the same when it is made again',
    async (_name, specimen) => {
      const procedure = findProcedure(specimen.procedureCode, specimen.procedureVersion)
      if (procedure === undefined) throw new Error('no such procedure')
      const content = declarationOf(procedure, typedAnswers(specimen.answers), { today: specimen.today }, 'counter')
      const places = printed(procedure)
      const unprinted = new Set(Object.keys(specimen.answers).filter((id) => !places.has(id) && readRowKey(id) === undefined))
      const text = content.blocks
        .flatMap((block) =>
          block.type === 'line' ? block.pieces.map(said) : block.type === 'heading' ? [block.text] : block.rows.flat(),
        )
        .join(' ')
      for (const [id, value] of Object.entries(specimen.answers))
        if (/Name$|PersonalNumber$/.test(id) && !unprinted.has(id)) expect(text).toContain(value)
    },
  )

  it('are the same bytes when made again', async () => {
    const fonts = { regular: await load(regularFont), bold: await load(boldFont) }
    for (const procedure of procedures) {
      const specimen = Object.values(specimens).find(({ procedureCode }) => procedureCode === procedure.code)
      const content = declarationOf(procedure, typedAnswers(specimen?.answers ?? {}), { today: '2026-11-22' }, 'counter')
      expect(await renderDeclarationPdf(content, fonts)).toEqual(await renderDeclarationPdf(content, fonts))
    }
  })

  it('goes on over the pages with a cell longer than one, and crosses a tick in a cell', async () => {
    const fonts = { regular: await load(regularFont), bold: await load(boldFont) }
    const stay = procedures.find((procedure) => procedure.code === '2.001159') ?? expect.fail('it is in the catalogue')
    const group = allFields(stay).find(({ type }) => type === 'rows') ?? expect.fail('it has rows')
    const column = { title: 'Cột', text: '{row.name}', width: 1 }
    const ticked = { title: 'Chọn', text: '{row.name=Không}', width: 4 }
    const narrow = {
      ...stay,
      declaration: { ...stay.declaration, lines: [{ table: group.id, columns: [column, ticked], when: true }] },
    }
    const pagesOf = async (name: string): Promise<number> => {
      const answers = typedAnswers({ [group.id]: '1', [`${group.id}_1_name`]: name })
      const content = declarationOf(narrow, answers, { today: '2026-11-22' }, 'counter')
      if (name === 'Không') expect(content.blocks[0]).toMatchObject({ rows: [['1', name, 'x']] })
      return (await PDFDocument.load(await renderDeclarationPdf(content, fonts))).getPageCount()
    }
    expect(await pagesOf('Không')).toBe(1)
    expect(await pagesOf(Array.from({ length: 900 }, () => 'Ủy ban nhân dân xã').join(' '))).toBeGreaterThan(2)
  })

  it('lists every field where a list names no lines', () => {
    const stay = procedures.find((procedure) => procedure.code === '2.001159') ?? expect.fail('it is in the catalogue')
    const bare = { ...stay, declaration: { ...stay.declaration, lines: [] } }
    const specimen = Object.values(specimens).find(({ procedureCode }) => procedureCode === stay.code)
    const { blocks } = declarationOf(bare, typedAnswers(specimen?.answers ?? {}), { today: '2026-11-22' }, 'counter')
    const text = JSON.stringify(blocks)
    for (const { value } of Object.values(typedAnswers(specimen?.answers ?? {}))) expect(text).toContain(value)
    for (const { title } of stay.steps) expect(text).toContain(title.vi)
    const rows = allFields(stay).find(({ type }) => type === 'rows') ?? expect.fail('it has rows')
    const renamed = { ...rows, label: { vi: 'Danh sách khách', en: 'Guests' } }
    const last = {
      id: 'last',
      title: { vi: 'Phần không hỏi', en: 'Not asked' },
      fields: [{ ...renamed, id: 'none', visibleWhen: false }],
    }
    const steps = stay.steps.map((step) => ({ ...step, fields: step.fields.map((field) => (field === rows ? renamed : field)) }))
    const more = declarationOf(
      { ...bare, steps: [...steps, last] },
      typedAnswers(specimen?.answers ?? {}),
      { today: '2026-11-22' },
      'counter',
    )
    const table = more.blocks.findIndex(({ type }) => type === 'table')
    expect(JSON.stringify(more.blocks[table - 1])).toContain('Danh sách khách:')
    expect(JSON.stringify(more.blocks)).not.toContain('Phần không hỏi')
  })

  it('leaves no empty boxes beside another number, nor a blank before a comma', () => {
    const recognition = procedures.find(({ code }) => code === '1.001022') ?? expect.fail('it is in the catalogue')
    const child = typedAnswers({ otherName: 'LÒ BẢO MẪU', otherPaperType: 'Giấy khai sinh', otherPaperNumber: '03/2025' })
    const { blocks } = declarationOf(recognition, child, { today: '2026-11-22' }, 'counter')
    const line = blocks.find((block) => block.type === 'line' && block.pieces.some((piece) => said(piece) === '03/2025'))
    expect(line?.type === 'line' ? line.pieces.map(({ type }) => type) : []).not.toContain('boxes')
  })

  it('takes a list for what it is, and an online form without its hand signature', () => {
    const stay = procedures.find((procedure) => procedure.code === '2.001159')
    const residence = procedures.find((procedure) => procedure.code === '1.004222' && procedure.kind === 'complete')
    if (stay === undefined || residence === undefined) throw new Error('both are in the catalogue')
    expect(declarationOf(stay, {}, { today: '2026-11-22' }, 'counter')).toMatchObject({
      layout: 'list',
      remark: expect.stringContaining('không phải mẫu tờ khai chính thức'),
    })
    expect(declarationOf(residence, {}, { today: '2026-11-22' }, 'counter').signatures.map(({ note }) => note)).toEqual([
      ...Array.from({ length: 3 }, () => '(không phải ký mục này)'),
      '(Ký, ghi rõ họ tên)',
    ])
    expect(declarationOf(residence, {}, { today: '2026-11-22' }, 'online').signatures).toEqual([])
  })
})
