import { expect, it } from 'vitest'
import { parseCardQr } from '../../procedures/identity/card-qr.ts'
import { accessOf, isoDateOf, scannedOf } from './card-access.ts'

const parsed = parseCardQr('000190000017||Nguyễn Thị Mẫu|14051990|Nữ|Bản Mẫu|20072021')
const qr = parsed.ok ? parsed.value : null
const none = { birthDate: '', issueDate: '' }

it('takes dates from the QR of the same number, else as typed, and only whole ones', () => {
  expect(accessOf('000190000017', qr, none)).toEqual({
    type: 'number',
    personalNumber: '000190000017',
    birthDate: '1990-05-14',
    issueDate: '2021-07-20',
  })
  expect(accessOf('000088000024', qr, none)).toEqual({ type: 'number', personalNumber: '000088000024' })
  expect(accessOf('000088000024', null, { birthDate: '30/11/1988', issueDate: '2022' })).toEqual({
    type: 'number',
    personalNumber: '000088000024',
    birthDate: '1988-11-30',
  })
  expect(isoDateOf('31/02/1990')).toBeUndefined()
})

it('opens by the last six digits alone, whatever was scanned before', () => {
  expect(accessOf('000017', qr, none)).toEqual({ type: 'can', can: '000017' })
  expect(scannedOf('000017', qr)).toBeUndefined()
})
