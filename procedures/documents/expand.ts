/**
 * Writes a document's blocks out into plain fields and rules. Works on JSON that is not yet known to be a procedure, so that a
 * mistake is told at the place where its author made it; the schema is asked afterwards.
 *
 * Invariant: expansion is a pure function of document and blocks; the same document gives the same fields on kiosk and gateway.
 */
import { type Block, BlockUse } from '../../contracts/procedure-document.ts'
import { fieldsOf } from '../rules/conditions.ts'
import { meaning, wordsOf } from './problem-words.ts'
import { bothOf, isJson, type Json, writeOutConditions, writeOutField } from './short-forms.ts'

export type Blocks = Readonly<Record<string, Block>>
type Noun = { vi: string; en: string }

/** Where a field list stands: the group when it is the fields of a row. */
type Place = { where: string; row?: { group: string; noun: Noun } }
type Written = { fields: unknown[]; rules: Json[]; problems: string[] }

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const nounOf = (text: unknown): Noun => {
  const vi = isJson(text) && typeof text.vi === 'string' ? text.vi : ''
  const en = isJson(text) && typeof text.en === 'string' ? text.en : vi
  return { vi: lowerFirst(vi), en: lowerFirst(en) }
}

const nounOfPerson = (document: Json, person: string): Noun => {
  const persons = Array.isArray(document.persons) ? document.persons.filter(isJson) : []
  const found = persons.find((candidate) => candidate.id === person)
  return nounOf(found?.noun ?? found?.label)
}

type Naming = { id: (suffix: string) => string; ref: (suffix: string) => string; noun: Noun }

/** `@BirthDate` becomes the field's own name, `{who}` the person's noun. */
const named = (node: unknown, naming: Naming, key = ''): unknown => {
  if (typeof node === 'string') {
    const own = /^@([A-Z][A-Za-z0-9]*)$/.exec(node)?.[1]
    if (own !== undefined) return naming.ref(own)
    return node.replaceAll('{who}', key === 'en' ? naming.noun.en : naming.noun.vi)
  }
  if (Array.isArray(node)) return node.map((each) => named(each, naming, key))
  if (!isJson(node)) return node
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, named(value, naming, name)]))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const expandUse = (document: Json, raw: Json, blocks: Blocks, place: Place, depth: number): Written => {
  const parsed = BlockUse.safeParse(raw)
  const where = `${place.where} › block "${textOf(raw.block)}"`
  if (!parsed.success)
    return { fields: [], rules: [], problems: wordsOf(parsed.error.issues, raw).map((words) => `${where}: ${words}`) }
  const use = parsed.data
  const block = blocks[use.block]
  const problem = (words: string): Written => ({ fields: [], rules: [], problems: [`${where}: ${words}`] })
  if (block === undefined || !Object.hasOwn(blocks, use.block))
    return problem(
      `không có khối này; các khối: ${Object.keys(blocks).join(', ')} / no such block${meaning(use.block, Object.keys(blocks))}`,
    )
  if (depth > 4) return problem('khối lồng nhau quá sâu / blocks are nested too deep')
  if (use.as === undefined && place.row === undefined) return problem('thiếu "as" (tiền tố tên ô) / "as" is missing')
  const { as } = use
  const id = (suffix: string): string => (as === undefined ? lowerFirst(suffix) : `${as}${suffix}`)
  const person = use.person ?? (place.row === undefined ? (as ?? '') : 'row')
  const noun = place.row !== undefined && person === 'row' ? place.row.noun : nounOfPerson(document, person)
  const naming: Naming = { id, ref: (suffix) => (place.row === undefined ? id(suffix) : `row.${id(suffix)}`), noun }

  const written: Written = { fields: [], rules: [], problems: [] }
  const known = new Set<string>()
  for (const field of block.fields) {
    if ('block' in field) {
      const inner = {
        ...field,
        as,
        person,
        required: bothOf(use.required, field.required ?? true),
        visibleWhen: bothOf(use.visibleWhen, field.visibleWhen ?? true),
      }
      const changes = Object.fromEntries(Object.entries({ ...(isJson(field.fields) ? field.fields : {}), ...use.fields }))
      const nested = expandUse(
        document,
        {
          ...inner,
          fields: changes,
          without: [...use.without, ...(Array.isArray(field.without) ? field.without : [])],
          ...(use.only === undefined ? {} : { only: use.only }),
          rules: use.rules,
        },
        blocks,
        place,
        depth + 1,
      )
      for (const suffix of Object.keys(use.fields))
        if (nested.fields.some((each) => isJson(each) && each.id === id(suffix))) known.add(suffix)
      for (const suffix of [...use.without, ...(use.only ?? [])]) known.add(suffix)
      written.fields.push(...nested.fields)
      written.rules.push(...nested.rules)
      written.problems.push(...nested.problems.filter((each) => !each.includes('no field')))
      continue
    }
    const suffix = textOf(field.id)
    known.add(suffix)
    if (use.without.includes(suffix) || (use.only !== undefined && !use.only.includes(suffix))) continue
    const { id: _id, type: _type, ...change } = use.fields[suffix] ?? {}
    const changed: Json = { ...field, ...change }
    const own = named(writeOutField(changed), naming)
    if (!isJson(own)) continue
    written.fields.push({
      ...own,
      id: id(suffix),
      ...(typeof own.fact === 'string' ? { fact: { person, value: own.fact } } : {}),
      required: bothOf(use.required, own.required ?? false),
      visibleWhen: bothOf(use.visibleWhen, own.visibleWhen ?? true),
    })
  }
  const strangers = [...Object.keys(use.fields), ...use.without, ...(use.only ?? [])].filter((suffix) => !known.has(suffix))
  for (const suffix of strangers) written.problems.push(`${where}: khối không có ô "${suffix}" / no field of that name`)
  if (use.rules) {
    for (const rule of block.rules) {
      const own = named(rule, naming)
      if (isJson(own))
        written.rules.push({ ...own, id: id(textOf(rule.id)), ...(place.row === undefined ? {} : { each: place.row.group }) })
    }
  }
  return written
}

const expandList = (document: Json, list: readonly unknown[], blocks: Blocks, place: Place): Written => {
  const written: Written = { fields: [], rules: [], problems: [] }
  const add = (more: Written): void => {
    written.fields.push(...more.fields)
    written.rules.push(...more.rules)
    written.problems.push(...more.problems)
  }
  for (const entry of list) {
    if (!isJson(entry)) add({ fields: [entry], rules: [], problems: [] })
    else if ('block' in entry) add(expandUse(document, entry, blocks, place, 0))
    else if (entry.type === 'rows' && Array.isArray(entry.fields)) {
      const group = textOf(entry.id)
      const rows = expandList(document, entry.fields, blocks, {
        where: `${place.where} › ${group}`,
        row: { group, noun: nounOf(entry.rowLabel) },
      })
      add({ fields: [{ ...entry, fields: rows.fields }], rules: rows.rules, problems: rows.problems })
    } else add({ fields: [writeOutField(entry)], rules: [], problems: [] })
  }
  return written
}

/**
 * Where one step asks the same of several persons, the label says of whom, as a sentence calls them: two blocks in one step would else be two
 * "Họ, chữ đệm và tên". The person the step is about needs no mention.
 */
const withWhose = (document: Json, fields: readonly unknown[], person: unknown): unknown[] => {
  const whose = (field: unknown): { label: string; person: string } | undefined =>
    isJson(field) && isJson(field.label) && isJson(field.fact) && field.type !== 'rows'
      ? { label: textOf(field.label.vi), person: textOf(field.fact.person) }
      : undefined
  const persons = new Map<string, Set<string>>()
  for (const each of fields.map(whose))
    if (each !== undefined) persons.set(each.label, (persons.get(each.label) ?? new Set()).add(each.person))
  return fields.map((field) => {
    const of = whose(field)
    if (of === undefined || of.person === person || (persons.get(of.label)?.size ?? 0) < 2 || !isJson(field)) return field
    const noun = nounOfPerson(document, of.person)
    const label = isJson(field.label) ? field.label : {}
    if (noun.vi === '') return field
    const en = typeof label.en === 'string' ? { en: `${label.en} (${noun.en})` } : {}
    return { ...field, label: { ...label, vi: `${of.label} (${noun.vi})`, ...en } }
  })
}

const idsOf = (fields: readonly unknown[], prefix = ''): string[] =>
  fields
    .filter(isJson)
    .flatMap((field) => [`${prefix}${textOf(field.id)}`, ...(Array.isArray(field.fields) ? idsOf(field.fields, 'row.') : [])])

/** A kept doubt falls when something its rule looks at changes, so the rule's fields are all of them: behind those it is shown at, the others. */
const withFieldsSeen = (rule: unknown): unknown => {
  if (!isJson(rule) || !Array.isArray(rule.fields)) return rule
  const seen = fieldsOf([rule.brokenWhen, ...(isJson(rule.values) ? Object.values(rule.values) : [])])
  return { ...rule, fields: [...new Set<unknown>([...rule.fields, ...seen.filter((name) => name !== 'today')])] }
}

/** Papers that name cases of the case question are asked in those cases only. */
const withCases = (paper: unknown, caseQuestion: unknown): unknown =>
  isJson(paper) && Array.isArray(paper.cases) && typeof caseQuestion === 'string'
    ? { ...paper, visibleWhen: bothOf({ in: [{ var: caseQuestion }, paper.cases] }, paper.visibleWhen ?? true) }
    : paper

export const expandDocument = (raw: unknown, blocks: Blocks): { document: unknown; problems: string[] } => {
  const document = writeOutConditions(raw)
  if (!isJson(document) || !Array.isArray(document.steps)) return { document, problems: [] }
  const problems: string[] = []
  const rules: Json[] = []
  const steps = document.steps.map((step: unknown) => {
    if (!isJson(step) || !Array.isArray(step.fields)) return step
    const written = expandList(document, step.fields, blocks, { where: `steps › ${textOf(step.id)}` })
    problems.push(...written.problems)
    rules.push(...written.rules)
    return { ...step, fields: withWhose(document, written.fields, step.person) }
  })
  const known = new Set(steps.flatMap((step) => (isJson(step) && Array.isArray(step.fields) ? idsOf(step.fields) : [])))
  // A block's rule about a field which this form does not ask has nothing to say.
  const meant = rules.filter(
    (rule) => Array.isArray(rule.fields) && rule.fields.every((id) => typeof id === 'string' && known.has(id)),
  )
  const all = writeOutConditions([...(Array.isArray(document.rules) ? document.rules : []), ...meant])
  return {
    document: writeOutConditions({
      ...document,
      steps,
      rules: Array.isArray(all) ? all.map(withFieldsSeen) : [],
      ...(Array.isArray(document.papers)
        ? { papers: document.papers.map((paper: unknown) => withCases(paper, document.caseQuestion)) }
        : {}),
    }),
    problems,
  }
}
