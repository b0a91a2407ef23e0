/**
 * What is wrong with a document whose shape is right, in an author's words: ids, references, conditions, proposals in a circle. A document
 * without any fails no more when it is evaluated: every operator, field and list a condition names exists, visibility looks back only.
 */
import type { DeclarationLine, Field, Procedure } from '../../contracts/procedure.ts'
import { codeLists } from '../code-lists/index.ts'
import { entriesOf, isCodeList } from '../rules/code-lists.ts'
import { fieldsOf, rowFieldsCounted } from '../rules/conditions.ts'
import { isKeepingConsent } from '../rules/keeping-consents.ts'
import type { Kind } from '../rules/operators.ts'
import { readTemplate, templateProblems } from '../rules/template.ts'
import { conditionProblems, type KindOf, kindOfField } from './condition-problems.ts'
import { meaning } from './problem-words.ts'

const reserved = new Set(['today', 'point', 'row', 'channel', 'papers', 'review', 'finishing', 'finished', 'restoring'])
/** Names that every object of the language has already: answers by such a name would be there before anybody gives them. */
const isOfLanguage = (name: string): boolean => name in {}

/** Groups in whose rows a field of this name stands. */
const groupsWith = (procedure: Procedure, name: string): string[] =>
  procedure.steps
    .flatMap((step) => step.fields)
    .filter((field) => field.type === 'rows' && field.fields.some(({ id }) => id === name))
    .map(({ id }) => id)

const noField = (procedure: Procedure, name: string, known: Iterable<string>): string => {
  if (name.startsWith('row.') && ![...known].some((each) => each.startsWith('row.')))
    return `"${name}" chỉ có trong một nhóm dòng; quy tắc cần "each", bảng cần "table" / is known in a group of rows only`
  const [group] = groupsWith(procedure, name.replace(/^row\./, ''))
  const elsewhere =
    group === undefined
      ? meaning(name, known)
      : `; ô đó nằm trong nhóm dòng "${group}", ở đây không thấy được / it stands in the rows of "${group}", not to be seen from here`
  return `không có ô "${name}" / unknown field "${name}"${elsewhere}`
}

const noPerson = (name: string, known: Iterable<string>): string =>
  `không có người "${name}" trong persons / unknown person "${name}"${meaning(name, known)}`

/** Everything an author names, and by which a program keeps something. */
const namesOf = ({ steps, persons, rules, papers, consents }: Procedure): string[] => [
  ...steps.flatMap(({ id, fields }) => [
    id,
    ...fields.flatMap((field) => [field.id, ...(field.type === 'rows' ? field.fields.map((own) => own.id) : [])]),
  ]),
  ...[...persons, ...rules, ...papers, ...consents].map(({ id }) => id),
]

const duplicates = (ids: readonly string[]): string[] => [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]

/** A condition, the group whose row it sees, and whether it proposes: then it may ask where the point stands and for older names of places. */
type Expression = { where: string; condition: unknown; each?: string | undefined; proposes?: boolean }

const expressionsOfField = (field: Field, each?: string): Expression[] => {
  const where = each === undefined ? field.id : `${each} › ${field.id}`
  return [
    { where: `${where}.required`, condition: field.required, each },
    { where: `${where}.visibleWhen`, condition: field.visibleWhen, each },
    ...(field.proposed === undefined ? [] : [{ where: `${where}.proposed`, condition: field.proposed, each, proposes: true }]),
    ...(field.type === 'composed' ? [{ where: `${where}.text`, condition: field.text, each }] : []),
    ...(field.type === 'rows' ? field.fields.flatMap((own) => expressionsOfField(own, field.id)) : []),
  ]
}

const namedExpressions = (procedure: Procedure): Expression[] => [
  ...procedure.steps.flatMap((step) => step.fields.flatMap((field) => expressionsOfField(field))),
  ...procedure.samePersons.map((same) => ({ where: `samePersons ${same.person}`, condition: same.when })),
  ...procedure.kinship.map((kin) => ({ where: `kinship ${kin.person}`, condition: kin.when })),
  ...procedure.rules.flatMap((rule) => [
    { where: `rule ${rule.id}`, condition: rule.brokenWhen, each: rule.each },
    ...Object.entries(rule.values).map(([name, condition]) => ({
      where: `rule ${rule.id}, value ${name}`,
      condition,
      each: rule.each,
    })),
  ]),
  ...procedure.papers.flatMap((paper) => [
    { where: `paper ${paper.id}.required`, condition: paper.required },
    { where: `paper ${paper.id}.visibleWhen`, condition: paper.visibleWhen },
    { where: `paper ${paper.id}.heldByDatabase`, condition: paper.heldByDatabase?.when ?? true },
  ]),
  ...procedure.timeLimit.limits.map((limit, index) => ({ where: `timeLimit #${index + 1}`, condition: limit.when })),
  ...procedure.fee.items.flatMap((item) => [
    { where: `fee ${item.id}`, condition: item.when },
    ...[...item.exemptions, ...item.amounts].map(({ when }) => ({ where: `fee ${item.id}`, condition: when })),
  ]),
  ...procedure.deadlines.map((deadline) => ({ where: `deadline ${deadline.id}`, condition: deadline.when })),
  ...[...procedure.declaration.lines, ...procedure.declaration.signatures].map((line, index) => ({
    where: `declaration #${index + 1}`,
    condition: line.when,
  })),
]

const problemsOfField = (
  field: Field,
  seen: ReadonlySet<string>,
  persons: ReadonlySet<string>,
  kindOf: KindOf,
  each?: string,
): string[] => {
  const where = each === undefined ? field.id : `${each} › ${field.id}`
  const problems: string[] = []
  // What is no field at all is told with the condition.
  const isField = (name: string): boolean => kindOf(name, each) !== undefined
  for (const name of fieldsOf(field.visibleWhen)) {
    if (!seen.has(name) && isField(name))
      problems.push(`${where}.visibleWhen: "${name}" chưa được hỏi trước ô này / is not asked before it`)
  }
  if (field.type === 'listed' && !isCodeList(field.list))
    problems.push(
      `${where}: không có danh mục "${field.list}" / no such code list${meaning(field.list, Object.keys(codeLists)) || `: ${Object.keys(codeLists).join(', ')}`}`,
    )
  if (field.type === 'listed' && !field.free && codeLists[field.list]?.verified === false)
    problems.push(`${where}: danh mục "${field.list}" chưa kiểm chứng, chỉ dùng với "free": true / is not verified`)
  if (field.type === 'date-in-words' && !seen.has(field.of))
    problems.push(`${where}.of: "${field.of}" chưa được hỏi trước ô này / is not asked before it`)
  if (field.type === 'date-in-words' && seen.has(field.of) && kindOf(field.of, each) !== 'date')
    problems.push(`${where}.of: "${field.of}" không phải ô ngày / is no date`)
  if (field.type === 'composed') {
    for (const name of fieldsOf(field.text))
      if (!seen.has(name) && isField(name))
        problems.push(`${where}.text: "${name}" chưa được hỏi trước ô này / is not asked before it`)
  }
  if (field.fact !== undefined && !persons.has(field.fact.person))
    problems.push(`${where}.fact: ${noPerson(field.fact.person, persons)}`)
  for (const person of field.relation === undefined ? [] : [field.relation.of, field.relation.to])
    if (!persons.has(person)) problems.push(`${where}.relation: ${noPerson(person, persons)}`)
  if (field.initial !== undefined && field.type === 'choice' && !field.options.some((option) => option.value === field.initial))
    problems.push(`${where}.initial: "${field.initial}" không phải lựa chọn của ô / is no option of it`)
  if (
    field.initial !== undefined &&
    field.type === 'listed' &&
    !field.free &&
    !entriesOf(field.list).some(({ name }) => name === field.initial)
  )
    problems.push(`${where}.initial: "${field.initial}" không có trong danh mục / is not in the list`)
  if ('options' in field) {
    for (const value of duplicates(field.options.map((option) => option.value)))
      problems.push(`${where}: lựa chọn "${value}" ghi hai lần / stands twice`)
  }
  if (field.type === 'multi-choice' && (field.max ?? 1) > field.options.length)
    problems.push(`${where}.max: nhiều hơn số lựa chọn / is more than there are options`)
  if ((field.type === 'rows' || field.type === 'number') && field.min > field.max)
    problems.push(`${where}: min lớn hơn max / min is more than max`)
  if (field.type === 'rows') {
    const inside = new Set([...seen, field.id])
    for (const own of field.fields) {
      problems.push(...problemsOfField(own, inside, new Set([...persons, 'row']), kindOf, field.id))
      inside.add(`row.${own.id}`)
    }
    for (const id of duplicates(field.fields.map((own) => own.id)))
      problems.push(`${where}: tên "${id}" dùng hai lần / is used twice`)
  }
  return problems
}

const problemsOfFields = (procedure: Procedure, kindOf: KindOf): string[] => {
  const persons = new Set(procedure.persons.map((person) => person.id))
  const seen = new Set<string>(['today'])
  const problems: string[] = []
  for (const field of procedure.steps.flatMap((step) => step.fields)) {
    problems.push(...problemsOfField(field, seen, persons, kindOf))
    seen.add(field.id)
  }
  for (const step of procedure.steps) {
    if (step.person !== undefined && !persons.has(step.person))
      problems.push(`step ${step.id}: ${noPerson(step.person, persons)}`)
  }
  for (const same of procedure.samePersons) {
    const groups = procedure.steps.flatMap((step) => step.fields).filter(({ type }) => type === 'rows')
    if (!persons.has(same.as)) problems.push(`samePersons: ${noPerson(same.as, persons)}`)
    if (!persons.has(same.person) && !groups.some(({ id }) => id === same.person))
      problems.push(`samePersons: ${noPerson(same.person, persons)}`)
  }
  for (const kin of procedure.kinship) {
    for (const person of [kin.person, kin.of]) if (!persons.has(person)) problems.push(`kinship: ${noPerson(person, persons)}`)
  }
  return problems
}

const rowFieldsOf = (procedure: Procedure, group: string | undefined): Set<string> => {
  const field = procedure.steps.flatMap((step) => step.fields).find((candidate) => candidate.id === group)
  return new Set(field?.type === 'rows' ? field.fields.map((own) => `row.${own.id}`) : [])
}

const problemsOfRules = (procedure: Procedure): string[] => {
  const problems: string[] = []
  const ids = new Set(procedure.steps.flatMap((step) => step.fields.map((field) => field.id)))
  for (const rule of procedure.rules) {
    const rowFields = rowFieldsOf(procedure, rule.each)
    if (rule.each !== undefined && rowFields.size === 0)
      problems.push(`rule ${rule.id}: "${rule.each}" không phải nhóm dòng (rows) / is no group of rows`)
    for (const name of rule.fields)
      if (!ids.has(name) && !rowFields.has(name))
        problems.push(`rule ${rule.id}: ${noField(procedure, name, [...ids, ...rowFields])}`)
    const steps = rule.fields.map((name) =>
      procedure.steps.findIndex((step) => step.fields.some((field) => field.id === (rowFields.has(name) ? rule.each : name))),
    )
    // It speaks at the last step it looks at, and is shown at its first field.
    const last = Math.max(...steps)
    if (steps[0] !== last)
      problems.push(
        `rule ${rule.id}: ô đầu trong fields phải ở bước sau cùng mà quy tắc xem tới ("${procedure.steps[last]?.id ?? ''}") / its first field must stand on the last step it looks at`,
      )
    for (const [, name = ''] of `${rule.message.vi} ${rule.message.en ?? ''}`.matchAll(/\{(\w+)\}/g)) {
      if (!Object.hasOwn(rule.values, name))
        problems.push(`rule ${rule.id}: message có {${name}} mà values không có / has no value`)
    }
  }
  return problems
}

const textsOf = (line: DeclarationLine): { text: string; each?: string }[] => {
  if ('text' in line) return [{ text: line.text }]
  if ('heading' in line) return [{ text: line.heading }]
  if ('table' in line) return line.columns.map(({ text }) => ({ text, each: line.table }))
  return line.grid.flat().map((text) => ({ text }))
}

const problemsOfDeclaration = (procedure: Procedure, known: ReadonlySet<string>): string[] => {
  const { declaration } = procedure
  const problems: string[] = []
  const official = declaration.status === 'A' || declaration.status === 'B'
  if (declaration.layout !== 'list' && (procedure.kind === 'partial' || !official))
    problems.push(
      `declaration: nguồn ${declaration.status}: chỉ được in bản kê khai, layout phải là "list" / only a list may be printed`,
    )
  if (declaration.layout === 'list' && !declaration.title.vi.toLowerCase().startsWith('bản kê khai'))
    problems.push('declaration: tiêu đề phải bắt đầu bằng "Bản kê khai" khi layout là "list" / the title of a list begins so')
  for (const line of declaration.lines) {
    for (const { text, each } of textsOf(line)) {
      const rowFields = rowFieldsOf(procedure, each)
      if (each !== undefined && rowFields.size === 0)
        problems.push(`declaration: "${each}" không phải nhóm dòng (rows) / is no group of rows`)
      problems.push(...templateProblems(text).map((words) => `declaration: ${words}`))
      for (const piece of readTemplate(text)) {
        if (piece.type !== 'words' && !known.has(piece.field) && !rowFields.has(piece.field))
          problems.push(`declaration, "${text}": ${noField(procedure, piece.field, [...known, ...rowFields])}`)
      }
    }
  }
  for (const signature of declaration.signatures) {
    const { id, name, drawn } = signature
    if (name !== undefined && !known.has(name)) problems.push(`declaration, signature ${id}: ${noField(procedure, name, known)}`)
    if (drawn !== undefined)
      problems.push(...ofKind(drawn, ['signature'], procedure).map((words) => `declaration, signature ${id}.drawn: ${words}`))
  }
  return problems
}

/** The field is there and of one of these types. */
const ofKind = (name: string, types: readonly Field['type'][], procedure: Procedure): string[] => {
  const fields = procedure.steps.flatMap((step) => step.fields)
  const field = fields.find(({ id }) => id === name)
  if (field === undefined)
    return [
      noField(
        procedure,
        name,
        fields.map(({ id }) => id),
      ),
    ]
  return types.includes(field.type) ? [] : [`"${name}" là ô ${field.type}, phải là / must be ${types.join(', ')}`]
}

const problemsOfTerms = (procedure: Procedure): string[] => {
  const problems: string[] = []
  for (const { id, from, within } of procedure.deadlines)
    problems.push(
      ...ofKind(from, within.type === 'hour' ? ['date-time'] : ['date', 'date-time'], procedure).map(
        (words) => `deadline ${id}.from: ${words}`,
      ),
    )
  for (const item of procedure.fee.items) {
    if (item.times !== undefined)
      problems.push(
        ...ofKind(item.times, ['number', 'money', 'rows'], procedure).map((words) => `fee ${item.id}.times: ${words}`),
      )
    for (const [index, { from, until }] of item.amounts.entries())
      if (from !== undefined && until !== undefined && until < from)
        problems.push(`fee ${item.id}, amount #${index + 1}: until trước from / until is before from`)
  }
  if (procedure.effectiveUntil !== undefined && procedure.effectiveUntil < procedure.effectiveFrom)
    problems.push('effectiveUntil: trước ngày bắt đầu effectiveFrom / is before effectiveFrom')
  const question = procedure.steps.flatMap((step) => step.fields).find((field) => field.id === procedure.caseQuestion)
  const cases = new Set(question?.type === 'choice' ? question.options.map((option) => option.value) : [])
  if (procedure.caseQuestion !== undefined && cases.size === 0)
    problems.push(
      `caseQuestion: "${procedure.caseQuestion}" không phải ô chọn (choice) / is no field of type choice${meaning(
        procedure.caseQuestion,
        procedure.steps.flatMap((step) => step.fields.map(({ id }) => id)),
      )}`,
    )
  for (const paper of procedure.papers) {
    for (const value of paper.cases ?? [])
      if (!cases.has(value))
        problems.push(
          procedure.caseQuestion === undefined
            ? `paper ${paper.id}.cases: văn bản chưa có "caseQuestion" / the document has no case question`
            : `paper ${paper.id}.cases: "${value}" không phải trường hợp của "${procedure.caseQuestion}" / is no case${meaning(value, cases) || `: ${[...cases].join(', ')}`}`,
        )
  }
  return problems
}

const kindInRow = (procedure: Procedure, group: string | undefined, name: string): Kind | undefined => {
  const rows = procedure.steps.flatMap((step) => step.fields).find(({ id }) => id === group)
  const own = rows?.type === 'rows' ? rows.fields.find(({ id }) => `row.${id}` === name) : undefined
  return own === undefined ? undefined : kindOfField(own)
}

/** Fields of one name, by the steps they stand in: a block that is used twice names them all again. */
const namedTwice = ({ steps }: Procedure): string[] => {
  const places = new Map<string, string[]>()
  for (const step of steps) for (const { id } of step.fields) places.set(id, [...(places.get(id) ?? []), step.id])
  const bySteps = new Map<string, string[]>()
  for (const [id, at] of places)
    if (at.length > 1) bySteps.set([...new Set(at)].join(', '), [...(bySteps.get([...new Set(at)].join(', ')) ?? []), id])
  return [...bySteps].map(([at, ids]) => `tên "${ids.join('", "')}" dùng hai lần (bước ${at}) / is used twice`)
}

/** Proposals made of each other would never come to rest. */
const circles = ({ steps }: Procedure): string[] => {
  const fields = steps.flatMap((step) => step.fields)
  const ways = new Map<string, string[]>()
  for (const field of fields) {
    if (field.proposed !== undefined) ways.set(field.id, fieldsOf(field.proposed))
    for (const own of field.type === 'rows' ? field.fields : [])
      if (own.proposed !== undefined)
        ways.set(
          `${field.id} › ${own.id}`,
          fieldsOf(own.proposed).map((name) => name.replace(/^row\./, `${field.id} › `)),
        )
  }
  const leadsBack = (start: string): boolean => {
    const reached = new Set<string>()
    const open = [...(ways.get(start) ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue
      reached.add(next)
      open.push(...(ways.get(next) ?? []))
    }
    return reached.has(start)
  }
  const ids = [...ways.keys()].filter(leadsBack)
  return ids.length === 0 ? [] : [`${ids.join(', ')}.proposed: đề xuất vòng tròn, ô này chờ ô kia / these propose each other`]
}

export const problemsOfProcedure = (procedure: Procedure): string[] => {
  const fieldIds = procedure.steps.flatMap((step) => step.fields.map((field) => field.id))
  const stepIds = procedure.steps.map((step) => step.id)
  const known = new Set(['today', ...fieldIds])
  const kinds = new Map<string, Kind>([
    ['today', 'date'],
    ...procedure.steps.flatMap(({ fields }) => fields.map((field): [string, Kind] => [field.id, kindOfField(field)])),
  ])
  const kindOf: KindOf = (name, group) => kinds.get(name) ?? kindInRow(procedure, group, name)
  const isAtHand = (name: string): boolean =>
    name === 'point' || (name.endsWith('_former') && known.has(name.slice(0, -'_former'.length)))
  return [
    ...namedTwice(procedure),
    ...circles(procedure),
    ...[
      stepIds,
      procedure.persons.map((person) => person.id),
      procedure.rules.map((rule) => rule.id),
      procedure.papers.map((paper) => paper.id),
      procedure.consents.map((consent) => consent.id),
      procedure.fee.items.map(({ id }) => id),
      procedure.deadlines.map(({ id }) => id),
      procedure.declaration.signatures.map(({ id }) => id),
    ]
      .flatMap(duplicates)
      .map((id) => `tên "${id}" dùng hai lần / id "${id}" is used twice`),
    ...procedure.consents
      .filter(({ id }) => isKeepingConsent(id))
      .map(({ id }) => `tên "${id}" dành riêng cho chương trình / id "${id}" is reserved`),
    ...[...fieldIds, ...stepIds]
      .filter((id) => reserved.has(id))
      .concat(namesOf(procedure).filter(isOfLanguage))
      .map((id) => `tên "${id}" dành riêng cho chương trình / id "${id}" is reserved`),
    ...namedExpressions(procedure).flatMap(({ where, condition, each, proposes = false }) => [
      ...conditionProblems(condition, kindOf, each).map((problem) => `${where}: ${problem}`),
      ...fieldsOf(condition)
        .filter((name) => !known.has(name) && !rowFieldsOf(procedure, each).has(name) && !(proposes && isAtHand(name)))
        .map((name) => `${where}: ${noField(procedure, name, [...known, ...rowFieldsOf(procedure, each)])}`),
      ...rowFieldsCounted(condition)
        .filter(({ group, field }) => !rowFieldsOf(procedure, group).has(field))
        .map(({ group, field }) => `${where}: nhóm "${group}" không có ô "${field}" / has no such field`),
    ]),
    ...problemsOfFields(procedure, kindOf),
    ...problemsOfRules(procedure),
    ...problemsOfTerms(procedure),
    ...problemsOfDeclaration(procedure, known),
  ]
}
