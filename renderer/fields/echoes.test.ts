import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEchoes } from './echoes.ts'

it('takes no letter drawn late, and none left out, for a value from elsewhere', () => {
  // What was typed grows by a letter each time; true: the page draws now, some of the letters behind.
  const step = fc.record({ draws: fc.boolean(), behind: fc.nat({ max: 5 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const echoes = createEchoes('')
      let [typed, drawn] = [0, 0]
      for (const { draws, behind } of steps) {
        typed += 1
        echoes.typed('x'.repeat(typed))
        if (!draws) continue
        drawn = Math.max(drawn, typed - behind)
        expect(echoes.isFromElsewhere('x'.repeat(drawn))).toBe(false)
      }
      expect(echoes.isFromElsewhere('proposal')).toBe(drawn === typed)
      echoes.left()
      expect(echoes.isFromElsewhere('card')).toBe(true)
      expect(echoes.isFromElsewhere('card')).toBe(false)
    }),
    { seed: 1 },
  )
})

it('knows a value from elsewhere also when it was typed before and erased', () => {
  const echoes = createEchoes('')
  for (const text of ['a', 'ab', 'a']) echoes.typed(text)
  expect(echoes.isFromElsewhere('a')).toBe(false)
  expect(echoes.isFromElsewhere('ab')).toBe(true)
})

it('takes the form’s notation for one also when it was typed on the way', () => {
  const echoes = createEchoes('')
  for (const text of ['a', 'ab', 'ab ']) echoes.typed(text)
  echoes.left()
  expect(echoes.isFromElsewhere('ab ')).toBe(false)
  expect(echoes.isFromElsewhere('ab')).toBe(true)
})

it('takes no proposal that was under way when typing began, and any once the letters are drawn', () => {
  const echoes = createEchoes('')
  echoes.typed('3')
  expect(echoes.isFromElsewhere('30/11/2028')).toBe(false)
  expect(echoes.isFromElsewhere('3')).toBe(false)
  expect(echoes.isFromElsewhere('30/11/2028')).toBe(true)
})
