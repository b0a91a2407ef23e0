/** What clerks write short. A word stays what it is too: `hn` may begin a name, so each is one more way of reading, never a replacement. */
import { readWord, type Word } from './words.ts'

const written: Readonly<Record<string, readonly string[]>> = {
  p: ['phường'],
  q: ['quận'],
  h: ['huyện'],
  x: ['xã'],
  tp: ['thành phố'],
  tx: ['thị xã'],
  tt: ['thị trấn'],
  t: ['tỉnh'],
  dk: ['đặc khu'],
  hcm: ['hồ chí minh'],
  hcmc: ['hồ chí minh'],
  tphcm: ['hồ chí minh'],
  tphn: ['hà nội'],
  sg: ['sài gòn', 'hồ chí minh'],
  hn: ['hà nội'],
  hp: ['hải phòng'],
  dng: ['đà nẵng'],
  dn: ['đà nẵng', 'đồng nai'],
  ct: ['cần thơ'],
  tth: ['thừa thiên huế'],
  brvt: ['bà rịa vũng tàu'],
  vt: ['vũng tàu'],
  bd: ['bình dương', 'bình định'],
  na: ['nghệ an'],
  th: ['thanh hoá'],
  ttcn: ['thị trấn'],
  cccd: ['căn cước công dân'],
  cc: ['căn cước'],
  cmnd: ['chứng minh nhân dân'],
  gks: ['giấy khai sinh'],
  bca: ['bộ công an'],
  ubnd: ['uỷ ban nhân dân'],
}

const readings = new Map(
  Object.entries(written).map(([short, texts]) => [short, texts.map((text) => text.split(' ').map(readWord))]),
)

/** Kinds whose units are often numbers: `Quận 1`, `P.12`. Kind and number are looked up as one. */
const numberedKinds: Readonly<Record<string, string>> = { p: 'phuong', phuong: 'phuong', f: 'phuong', q: 'quan', quan: 'quan' }

export const numberedUnit = (kind: string, number: string): Word => {
  const letters = `${kind}${Number(number)}`
  return { letters, vowels: letters, tone: '' }
}

const isNumber = (letters: string): boolean => /^\d{1,2}$/.test(letters)

/** A place in the query and each way it may be meant, as words that must all be there. */
export type Meaning = { ways: Word[][] }

export const meaningsOf = (words: readonly Word[]): Meaning[] => {
  const meanings: Meaning[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]
    if (word === undefined) break
    const next = words[at + 1]
    const kind = numberedKinds[word.letters]
    const joined = /^(p|f|q)(\d{1,2})$/.exec(word.letters)
    const joinedKind = numberedKinds[joined?.[1] ?? '']
    if (kind !== undefined && next !== undefined && isNumber(next.letters)) {
      meanings.push({ ways: [[numberedUnit(kind, next.letters)]] })
      at += 1
    } else if (joinedKind !== undefined) meanings.push({ ways: [[word], [numberedUnit(joinedKind, joined?.[2] ?? '')]] })
    else meanings.push({ ways: [[word], ...(readings.get(word.letters) ?? [])] })
  }
  return meanings
}
