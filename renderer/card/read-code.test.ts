import { describe, expect, it } from 'vitest'
import { readCode, readTypedCode } from './read-code.ts'

const code = '000190000017|000000017|Nguyễn Thị Mẫu|14051990|Nữ|Bản Mẫu, Xã Thử Nghiệm|20072021'

describe('a scanned code', () => {
  it('is a card, a number, or a named trouble', () => {
    expect(readCode(code)).toMatchObject({ type: 'card-qr', qr: { personalNumber: '000190000017' } })
    expect(readCode('000190000017')).toEqual({ type: 'number', number: '000190000017' })
    expect(readCode('8934567890123')).toEqual({ type: 'trouble', trouble: 'code-not-of-a-card' })
    expect(readCode(code.replace('Nữ', 'N?'))).toEqual({ type: 'trouble', trouble: 'code-mangled', number: '000190000017' })
    expect(readCode(code.slice(0, 40))).toEqual({ type: 'trouble', trouble: 'code-incomplete', number: '000190000017' })
  })

  it('that was typed counts as it arrived whole, in the keys or in the field', () => {
    const lost = code.replace(/[^\p{ASCII}]/gu, '')
    expect(readTypedCode(lost, code, true)).toMatchObject({ type: 'card-qr' })
    expect(readTypedCode(code, lost, false)).toMatchObject({ type: 'card-qr' })
    expect(readTypedCode(lost, lost, false)).toEqual({ type: 'trouble', trouble: 'code-mangled', number: '000190000017' })
    expect(readTypedCode('000190000017', '12000190000017', false)).toEqual({ type: 'number', number: '000190000017' })
    expect(readTypedCode('893456789', '893456789', true)).toEqual({ type: 'trouble', trouble: 'code-mangled' })
    expect(readTypedCode('893456789', '893456789', false)).toEqual({ type: 'trouble', trouble: 'code-not-of-a-card' })
  })
})
