import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeyPress, keyOf } from './keymap.ts'

const press = (part: Partial<KeyPress>): KeyPress => ({
  key: '',
  code: '',
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 0,
  ...part,
})

describe('the keys', () => {
  it('knows its own by place, whatever the layout', () => {
    expect(keyOf(press({ key: 'k', code: 'KeyK', ctrlKey: true }))).toBe('Ctrl K')
    expect(keyOf(press({ key: 'л', code: 'KeyK', ctrlKey: true }))).toBe('Ctrl K')
    expect(keyOf(press({ key: 'Enter', code: 'NumpadEnter', ctrlKey: true }))).toBe('Ctrl Enter')
    expect(keyOf(press({ key: 'ArrowLeft', code: 'ArrowLeft', altKey: true }))).toBe('Alt ←')
    expect(keyOf(press({ key: 'F6', code: 'F6', shiftKey: true }))).toBe('Shift F6')
    expect(keyOf(press({ key: '&', code: 'Digit1', ctrlKey: true }))).toBe('Ctrl 1')
    expect(keyOf(press({ key: '8', code: 'Digit8', ctrlKey: true }))).toBe('Ctrl 8')
    expect(keyOf(press({ key: '8', code: 'Digit8', altKey: true }))).toBeNull()
  })

  it('leaves letters, Backspace and the switches of input programs alone', () => {
    for (const each of [
      press({ key: 'k', code: 'KeyK' }),
      press({ key: 'Backspace', code: 'Backspace' }),
      press({ key: 'Backspace', code: 'Backspace', ctrlKey: true }),
      press({ key: 'Enter', code: 'Enter' }),
      press({ key: 'z', code: 'KeyZ', altKey: true }),
      press({ key: 'Shift', code: 'ShiftLeft', ctrlKey: true, shiftKey: true }),
      press({ key: 'F5', code: 'F5' }),
    ])
      expect(keyOf(each)).toBeNull()
  })

  it('takes nothing while an input program composes', () => {
    fc.assert(
      fc.property(fc.constantFrom('Enter', 'F4', 'Escape'), fc.boolean(), (key, ctrlKey) => {
        expect(keyOf(press({ key, code: key, ctrlKey, isComposing: true }))).toBeNull()
        expect(keyOf(press({ key: 'Process', code: key, ctrlKey, keyCode: 229 }))).toBeNull()
      }),
      { seed: 20261123 },
    )
  })
})
