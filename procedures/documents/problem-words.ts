/** What is wrong with a document, for its author: where (by ids, not by numbers), what, and what to write instead. Vietnamese, then English. */
import type { z } from 'zod'
import { isJson } from './short-forms.ts'

type Issue = z.core.$ZodIssue

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

/** The known word nearest to what was written, if it is near enough to be meant. */
export const nearest = (word: string, known: Iterable<string>): string | undefined => {
  const ranked = [...known]
    .map((each) => ({ each, away: distance(word.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.away - b.away)
  const best = ranked[0]
  // Of a short word nearly every letter would change.
  return best !== undefined && best.away <= Math.max(2, word.length / 4) && best.away < word.length / 2 ? best.each : undefined
}

const knownKeys = [
  'visibleWhen',
  'required',
  'requiredMessage',
  'label',
  'formLabel',
  'hint',
  'help',
  'fact',
  'initial',
  'proposed',
  'relation',
  'width',
  'type',
  'id',
  'partial',
  'future',
  'maxLength',
  'lines',
  'options',
  'list',
  'free',
  'of',
  'min',
  'max',
  'rowLabel',
  'fields',
  'text',
  'block',
  'as',
  'person',
  'without',
  'only',
  'rules',
  'effectiveFrom',
  'effectiveUntil',
  'samePersons',
  'kinship',
  'caseQuestion',
  'brokenWhen',
  'severity',
  'message',
  'values',
  'each',
  'cases',
  'originals',
  'copies',
  'heldByDatabase',
  'code',
  'name',
  'note',
]

const formatWords: Record<string, string> = {
  date: 'phải là ngày dạng năm-tháng-ngày, ví dụ 2026-07-01 / must be a date like 2026-07-01',
  url: 'phải là địa chỉ https:// / must be an https:// address',
}

const patternWords = (pattern: string): string => {
  if (pattern.includes('[A-Z]') && pattern.startsWith('/^[A-Z]'))
    return 'tên ô trong khối bắt đầu bằng chữ hoa, ví dụ BirthDate / a block’s field begins with a capital'
  if (pattern.includes('[a-z][A-Za-z0-9]*'))
    return 'tên phải viết liền, bắt đầu bằng chữ thường không dấu, ví dụ motherName / a name like motherName'
  if (pattern.includes('\\d{4}-\\d{2}-\\d{2}')) return 'phải là ngày dạng 2026-07-01 / must be a day like 2026-07-01'
  if (pattern.includes('\\d\\.\\d{6}')) return 'mã thủ tục dạng 1.001193 / a code like 1.001193'
  if (pattern.includes('\\d{2}:\\d{2}')) return 'giờ dạng 15:00 / an hour like 15:00'
  return `không đúng dạng ${pattern} / does not have this form`
}

const saying = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? `thiếu, cần ${typeWords[issue.expected] ?? issue.expected} / is missing`
        : `phải là ${typeWords[issue.expected] ?? issue.expected}`
    case 'unrecognized_keys': {
      const meant = issue.keys.map((key) => nearest(key, knownKeys)).filter((key) => key !== undefined)
      const hint = meant.length === 0 ? '' : `; có phải "${meant.join('", "')}"? / did you mean it?`
      return `không có mục "${issue.keys.join('", "')}" / no such key${hint}`
    }
    case 'invalid_value':
      return `phải là một trong: ${issue.values.map(String).join(', ')} / must be one of these`
    case 'too_small':
      return issue.origin === 'string'
        ? 'không được để trống / must not be empty'
        : `cần ít nhất ${issue.minimum} / at least ${issue.minimum}`
    case 'too_big':
      return `nhiều nhất ${issue.maximum} / at most ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'regex' ? patternWords(String(issue.pattern)) : (formatWords[issue.format] ?? issue.message)
    case 'invalid_union':
      return issue.discriminator === undefined
        ? 'không thuộc dạng nào được phép / is none of the allowed forms'
        : `"${issue.discriminator}" không có trong danh sách / is not one of those known`
    default:
      return issue.message
  }
}

export const wordsOf = (issues: readonly Issue[], document: unknown): string[] =>
  issues.map((issue) => `${placeOf(issue.path, document) || 'tài liệu / document'}: ${saying(issue)}`)
