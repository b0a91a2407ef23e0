import { describe, expect, it } from 'vitest'
import { readMrzLines, toCardAccess, toMrzDate } from './mrz-input.ts'

describe('what opens a chip', () => {
  it('takes dates as printed and as in the MRZ, and refuses days that are not real', () => {
    expect(toMrzDate('3/9/1990')).toBe('900903')
    expect(toMrzDate('03.09.1990')).toBe('900903')
    expect(toMrzDate('900903')).toBe('900903')
    expect(toMrzDate('000229')).toBe('000229')
    expect(toMrzDate('31/02/1990')).toBeNull()
    expect(toMrzDate('901332')).toBeNull()
    expect(toMrzDate('1990')).toBeNull()
    expect(toMrzDate('Không thời hạn')).toBe('991231')
  })

  it('reads pasted lines, with blanks and in lower case', () => {
    const lines = ['IDVNM0900042781000190004278<<5', '9009036F3009039VNM<<<<<<<<<<<4', 'NGUYEN<<THI<ANH<<<<<<<<<<<<<<<']
    expect(readMrzLines(lines.join('\r\n').toLowerCase())).toEqual({
      documentNumber: '090004278',
      birthDate: '900903',
      expiryDate: '300903',
    })
    expect(readMrzLines(lines.slice(0, 2).join('\n'))).toBeNull()
    expect(readMrzLines('Nguyễn Thị Ẳnh')).toBeNull()
  })

  it('takes the 12 digits printed in front for the 9 of the MRZ', () => {
    expect(toCardAccess({ documentNumber: '000 190 004 278', birthDate: '900903', expiryDate: '300903' })).toMatchObject({
      value: { documentNumber: '190004278' },
    })
  })

  it('names every part that is missing', () => {
    expect(toCardAccess({ documentNumber: '12', birthDate: '', expiryDate: '03/09/2030' })).toEqual({
      ok: false,
      error: { type: 'mrz-incomplete', problems: ['document-number', 'birth-date'] },
    })
    expect(toCardAccess({ documentNumber: ' 090 004 278', birthDate: '03/09/1990', expiryDate: '300903' })).toEqual({
      ok: true,
      value: { type: 'mrz', documentNumber: '090004278', birthDate: '900903', expiryDate: '300903' },
    })
  })
})
