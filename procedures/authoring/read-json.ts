/**
 * One JSON file as its author saved it: with or without a byte order mark, composed or decomposed letters. What is wrong with it is told by
 * line, and so is a key that stands twice in one object, of which JSON would take the last in silence.
 */
import { readFileSync } from 'node:fs'
import { AuthorsMistake } from '../documents/problem-words.ts'

const lineAt = (text: string, at: number): string => {
  const before = text.slice(0, at).split('\n')
  const line = (text.split('\n')[before.length - 1] ?? '').trim()
  return `dòng ${before.length} / line ${before.length}${line === '' ? '' : `: ${line.slice(0, 80)}`}`
}

const isWhole = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Whether the text so far is wrong, and not only unfinished. */
const isWrong = (text: string): boolean => {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    const words = error instanceof Error ? error.message : ''
    const at = /at position (\d+)/.exec(words)?.[1]
    return at === undefined ? !/end of JSON input/.test(words) : Number(at) < text.length
  }
}

/** The first letter that no right document has there; the end of a text that only stops too early. */
const faultAt = (text: string): number => {
  let [right, wrong] = [0, text.length]
  if (!isWrong(text)) return wrong
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2)
    if (isWrong(text.slice(0, middle))) wrong = middle
    else right = middle
  }
  return right
}

/** What its author most likely did, by what stands there. */
const meant = (text: string, at: number): string => {
  const before = text.slice(0, at).trimEnd()
  const here = text.charAt(at)
  if (text.trim() === '') return 'tệp trống / the file is empty'
  if (text.slice(at).trim() === '')
    return 'tệp dừng giữa chừng, thiếu dấu đóng ngoặc / it stops too early, a bracket is not closed'
  if (before.endsWith(',') && (here === ']' || here === '}'))
    return 'thừa dấu phẩy trước dấu đóng ngoặc / a comma too many before it'
  if (/["{[]/.test(here) && /["\]}\dels]$/.test(before)) return 'thiếu dấu phẩy ở cuối dòng trước / a comma is missing before it'
  if (/[“”‘’']/.test(here)) return 'dấu ngoặc kép phải là " / quotes must be "'
  if (/[{,]$/.test(before) && /\p{L}/u.test(here)) return 'tên mục phải nằm trong dấu " " / a key stands between " "'
  return `không đọc được từ chữ “${here}” / cannot be read from here`
}

const doubled = (text: string): { key: string; at: number } | undefined => {
  const open: Set<string>[] = []
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g)) {
    const [token, isKey] = match
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (isKey !== undefined) {
      const key = token.slice(1, token.lastIndexOf('"'))
      if (open.at(-1)?.has(key) === true) return { key, at: match.index }
      open.at(-1)?.add(key)
    }
  }
  return undefined
}

export const readJson = (path: string): unknown => {
  const bytes = readFileSync(path)
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new AuthorsMistake(`${path}: lưu lại tệp bằng mã UTF-8 / save it in UTF-8, this is UTF-16`)
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .normalize('NFC')
  if (!isWhole(text)) {
    const at = faultAt(text)
    throw new AuthorsMistake(`${path}: không đọc được JSON / not JSON: ${lineAt(text, at)}: ${meant(text, at)}`)
  }
  const twice = doubled(text)
  if (twice !== undefined)
    throw new AuthorsMistake(`${path}: ${lineAt(text, twice.at)}: mục "${twice.key}" ghi hai lần / stands twice in one object`)
  return JSON.parse(text)
}
