import { beforeAll, describe, expect, test } from 'vitest'
import { type LookupValue, loadLookup } from './everything.ts'
import type { Lookup } from './lookup.ts'
import { completePlace, tailOf } from './places.ts'

let lookup: Lookup<LookupValue>
beforeAll(async () => {
  lookup = await loadLookup()
})
const complete = (typed: string, known: readonly string[] = [], anywhere = true) =>
  completePlace(typed, lookup, known, { anywhere })

describe('completing a place', () => {
  test.each([
    ['Bản Bua, mường ảng', 'mường ảng'],
    ['Số 12 ngõ 3 p. bến nghé', 'p. bến nghé'],
    ['Trạm Y tế xã Thử', 'xã Thử'],
    ['Trạm Y tế xã Thử, xã Đồng Văn, tỉnh', 'xã Đồng Văn, tỉnh'],
    ['Phường Đồng Văn, Thị xã Duy', 'Phường Đồng Văn, Thị xã Duy'],
    ['mường ảng', 'mường ảng'],
    ['Bản Bua, ', ''],
  ])('the commune of "%s" begins at "%s"', (text, tail) => {
    expect(tailOf(text)).toEqual({ before: text.slice(0, text.length - tail.length), tail })
  })

  test('keeps what stands before the commune and gives the codes', () => {
    expect(complete('Bản Bua, muong ang dien bien')[0]).toMatchObject({
      text: 'Bản Bua, xã Mường Ảng, tỉnh Điện Biên',
      unit: { province: '11', detail: 'Bản Bua' },
    })
  })

  test('offers each successor of a divided unit with the older name, and chooses none', () => {
    const choices = complete('Số 1, ngoc ha ba dinh').slice(0, 2)
    expect(choices.map((choice) => choice.text)).toEqual([
      'Số 1, phường Ba Đình, thành phố Hà Nội',
      'Số 1, phường Ngọc Hà, thành phố Hà Nội',
    ])
    for (const choice of choices) expect(choice.unit?.former).toBe('Phường Ngọc Hà, Quận Ba Đình, Thành phố Hà Nội')
  })

  test('offers places named before, whole and as the end of a line', () => {
    const known = ['Bản Mẫu, xã Thử Nghiệm, tỉnh Minh Họa']
    expect(complete('ban mau', known)[0]).toMatchObject({ text: known[0], known: 'before' })
    expect(complete('Trạm Y tế, thu ngh', known).map((choice) => choice.text)).toContain(
      'Trạm Y tế, xã Thử Nghiệm, tỉnh Minh Họa',
    )
  })

  test('in a text that is no place nothing is completed before a word for a kind of unit', () => {
    expect(complete('01/2022', [], false)).toEqual([])
    expect(complete('mường ảng', [], false)).toEqual([])
    expect(complete('Ủy ban nhân dân xã mường ảng', [], false)[0]?.text).toBe('Ủy ban nhân dân xã Mường Ảng, tỉnh Điện Biên')
  })
})
