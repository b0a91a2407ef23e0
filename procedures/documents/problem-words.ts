/** What is wrong with a document, for its author: where (by ids, not by numbers), what, and what to write instead. Vietnamese, then English. */
import type { z } from 'zod'
import { Declaration, DeclarationLine, Procedure, Rule, SignatureBlock, Step } from '../../contracts/procedure.ts'
import { BlockUse } from '../../contracts/procedure-document.ts'
import { ChoiceOption, Field } from '../../contracts/procedure-field.ts'
import { Deadline, FeeItem, PaperRequirement, TimeLimit } from '../../contracts/procedure-terms.ts'
import { isJson } from './short-forms.ts'

type Issue = z.core.$ZodIssue

/** Something an author has to mend before anything else can be looked at, in his words. */
export class AuthorsMistake extends Error {}

/** `steps.2.fields.5.label` as `steps › mother › fields › motherName › label`. */
const placeOf = (path: readonly PropertyKey[], document: unknown): string => {
  let node: unknown = document
  return path
    .map((key) => {
      node = Array.isArray(node) && typeof key === 'number' ? node[key] : isJson(node) ? node[String(key)] : undefined
      const id = isJson(node) && typeof node.id === 'string' ? node.id : undefined
      return typeof key === 'number' ? (id ?? `#${key + 1}`) : String(key)
    })
    .join(' › ')
}

const typeWords: Record<string, string> = {
  string: 'một chuỗi chữ / a text',
  number: 'một số / a number',
  int: 'một số nguyên / a whole number',
  boolean: 'true hoặc false / true or false',
  array: 'một danh sách [ … ] / a list',
  object: 'một đối tượng { … } / an object',
  record: 'một đối tượng { … } / an object',
}

/** Letters to change from one word to another, for "did you mean". */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The known word nearest to what was written, if it is near enough to be meant: a few letters away, or with the same beginning. */
const nearest = (word: string, known: Iterable<string>): string | undefined => {
  const ranked = [...known]
    .map((each) => ({ each, away: distance(word.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)
  const best = ranked[0]
  // Of a short word nearly every letter would change.
  if (best !== undefined && best.away <= Math.max(2, word.length / 4) && best.away < word.length / 2) return best.each
  return ranked.find(({ each }) => word.length > 5 && each.startsWith(word.slice(0, 6)))?.each
}

/** What may stand in the place of `type`, and every key a document may hold anywhere. */
const fieldTypes: readonly string[] = [...Field.options.map(({ shape }) => shape.type.value), 'yes-no']
const knownKeys: ReadonlySet<string> = new Set(
  [
    Procedure,
    Step,
    Rule,
    TimeLimit,
    FeeItem,
    Deadline,
    PaperRequirement,
    Declaration,
    SignatureBlock,
    BlockUse,
    ChoiceOption,
    ...Field.options,
    ...DeclarationLine.options,
  ].flatMap(({ shape }) => Object.keys(shape)),
)

/** Keys that hold a text in two languages. */
const localized: ReadonlySet<string> = new Set(
  'name agency text label noun title hint help requiredMessage rowLabel message purpose note reason late otherWay oath place'.split(
    ' ',
  ),
)

const formatWords: Record<string, string> = {
  date: 'phải là ngày dạng năm-tháng-ngày và có thật, ví dụ 2026-07-01 / must be a real date like 2026-07-01',
  url: 'phải là địa chỉ https:// / must be an https:// address',
}

const patternWords = (pattern: string): string => {
  const known: readonly [string, string][] = [
    ['/^[A-Z]', 'tên ô trong khối bắt đầu bằng chữ hoa, ví dụ BirthDate / a block’s field begins with a capital'],
    ['[a-z0-9-]*$/', 'tên viết thường, không dấu, nối bằng gạch ngang, ví dụ name-birth / a name like name-birth'],
    ['[a-z0-9.-]*$/', 'tên viết thường, không dấu, là tên tệp, ví dụ dang-ky-xe / a name like dang-ky-xe, its file’s'],
    ['[a-z][A-Za-z0-9]*', 'tên phải viết liền, bắt đầu bằng chữ thường không dấu, ví dụ motherName / a name like motherName'],
    ['\\d{4}-\\d{2}-\\d{2}', 'phải là ngày dạng 2026-07-01 / must be a day like 2026-07-01'],
    ['\\d\\.\\d{6}', 'mã thủ tục dạng 1.001193 / a code like 1.001193'],
    ['[0-5]\\d$/', 'giờ dạng 15:00 / an hour like 15:00'],
    ['/^\\d{2}$/', 'mã tỉnh gồm 2 số, ví dụ 11 là Điện Biên / a province’s code of 2 digits'],
    ['/^[^;]+$/', 'không được có dấu chấm phẩy / must hold no semicolon'],
  ]
  return known.find(([part]) => pattern.includes(part))?.[1] ?? `không đúng dạng ${pattern} / does not have this form`
}

/** Behind what is not known the known word that was meant, if there is one. */
export const meaning = (word: string, known: Iterable<string>): string => {
  const meant = nearest(word, known)
  return meant === undefined || meant === word ? '' : `; có phải "${meant}"? / did you mean it?`
}

const unknownKeys = (keys: readonly string[]): string => {
  if (keys.includes('en'))
    return 'đã có label thì tiếng Anh nằm trong label, không ghi "en" bên cạnh / the English stands in the label'
  return `không có mục "${keys.join('", "')}" ở đây / no such key here${keys.map((key) => meaning(key, knownKeys)).join('')}`
}

/** Of the forms that are allowed the one that was nearest: of it the fewest things are wrong, and those deepest inside. */
const nearestForm = (forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined => {
  const depth = (issues: readonly Issue[]): number => Math.min(...issues.map(({ path }) => path.length))
  const meant = forms.filter((issues) => issues.length > 0 && depth(issues) > 0)
  return meant.toSorted((a, b) => a.length - b.length || depth(b) - depth(a))[0]
}

/** What a text should have been, where it is plain. */
const insteadOfText = (path: readonly PropertyKey[], text: string): string => {
  const key = path.at(-1)
  if (key === 'proposed') return '; chữ cố định thì dùng "initial" / a fixed text is an "initial"'
  if (path.at(-2) === 'options') return '; mỗi lựa chọn viết {"value": "…", "en": "…"} / an option is written so'
  return localized.has(String(key)) ? `; viết {"vi": "${text.slice(0, 30)}", "en": "…"} / is written so` : ''
}

const saying = (issue: Issue, value: unknown): string => {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? `thiếu mục này, phải là ${typeWords[issue.expected] ?? issue.expected}; is missing`
        : `phải là ${typeWords[issue.expected] ?? issue.expected}${typeof value === 'string' && issue.expected === 'object' ? insteadOfText(issue.path, value) : ''}`
    case 'unrecognized_keys':
      return unknownKeys(issue.keys)
    case 'invalid_key':
      return issue.issues.map((each) => saying(each, value)).join('; ')
    case 'invalid_value':
      return `phải là một trong: ${issue.values.map(String).join(', ')} / must be one of these${typeof value === 'string' ? meaning(value, issue.values.map(String)) : ''}`
    case 'too_small':
      return issue.origin === 'string'
        ? 'không được để trống / must not be empty'
        : `cần ít nhất ${issue.minimum} / at least ${issue.minimum}`
    case 'too_big':
      return `nhiều nhất ${issue.maximum} / at most ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'regex' ? patternWords(String(issue.pattern)) : (formatWords[issue.format] ?? issue.message)
    case 'invalid_union': {
      if (issue.discriminator === 'type' && issue.path.includes('fields')) {
        const types = fieldTypes.filter((type) => type !== 'rows' || issue.path.filter((key) => key === 'fields').length < 2)
        return `phải là một trong: ${types.join(', ')} / must be one of these${typeof value === 'string' ? meaning(value, types) : ''}`
      }
      const among = [...new Set(issue.errors.flat().flatMap((each) => (each.code === 'invalid_type' ? [each.expected] : [])))]
      return `phải là ${among.map((each) => typeWords[each] ?? each).join(', hoặc / or ')}${typeof value === 'string' ? insteadOfText(issue.path, value) : ''}`
    }
    default:
      return issue.message
  }
}

const valueAt = (path: readonly PropertyKey[], document: unknown): unknown =>
  path.reduce<unknown>(
    (node, key) => (Array.isArray(node) ? node[Number(key)] : isJson(node) ? node[String(key)] : undefined),
    document,
  )

const wordsOfIssue = (issue: Issue, document: unknown): string[] => {
  const form = issue.code === 'invalid_union' && issue.discriminator === undefined ? nearestForm(issue.errors) : undefined
  if (form !== undefined) return form.flatMap((each) => wordsOfIssue({ ...each, path: [...issue.path, ...each.path] }, document))
  return [`${placeOf(issue.path, document) || 'tài liệu / document'}: ${saying(issue, valueAt(issue.path, document))}`]
}

export const wordsOf = (issues: readonly Issue[], document: unknown): string[] =>
  issues.flatMap((issue) => wordsOfIssue(issue, document))

/** Several places with one and the same fault are told as one: a person that is not there is named by each of his fields. What is missing is missing in each place. */
export const toldOnce = (problems: readonly string[]): string[] => {
  const places = new Map<string, string[]>()
  for (const problem of new Set(problems)) {
    const [, place = '', words = problem] = /^(.*?): (.*)$/s.exec(problem) ?? []
    const key = words.endsWith('is missing') ? problem : words
    places.set(key, [...(places.get(key) ?? []), key === words ? place : ''])
  }
  return [...places].map(([words, [first = '', ...others]]) => {
    if (first === '') return words
    const more =
      others.length === 0
        ? ''
        : ` (và ${others.length} chỗ nữa / and ${others.length} more: ${others.slice(0, 3).join(', ')}${others.length > 3 ? ', …' : ''})`
    return `${first}${more}: ${words}`
  })
}
