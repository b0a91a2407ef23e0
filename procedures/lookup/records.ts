/**
 * Procedures and guidance by what people at a counter call them: "cắt khẩu" is Xóa đăng ký thường trú. A record is found when every word of the
 * query begins some word of its names; those found by their official name or code come first. Only when nothing is found so are the words left
 * out that people put around a name ("làm", "xin", "giấy").
 */
import type { LocalizedText } from '../../contracts/encoding.ts'
import { agreement, readWords, type Word } from './words.ts'

export type Called = { name: LocalizedText; alsoCalled: readonly string[]; code?: string | undefined }

/** Đăng kí is đăng ký, lí lịch is lý lịch: one way of writing for both. */
const oneWay = ({ letters, vowels, tone }: Word): Word => {
  const same = (text: string): string => text.replace(/^([hklmst])y$/, '$1i')
  return { letters: same(letters), vowels: same(vowels), tone }
}

/** By their letters. */
const around = new Set(
  readWords('bị cần cấp cho của đăng để đi giấy hồ sơ kí làm muốn mới người ở ra tại thủ tục tôi tờ trong về xin').map(
    ({ letters }) => letters,
  ),
)

const begins = (typed: Word, known: Word): boolean => known.letters.startsWith(typed.letters) && agreement(typed, known) > 0

type Names = { official: Word[]; every: Word[] }

/** Read once: they are asked at each letter. */
const namesByRecord = new WeakMap<Called, Names>()

const namesOf = (record: Called): Names => {
  const known = namesByRecord.get(record)
  if (known !== undefined) return known
  const { name, code = '', alsoCalled } = record
  const official = readWords(`${name.vi} ${name.en ?? ''} ${code}`).map(oneWay)
  const names = { official, every: [...official, ...readWords(alsoCalled.join(' ')).map(oneWay)] }
  namesByRecord.set(record, names)
  return names
}

const says = (names: readonly Word[], query: readonly Word[]): boolean =>
  query.every((typed) => names.some((known) => begins(typed, known)))

/** All of them when nothing is asked. */
export const recordsCalled = <R extends Called>(records: readonly R[], query: string): { byName: R[]; bySaying: R[] } => {
  const asked = readWords(query).map(oneWay)
  const matching = (words: readonly Word[]) => {
    const found = records.filter((record) => says(namesOf(record).every, words))
    const isOfficial = (record: R): boolean => says(namesOf(record).official, words)
    return { byName: found.filter(isOfficial), bySaying: found.filter((record) => !isOfficial(record)) }
  }
  const found = matching(asked)
  const named = asked.filter(({ letters }) => !around.has(letters))
  return found.byName.length + found.bySaying.length > 0 || named.length === 0 ? found : matching(named)
}
