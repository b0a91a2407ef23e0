/**
 * Any document that the author's check accepts goes the whole way: a dossier of it through the wizard's machine, onto paper and past the
 * gateway's check, and nothing throws. Documents are made up of everything the published schema offers, in ways nobody thought of.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { madeUpDossier } from '../../procedures/authoring/made-up-dossier.ts'
import { reviewProcedure } from '../../procedures/authoring/review-document.ts'
import { builtIn } from '../../procedures/built-in.ts'
import { blocksOf } from '../../procedures/documents/catalogue-source.ts'
import { parseProcedure } from '../../procedures/documents/parse-procedure.ts'
import { deadlinesOf, feeOf } from '../../procedures/rules/index.ts'
import { declarationOf } from '../../renderer/declaration/declaration.ts'
import { renderDeclarationPdf } from '../../renderer/declaration/declaration-pdf.ts'
import { createDossierCheck } from '../../sync/gateway/packets/dossier-check.ts'
import { sentContent, throughWizard } from '../fixtures/whole-way.ts'

const both = (vi: string) => ({ vi, en: vi })
const today = '2026-11-22'
const now = new Date(`${today}T05:00:00.000Z`)

type Json = Record<string, unknown>
type Made = Json & { id: string; type: string }

const kinds: readonly Json[] = [
  { type: 'text', maxLength: 60 },
  { type: 'text', lines: 3 },
  { type: 'name', fact: { person: 'one', value: 'fullName' } },
  { type: 'name', fact: { person: 'two', value: 'fullName' } },
  { type: 'date', partial: true, fact: { person: 'one', value: 'birthDate' } },
  { type: 'date' },
  { type: 'date', future: true },
  { type: 'time' },
  { type: 'date-time', future: true },
  { type: 'personal-number', fact: { person: 'one', value: 'personalNumber' } },
  { type: 'digits', lengths: [6, 9] },
  { type: 'phone', fact: { person: 'two', value: 'phone' } },
  { type: 'email' },
  { type: 'number', min: 2, max: 40 },
  { type: 'money' },
  { type: 'yes-no' },
  {
    type: 'choice',
    options: [
      { value: 'Một', en: 'One' },
      { value: 'Hai', en: 'Two' },
      { value: 'Ba', label: both('Ba') },
    ],
  },
  { type: 'multi-choice', max: 2, options: [{ value: 'Xanh' }, { value: 'Đỏ' }, { value: 'Vàng' }] },
  { type: 'listed', list: 'ethnic-groups' },
  { type: 'listed', list: 'relations-to-person', free: true, relation: { of: 'one', to: 'two' } },
  { type: 'unit', level: 'commune' },
  { type: 'unit', level: 'province' },
  { type: 'address', fact: { person: 'one', value: 'residence' } },
  { type: 'signature' },
]

/** Looks at one of the fields before it; what it says of a choice may hold or not. */
const conditionOn = (before: readonly Made[], pick: number, row: string): unknown => {
  const field = before[pick % Math.max(1, before.length)]
  if (field === undefined || field.type === 'rows' || field.type === 'signature') return undefined
  const name = `${row}${field.id}`
  switch (field.type) {
    case 'yes-no':
      return { is: [name, 'Có'] }
    case 'choice':
      return { oneOf: [name, 'Một', 'Ba'] }
    case 'multi-choice':
      return { chosen: [name, 'Đỏ'] }
    case 'date':
      return { dateBefore: [{ var: name }, { var: 'today' }] }
    case 'number':
    case 'money':
      return { '>': [{ numberOf: [{ var: name }] }, 10] }
    default:
      return { given: name }
  }
}

const spec = fc.record({
  kind: fc.integer({ min: 0, max: kinds.length - 1 }),
  required: fc.constantFrom('no', 'yes', 'when'),
  visible: fc.constantFrom('yes', 'yes', 'when'),
  look: fc.nat(9),
  proposed: fc.boolean(),
})
type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never

const fieldOf = (id: string, { kind, required, visible, look, proposed }: Spec, before: readonly Made[], row: string): Made => {
  const condition = conditionOn(before, look, row)
  const whole = kinds[kind] ?? {}
  // In a row the person is the one in it.
  const base = row === '' ? whole : { ...whole, fact: undefined, relation: undefined }
  const named = `${row}${before[0]?.id ?? ''}`
  const text = base.type === 'text' && proposed && before.length > 0 && before[0]?.type === 'name'
  return JSON.parse(
    JSON.stringify({
      ...base,
      id,
      label: both(`Ô ${id}`),
      required: required === 'yes' ? true : required === 'when' ? condition : undefined,
      visibleWhen: visible === 'when' ? condition : undefined,
      proposed: text ? { if: [{ given: named }, { cat: ['Của ', { var: named }] }, ''] } : undefined,
    }),
  )
}

const documents = fc
  .record({
    steps: fc.array(fc.array(spec, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
    rows: fc.array(spec, { maxLength: 5 }),
    least: fc.integer({ min: 0, max: 2 }),
    listed: fc.boolean(),
    until: fc.boolean(),
  })
  .map(({ steps, rows, least, listed, until }) => {
    const before: Made[] = []
    const written: Json[] = steps.map((specs, number) => {
      const fields = specs.map((each, index) => {
        const field = fieldOf(`f${number}${'abcdef'[index]}`, each, before, '')
        before.push(field)
        return field
      })
      return { id: `step${number}`, title: both(`Bước ${number}`), ...(number === 0 ? { person: 'one' } : {}), fields }
    })
    const inRow: Made[] = []
    for (const [index, each] of rows.entries()) {
      const mixed =
        index % 2 === 0 ? fieldOf(`r${'abcde'[index]}`, each, before, '') : fieldOf(`r${'abcde'[index]}`, each, inRow, 'row.')
      inRow.push(JSON.parse(JSON.stringify({ ...mixed, fact: undefined, relation: undefined, proposed: undefined })))
    }
    const group = {
      id: 'people',
      type: 'rows',
      label: both('Những người'),
      rowLabel: both('Người'),
      min: least,
      max: 4,
      fields: inRow,
    }
    if (inRow.length > 0) written.push({ id: 'rows', title: both('Nhiều người'), fields: [group] })
    const choice = before.find(({ type, visibleWhen }) => type === 'choice' && visibleWhen === undefined)
    const dates = before.filter(({ type }) => type === 'date')
    const number = before.find(({ type }) => type === 'number')
    const moment = before.find(({ type }) => type === 'date-time' || type === 'date')
    const [first, second] = dates
    return {
      kind: 'partial',
      code: '9.000777',
      version: '2026-01-01',
      effectiveFrom: '2026-01-01',
      ...(until ? { effectiveUntil: '2026-12-31', graceDays: 3 } : {}),
      name: both('Thủ tục nào đó'),
      agency: both('Ủy ban nhân dân cấp xã'),
      agencyLevel: 'commune',
      timeLimit: { text: both('3 ngày'), limits: [{ amount: 3, unit: 'working-day' }] },
      fee: {
        text: both('Theo tỉnh'),
        items: [
          {
            id: 'fee',
            label: both('Lệ phí'),
            ...(number === undefined ? {} : { times: number.id }),
            exemptions: choice === undefined ? [] : [{ when: { is: [choice.id, 'Hai'] }, reason: both('Được miễn') }],
            amounts: [
              { amount: 7000, provinces: ['11'], until: '2026-06-30', source: 'thử', status: 'B' },
              { amount: 5000, channels: ['online'], source: 'thử', status: 'B' },
            ],
          },
        ],
      },
      deadlines:
        moment === undefined
          ? []
          : [
              {
                id: 'soon',
                label: both('Trong 5 ngày'),
                from: moment.id,
                within: { type: 'days', count: 5, unit: 'working-day' },
                nearHours: 5,
                late: both('Muộn'),
                otherWay: both('Ra xã'),
                basis: 'thử',
              },
            ],
      legalBasis: ['thử'],
      sources: [{ fact: 'Toàn bộ', source: 'thử', checkedOn: '2026-11-20', status: 'KXM' }],
      guidance: [],
      persons: [
        { id: 'one', label: both('Người thứ nhất') },
        { id: 'two', label: both('Người thứ hai'), noun: both('người thứ hai') },
      ],
      kinship: [{ person: 'two', relation: 'mother', of: 'one' }],
      ...(choice === undefined ? {} : { caseQuestion: choice.id }),
      steps: written,
      rules:
        first === undefined || second === undefined
          ? []
          : [
              {
                id: 'order',
                severity: first.future === true ? 'error' : 'warning',
                fields: [first.id, second.id],
                brokenWhen: { dateBefore: [{ var: second.id }, { var: first.id }] },
                message: both('Ngày sau trước ngày trước.'),
              },
            ],
      papers: [
        { id: 'always', name: both('Giấy luôn cần'), required: true },
        ...(choice === undefined
          ? []
          : [{ id: 'sometimes', name: both('Giấy theo trường hợp'), cases: ['Một', 'Hai'], required: true }]),
      ],
      consents: [{ id: 'submit', purpose: both('Gửi hồ sơ'), required: true }],
      declaration: {
        title: both('Bản kê khai nào đó'),
        form: 'thử',
        layout: 'list',
        status: 'KXM',
        oath: both('Tôi cam đoan.'),
        lines: listed
          ? []
          : [
              { heading: 'Phần một' },
              ...before.filter(({ type }) => type !== 'signature').map(({ id }) => ({ text: `${id}: {${id}}` })),
              ...(inRow.some(({ type }) => type !== 'signature')
                ? [
                    {
                      table: 'people',
                      columns: inRow
                        .filter(({ type }) => type !== 'signature')
                        .map(({ id }) => ({ title: id, text: `{row.${id}}` })),
                    },
                  ]
                : []),
            ],
        signatures: [{ id: 'one', title: 'Người khai', drawn: before.find(({ type }) => type === 'signature')?.id }],
      },
    }
  })
  .map((document): unknown => JSON.parse(JSON.stringify(document)))

const blocks = blocksOf([builtIn])
const font = (name: string) => readFileSync(`renderer/slip/fonts/noto-sans-${name}.ttf`)
const fonts = { regular: font('regular'), bold: font('bold') }

describe('any document that the check accepts', () => {
  it('goes through the wizard, is printed, and the gateway takes it', async () => {
    const counted = { made: 0, accepted: 0, dossiers: 0 }
    await fc.assert(
      fc.asyncProperty(documents, async (json) => {
        counted.made += 1
        const parsed = parseProcedure(json, blocks)
        if (!parsed.ok || reviewProcedure(parsed.value).problems.length > 0) return
        counted.accepted += 1
        const procedure = parsed.value
        const day = { today }
        const specimen = madeUpDossier(procedure, today)
        // Such a document needs a specimen of its author's.
        const content = specimen === undefined ? undefined : throughWizard(procedure, specimen, now)
        for (const answers of content === undefined ? [{}] : [{}, content.answers]) {
          feeOf(procedure, answers, { ...day, channel: 'counter' })
          deadlinesOf(procedure, answers, day, now)
          const printed = declarationOf(procedure, answers, day, 'counter')
          expect(printed.title).toBe('Bản kê khai nào đó')
          if (counted.accepted % 4 === 0) await renderDeclarationPdf(printed, fonts)
        }
        if (content === undefined) return
        counted.dossiers += 1
        const gateway = createDossierCheck({ find: () => procedure })
        const { header, dossier } = sentContent(procedure, content, now)
        expect(gateway.version(header, now)).toMatchObject({ ok: true })
        expect(gateway.content(header, dossier)).toMatchObject({ ok: true })
      }),
      { seed: 20261122, numRuns: 50 },
    )
    // The property says something: most of the documents are right, and for most of those a dossier was found.
    expect(counted.accepted).toBeGreaterThan(counted.made * 0.4)
    expect(counted.dossiers).toBeGreaterThan(counted.accepted * 0.6)
  }, 120_000)
})
