/** What a right document may still have wrong: conditions that decide nothing, steps nobody reaches, texts without English, versions beside each other. */
import type { Condition, Field, Procedure } from '../../contracts/procedure.ts'
import units from '../administrative-units/units.json' with { type: 'json' }
import { fieldsOf } from '../rules/conditions.ts'
import { checkValue } from '../rules/field-checks.ts'
import { versionsMeeting } from '../versions.ts'
import { outcomesOf, strangeOptions } from './satisfiable.ts'

const provinceCodes = new Set(units.provinces.map(({ code }) => code))

type Asked = {
  where: string
  condition: Condition
  when?: Condition | undefined
  each?: string | undefined
}

const askedOfField = (field: Field, each?: string): Asked[] => {
  const where = each === undefined ? field.id : `${each} › ${field.id}`
  return [
    { where: `${where}.visibleWhen`, condition: field.visibleWhen, each },
    {
      where: `${where}.required`,
      condition: field.required,
      when: field.visibleWhen,
      each,
    },
    ...(field.type === 'rows' ? field.fields.flatMap((own) => askedOfField(own, field.id)) : []),
  ]
}

const askedOf = (procedure: Procedure): Asked[] => [
  ...procedure.steps.flatMap((step) => step.fields.flatMap((field) => askedOfField(field))),
  ...procedure.rules.map(({ id, brokenWhen, each }) => ({
    where: `rule ${id}`,
    condition: brokenWhen,
    each,
  })),
  ...procedure.papers.flatMap((paper) => [
    { where: `paper ${paper.id}.visibleWhen`, condition: paper.visibleWhen },
    {
      where: `paper ${paper.id}.required`,
      condition: paper.required,
      when: paper.visibleWhen,
    },
  ]),
  ...procedure.samePersons.map(({ person, as, when }) => ({
    where: `samePersons ${person} = ${as}`,
    condition: when,
  })),
  ...procedure.fee.items.map(({ id, when }) => ({
    where: `fee ${id}`,
    condition: when,
  })),
  ...procedure.deadlines.map(({ id, when }) => ({
    where: `deadline ${id}`,
    condition: when,
  })),
  ...procedure.declaration.lines.map(({ when }, index) => ({
    where: `declaration line ${index + 1}`,
    condition: when,
  })),
  ...procedure.declaration.signatures.map(({ id, when }) => ({
    where: `signature ${id}`,
    condition: when,
  })),
]

const neverHolds = (procedure: Procedure, condition: Condition, each: string | undefined): boolean => {
  if (typeof condition === 'boolean' || strangeOptions(procedure, condition, each).length > 0) return false
  const outcomes = outcomesOf(procedure, condition, undefined, each)
  return outcomes?.size === 1 && outcomes.has(false)
}

const deadConditions = (procedure: Procedure): string[] => {
  const asked = askedOf(procedure)
  /** Fields that are never asked: what looks at them is told by them alone. */
  const never = new Set(
    asked
      .filter(({ where, condition, each }) => where.endsWith('.visibleWhen') && neverHolds(procedure, condition, each))
      .map(({ where, each }) => (each === undefined ? where : `row.${where.split(' › ').at(-1)}`).replace(/\.visibleWhen$/, '')),
  )
  return asked.flatMap(({ where, condition, when, each }) => {
    if (typeof condition === 'boolean') return []
    if (!where.endsWith('.visibleWhen') && fieldsOf(condition).some((name) => never.has(name))) return []
    const strangers = strangeOptions(procedure, condition, each).map(
      ({ field, value, options }) =>
        `${where}: "${value}" không phải lựa chọn của "${field}": ${options.join(', ')} / is no option of it`,
    )
    if (strangers.length > 0) return strangers
    const outcomes = outcomesOf(procedure, condition, when, each)
    if (outcomes === undefined || outcomes.size !== 1) return []
    if (outcomes.has(true)) {
      // Required wherever it is asked, by a condition that repeats the other one: true at other times it would not be.
      const repeats = when !== undefined && outcomesOf(procedure, condition, true, each)?.has(false) !== false
      return repeats ? [] : [`${where}: điều kiện luôn đúng, bỏ đi / always holds, leave it out`]
    }
    return [`${where}: điều kiện không bao giờ đúng / can never hold`]
  })
}

/** What a field starts with must be what it would take. */
const wrongInitials = (procedure: Procedure): string[] =>
  procedure.steps
    .flatMap(({ fields }) => fields)
    .flatMap((field) => (field.type === 'rows' ? [field, ...field.fields] : [field]))
    .flatMap((field) => {
      const wrong = field.initial === undefined ? undefined : checkValue(field, field.initial, { today: procedure.effectiveFrom })
      return wrong === undefined ? [] : [`${field.id}.initial: "${field.initial}": ${wrong.vi} / ${wrong.en}`]
    })

const strangeProvinces = ({ fee }: Procedure): string[] =>
  fee.items.flatMap(({ id, amounts }) =>
    amounts
      .flatMap(({ provinces = [] }) => provinces)
      .filter((code) => !provinceCodes.has(code))
      .map((code) => `fee ${id}: không có tỉnh mã "${code}" / there is no province of this code`),
  )

const neverAsked = (procedure: Procedure): string[] =>
  procedure.steps.flatMap((step) => {
    const reached = step.fields.some((field) => outcomesOf(procedure, field.visibleWhen)?.has(true) ?? true)
    return reached ? [] : [`step ${step.id}: không bao giờ có ô nào để hỏi / never asks anything`]
  })

/** Ids of fields (of rows: `group.id`) for which the declaration has no place. A list without lines holds every field. */
const unprinted = ({ steps, declaration, caseQuestion }: Procedure): string[] => {
  const drawn = new Set(declaration.signatures.map((signature) => signature.drawn))
  if (declaration.layout === 'list' && declaration.lines.length === 0)
    return steps.flatMap(({ fields }) =>
      fields.filter(({ id, type }) => type === 'signature' && !drawn.has(id)).map(({ id }) => id),
    )
  const printed = JSON.stringify([declaration.lines, declaration.signatures])
  const composed = JSON.stringify(steps.flatMap(({ fields }) => fields.filter(({ type }) => type === 'composed')))
  const stands = (id: string): boolean =>
    new RegExp(`[{"](row\\.)?${id}["}:=]`).test(printed) ||
    composed.includes(`"var":"${id}"`) ||
    composed.includes(`"var":"row.${id}"`)
  return steps
    .flatMap(({ fields }) => fields)
    .flatMap((field): { id: string; name: string; help: string }[] => [
      { id: field.id, name: field.id, help: field.help?.vi ?? '' },
      ...(field.type === 'rows'
        ? field.fields.map(({ id, help }) => ({ id, name: `${field.id}.${id}`, help: help?.vi ?? '' }))
        : []),
    ])
    .filter(({ id, help }) => id !== caseQuestion && !/không in/i.test(help) && !stands(id))
    .map(({ name }) => name)
}

/** Places of texts that have Vietnamese and no English. */
export const untranslated = (node: unknown, place = ''): string[] => {
  if (typeof node !== 'object' || node === null) return []
  if ('vi' in node && typeof node.vi === 'string') return 'en' in node ? [] : [place]
  return Object.entries(node).flatMap(([key, value]) => {
    const id = typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : key
    return untranslated(value, place === '' ? id : `${place} › ${id}`)
  })
}

/** One line for all of them: there may be many. */
export const untranslatedWords = (places: readonly string[]): string[] =>
  places.length === 0
    ? []
    : [
        `${places.length} chỗ thiếu tiếng Anh / without English: ${places.slice(0, 3).join(', ')}${places.length > 3 ? ', …' : ''}`,
      ]

/** `problems` must be mended; `remarks` are told. */
export const reviewProcedure = (procedure: Procedure): { problems: string[]; remarks: string[] } => {
  const places = untranslated(procedure)
  const missing = places.map((place) => `${place}: thiếu bản tiếng Anh / no English`)
  const complete = procedure.kind === 'complete'
  const left = unprinted(procedure)
  const notPrinted =
    left.length === 0
      ? []
      : [
          `declaration: không có chỗ cho ${left.slice(0, 6).join(', ')}${left.length > 6 ? ', …' : ''}; cố ý thì ghi "không in" vào help của ô / no place for these; if meant so, say "không in" in their help`,
        ]
  return {
    problems: [
      ...deadConditions(procedure),
      ...neverAsked(procedure),
      ...wrongInitials(procedure),
      ...strangeProvinces(procedure),
      ...(complete ? missing : []),
    ],
    remarks: [...(complete ? [] : untranslatedWords(places)), ...notPrinted],
  }
}

/**
 * Versions of one code that hold on the same day, or leave a day to none. Drafts do not count. Of two, the one that began last is offered, so
 * whoever has no hand in the earlier one (`given`: it comes with the program) takes its place from his first day on.
 */
export const reviewVersions = (
  procedures: readonly Procedure[],
  given: ReadonlySet<Procedure> = new Set(),
): { problems: string[]; remarks: string[] } => {
  const offered = procedures.filter(({ draft }) => !draft)
  const met = [...new Set(offered.map(({ code }) => code))].flatMap((code) =>
    versionsMeeting(offered.filter((procedure) => procedure.code === code)).map((meeting) => ({ code, ...meeting })),
  )
  const overlaps = met.filter(({ type }) => type === 'overlap')
  const isOfBoth = ({ earlier, later }: (typeof met)[number]): boolean => given.has(earlier) !== given.has(later)
  const replaces = ({ earlier, later }: (typeof met)[number]): boolean =>
    given.has(earlier) && !given.has(later) && earlier.effectiveFrom < later.effectiveFrom
  return {
    problems: overlaps
      .filter((meeting) => !replaces(meeting))
      .map((meeting) => {
        const { code, earlier, later } = meeting
        if (earlier.version === later.version)
          return `${code}: có hai văn bản cùng phiên bản ${later.version} / there are two documents of this version`
        if (isOfBoth(meeting))
          return `${code}: văn bản có sẵn trong chương trình bắt đầu ${later.effectiveFrom}, muốn thay thì effectiveFrom phải sau ngày đó / the program’s own begins then; to take its place, begin later`
        return `${code}: phiên bản ${earlier.version} và ${later.version} cùng có hiệu lực từ ${later.effectiveFrom}; ghi effectiveUntil vào phiên bản trước / both hold from then on, the earlier needs an effectiveUntil`
      }),
    remarks: [
      ...overlaps
        .filter(replaces)
        .map(
          ({ code, earlier, later }) =>
            `${code}: từ ${later.effectiveFrom} phiên bản ${later.version} thay phiên bản ${earlier.version} có sẵn trong chương trình / takes the place of the program’s own`,
        ),
      ...met
        .filter(({ type }) => type === 'gap')
        .map(
          ({ code, earlier, later }) =>
            `${code}: từ sau ${earlier.effectiveUntil} đến trước ${later.effectiveFrom} không có phiên bản nào / no version holds between`,
        ),
    ],
  }
}
