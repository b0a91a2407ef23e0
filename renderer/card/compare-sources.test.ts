import { expect, it } from 'vitest'
import type { CardQr } from '../../procedures/identity/card-qr.ts'
import { differencesOf, personOfQr } from './compare-sources.ts'

const qr: CardQr = {
  layout: '2021',
  personalNumber: '000190000017',
  fullName: 'Nguyễn Thị Mẫu',
  birthDate: '14/05/1990',
  sex: 'Nữ',
  residence: 'Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ',
  issueDate: '20/07/2021',
  unexplained: [],
}

it('finds what QR and chip say differently, and nothing in case, encoding and blanks', () => {
  const chip = {
    ...personOfQr(qr),
    fullName: 'NGUYỄN  THỊ MẪU'.normalize('NFD'),
    residence: 'Bản Mẫu - Xã Thử Nghiệm, Tỉnh Ví Dụ.',
  }
  expect(differencesOf(qr, { ...chip, residence: 'Bản Mẫu, Xã Thử Nghiệm, Tỉnh Ví Dụ' })).toEqual([])
  expect(differencesOf(qr, { ...chip, birthDate: '15/05/1990', sex: 'Nam' })).toEqual([
    { field: 'birthDate', qr: '14/05/1990', chip: '15/05/1990' },
    { field: 'sex', qr: 'Nữ', chip: 'Nam' },
  ])
  expect(differencesOf(qr, {})).toEqual([])
})

it('offers a QR’s name as cards print it', () => {
  expect(personOfQr(qr).fullName).toBe('NGUYỄN THỊ MẪU')
})
