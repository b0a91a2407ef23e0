import { describe, expect, test } from 'vitest'
import type { Field } from '../../contracts/procedure.ts'
import { findProcedure } from '../catalogue.ts'
import { provinceOfPlace, unitOfPlace } from './place-text.ts'
import { proposalFor } from './propose.ts'
import { findField } from './visibility.ts'

const fieldOf = (code: string, id: string): Field => {
  const procedure = findProcedure(code, '2026-07-01')
  const field = procedure === undefined ? undefined : findField(procedure, id)
  if (field === undefined) throw new Error(`${code} asks no ${id}`)
  return field
}

describe('the unit at the end of a place', () => {
  test.each([
    ['Bản Bua, Xã Mường Ảng, Tỉnh Điện Biên', 'xã Mường Ảng, tỉnh Điện Biên'],
    ['Ủy ban nhân dân phường Ba Đình, thành phố Hà Nội', 'phường Ba Đình, thành phố Hà Nội'],
    ['Đặc khu Phú Quốc, tỉnh An Giang', 'đặc khu Phú Quốc, tỉnh An Giang'],
    ['Số 1, Thị trấn Mường Ảng, Huyện Mường Ảng, Tỉnh Điện Biên', ''],
    ['Xã Mường Ảng, Huyện Mường Ảng, Tỉnh Điện Biên', ''],
    ['Trạm Y tế xã Mường Ảng', ''],
    ['', ''],
  ])('"%s" lies in "%s"', (place, unit) => {
    expect(unitOfPlace(place)).toBe(unit)
  })

  test('a province may end a place without its commune', () => {
    expect(provinceOfPlace('Công an Tỉnh Điện Biên')).toBe('tỉnh Điện Biên')
    expect(provinceOfPlace('xã Mường Ảng')).toBe('')
  })
})

describe('what CT01 proposes', () => {
  const agency = fieldOf('1.004222', 'agency')
  const point = 'Xã Mường Ảng, Tỉnh Điện Biên'

  test('is the police where the point stands, until the new address names another commune', () => {
    expect(proposalFor(agency, {}, point)).toEqual({ value: 'Công an xã Mường Ảng, tỉnh Điện Biên', basis: 'point' })
    const newAddress = 'Số 5, phường Ba Đình, thành phố Hà Nội'
    expect(proposalFor(agency, { newAddress }, point)).toEqual({
      value: 'Công an phường Ba Đình, thành phố Hà Nội',
      basis: 'answers',
    })
  })

  test('is nothing where nobody knows where the point stands, and for a field of which the form says nothing', () => {
    expect(proposalFor(agency, {}, undefined)).toEqual({ value: '', basis: 'answers' })
    expect(proposalFor(fieldOf('1.004222', 'declarantPhone'), {}, point)).toBeUndefined()
  })

  test.each([
    ['01/12/2026', '30/11/2028'],
    ['01/03/2026', '29/02/2028'],
    ['12/2026', ''],
  ])('a temporary stay from %s ends after two years at the latest: %s', (stayFrom, until) => {
    expect(proposalFor(fieldOf('1.004194', 'stayUntil'), { stayFrom }, undefined)?.value).toBe(until)
  })

  test.each([
    [{}, ''],
    [{ declarantBirthDate: '14/05/1990', today: '22/11/2026' }, 'Không'],
    [{ declarantBirthDate: '14/05/2015', today: '22/11/2026' }, 'Có'],
    [{ declarantBirthDate: '14/05/1990', members: '1', members_1_birthDate: '01/06/2019', today: '22/11/2026' }, 'Có'],
  ] as const)('a guardian is needed when somebody is a minor: %j %s', (values, needed) => {
    expect(proposalFor(fieldOf('1.004222', 'guardianNeeded'), values, undefined)?.value).toBe(needed)
  })

  test.each([
    [{ declarantIsHead: 'Có', members_1_birthDate: '05/05/2018' }, 'Con đẻ'],
    [{ declarantIsHead: 'Không', relationToHead: 'Vợ', members_1_birthDate: '05/05/2018' }, 'Con đẻ'],
    [{ declarantIsHead: 'Không', relationToHead: 'Con dâu', members_1_birthDate: '05/05/2018' }, 'Cháu nội'],
    [{ declarantIsHead: 'Không', relationToHead: 'Con rể', members_1_birthDate: '05/05/2018' }, 'Cháu ngoại'],
    [{ declarantIsHead: 'Không', relationToHead: 'Con đẻ', declarantSex: 'Nam', members_1_birthDate: '05/05/2018' }, 'Cháu nội'],
    [{ declarantIsHead: 'Không', relationToHead: 'Con đẻ', declarantSex: 'Nữ', members_1_birthDate: '05/05/2018' }, 'Cháu ngoại'],
    [{ declarantIsHead: 'Không', relationToHead: 'Em dâu', members_1_birthDate: '05/05/2018' }, 'Cháu ruột'],
    // Somebody of 55 has no child of her own who was born last year.
    [{ declarantIsHead: 'Có', declarantBirthDate: '1970', members_1_birthDate: '05/05/2025' }, ''],
    // A niece of the head of another house, a younger brother, a mother: nothing is likely enough.
    [{ declarantIsHead: 'Không', relationToHead: 'Cháu ruột', members_1_birthDate: '05/05/2018' }, ''],
    [{ declarantIsHead: 'Có', members_1_birthDate: '05/05/1999' }, ''],
    [{ declarantIsHead: 'Có', members_1_birthDate: '05/05/1962' }, ''],
    [{ declarantIsHead: 'Có' }, ''],
  ])('a child who moves along is the child of who is head of the house, or of the spouse: %j %s', (values, relation) => {
    const known = { declarantBirthDate: '30/12/1992', ...values, today: '22/11/2026', members: '1' }
    expect(proposalFor(fieldOf('1.004194', 'members_1_relation'), known, undefined)?.value).toBe(relation)
  })

  test('what is rented is somebody else’s, and who rents is head of the new house', () => {
    const residenceCase = 'Thuê, mượn, ở nhờ'
    expect(proposalFor(fieldOf('1.004194', 'declarantIsHead'), { residenceCase }, undefined)?.value).toBe('Có')
    expect(proposalFor(fieldOf('1.004194', 'ownerIs'), { residenceCase }, undefined)?.value).toBe('Người khác hoặc nhiều người')
  })
})
