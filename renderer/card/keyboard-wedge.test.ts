import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyboardWedge, type WedgeKey } from './keyboard-wedge.ts'

const plain = { composing: false, alt: false, control: false }
const keysOf = (text: string, gap: number, end = 'Enter', start = 1_000): WedgeKey[] =>
  [...text, end].map((key, index) => ({ ...plain, key, at: start + index * gap }))
const feed = (keys: readonly WedgeKey[]) => {
  const wedge = createKeyboardWedge()
  return keys.map((key) => wedge.take(key)).filter((code) => code !== null)
}

describe('a scanner that types', () => {
  it('is told by its speed and its end', () => {
    const code = '000190000017|000000017|Nguyễn Thị Mẫu|14051990|Nữ|Bản Mẫu|20072021'
    expect(feed(keysOf(code, 5))).toEqual([{ text: code, disturbed: false }])
    expect(feed(keysOf('000190000017', 20, 'Tab'))).toEqual([{ text: '000190000017', disturbed: false }])
  })

  it('is no person: slow keys, short bursts, keys without an end', () => {
    expect(feed(keysOf('000190000017', 70))).toEqual([])
    expect(feed(keysOf('0001', 5))).toEqual([])
    expect(feed(keysOf('000190000017', 5).slice(0, -1))).toEqual([])
    const paused = [...keysOf('000190000017', 5).slice(0, -1), { ...plain, key: 'Enter', at: 3_000 }]
    expect(feed(paused)).toEqual([])
  })

  it('takes what came in the burst, not what a person typed before it', () => {
    expect(feed([...keysOf('012', 200).slice(0, -1), ...keysOf('000190000017', 5, 'Enter', 9_000)])).toEqual([
      { text: '000190000017', disturbed: false },
    ])
  })

  it('keeps the signs of an input program and of Alt codes', () => {
    const keys = keysOf('000190000017|Nguye', 5).slice(0, -1)
    const at = keys.length * 5 + 1_000
    const ending = { ...plain, key: 'Enter', at: at + 15 }
    expect(feed([...keys, { ...plain, key: 'Process', composing: true, at }, ending])).toMatchObject([{ disturbed: true }])
    expect(feed([...keys, { ...plain, key: 'Backspace', at }, { ...plain, key: 'ễ', at: at + 5 }, ending])).toMatchObject([
      { disturbed: true, text: '000190000017|Nguyeễ' },
    ])
    expect(feed([...keys, { ...plain, alt: true, key: '2', at }, ending])).toMatchObject([{ disturbed: true }])
  })

  it('passes modifiers by, and begins anew after a shortcut', () => {
    const keys = keysOf('000190000017', 5).flatMap((key) => [{ ...key, key: 'Shift' }, key])
    expect(feed(keys)).toHaveLength(1)
    const shortcut = keysOf('000190000017', 5)
    shortcut.splice(8, 0, { ...plain, control: true, key: 'l', at: 1_040 })
    expect(feed(shortcut)).toEqual([])
  })

  it('takes any keys', () => {
    const key = fc.record({
      key: fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom('Enter', 'Tab', 'Backspace', 'Process', 'Shift', 'F8')),
      at: fc.integer({ min: 0, max: 1_000 }),
      composing: fc.boolean(),
      alt: fc.boolean(),
      control: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
        for (const code of feed(keys)) expect(code.text.length).toBeGreaterThan(0)
      }),
      { seed: 20261122, numRuns: 1_000 },
    )
  })
})
