import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuthorsMistake } from '../documents/problem-words.ts'
import { readJson } from './read-json.ts'

const file = join(mkdtempSync(join(tmpdir(), 'tram-json-')), 'procedure.json')
const read = (content: string | Buffer): unknown => {
  writeFileSync(file, content)
  return readJson(file)
}
const told = (content: string | Buffer): string => {
  try {
    read(content)
    return ''
  } catch (error) {
    if (!(error instanceof AuthorsMistake)) throw error
    return error.message
  }
}

describe('a JSON file', () => {
  it('may begin with a byte order mark, and its letters come composed', () => {
    expect(read(`\uFEFF${JSON.stringify({ vi: 'Hộ khẩu'.normalize('NFD') })}`)).toEqual({ vi: 'Hộ khẩu' })
  })

  it.each([
    ['{\n  "a": 1,\n  b: 2\n}', 'dòng 3 / line 3: b: 2: tên mục phải nằm trong dấu " "'],
    ['{\n  "a": [1, 2,]\n}', 'dòng 2 / line 2: "a": [1, 2,]: thừa dấu phẩy trước dấu đóng ngoặc'],
    ['{\n  "a": "x"\n  "b": 2\n}', 'dòng 3 / line 3: "b": 2: thiếu dấu phẩy ở cuối dòng trước'],
    ['[\n  { "a": true }\n  { "b": 2 }\n]', 'dòng 3 / line 3: { "b": 2 }: thiếu dấu phẩy'],
    ['{\n  “a”: 2\n}', 'dòng 2 / line 2: “a”: 2: dấu ngoặc kép phải là "'],
    ['{\n  "a": {\n    "b": 2\n}', 'tệp dừng giữa chừng'],
    ['', 'tệp trống'],
    ['{ "a": 1, "b": { "a": 1 }, "c": [{ "a": 1 }, { "a": 1 }],\n "a": 2 }', 'dòng 2 / line 2: "a": 2 }: mục "a" ghi hai lần'],
    [Buffer.from('\uFEFF{}', 'utf16le'), 'lưu lại tệp bằng mã UTF-8'],
  ])('%j is told by its line', (content, expected) => {
    expect(told(content)).toContain(expected)
    expect(told(content)).not.toMatch(/position|Unexpected/)
  })

  it('with one mark taken out is told at that line or behind it', () => {
    const text = JSON.stringify(
      { steps: [{ id: 'a', fields: [{ type: 'text', min: 1 }] }], draft: true, name: { vi: 'Ô "Lý do"' } },
      null,
      1,
    )
    fc.assert(
      fc.property(fc.nat(text.length - 1), (at) => {
        fc.pre(/["{}[\]:,]/.test(text.charAt(at)))
        const words = told(text.slice(0, at) + text.slice(at + 1))
        const line = Number(/line (\d+)/.exec(words)?.[1] ?? 0)
        expect(line).toBeGreaterThanOrEqual(text.slice(0, at).split('\n').length)
      }),
      { seed: 20261123, numRuns: 100 },
    )
  })
})
