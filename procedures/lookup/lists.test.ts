import { describe, expect, test } from 'vitest'
import { codeLists } from '../code-lists/index.ts'
import { communeNamed } from './commune-named.ts'
import { completeListed, mostListed } from './lists.ts'

const names = (list: string, typed: string): string[] => completeListed(list, typed).map(({ name }) => name)

describe('completing a name of a list', () => {
  test.each([
    ['ethnic-groups', 'kin', 'Kinh'],
    ['ethnic-groups', 'mong', 'HMông'],
    ['nationalities', 'viet', 'Việt Nam'],
    ['identity-papers', 'cccd', 'Thẻ căn cước công dân'],
    ['insurance-payment-methods', '6', '6 tháng một lần'],
  ])('of %s "%s" finds %s first', (list, typed, name) => {
    expect(names(list, typed)[0]).toBe(name)
  })

  test('the whole list stands open while nothing is typed, and behind a name in full', () => {
    const all = (codeLists['ethnic-groups']?.entries ?? []).map(({ name }) => name)
    expect(names('ethnic-groups', '')).toEqual(all)
    expect(names('ethnic-groups', 'Tày')).toEqual(['Tày', ...all.filter((name) => name !== 'Tày')])
  })

  test('every entry is found by its name without marks among the lines that are shown', () => {
    for (const list of Object.values(codeLists)) {
      for (const { name } of list.entries) {
        const letters = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/giu, 'd')
        const found = names(list.id, letters)
        expect(found.length === list.entries.length || found.length <= mostListed).toBe(true)
        expect(found, `${list.id}: ${letters}`).toContain(name)
      }
    }
  })

  test('a list that does not exist has nothing to say', () => {
    expect(completeListed('no-such-list', 'a')).toEqual([])
  })
})

test.each([
  ['xã Mường Ảng, tỉnh Điện Biên', 'Xã Mường Ảng, Tỉnh Điện Biên'],
  ['Bưu điện, Phường Ba Đình, Thành phố Hà Nội', 'Phường Ba Đình, Thành phố Hà Nội'],
  ['Xã Thử Nghiệm, Tỉnh Ví Dụ', undefined],
  ['Mường Ảng', undefined],
])('a point said to stand in "%s" stands in %s', async (place, commune) => {
  expect(await communeNamed(place)).toBe(commune)
})
