import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLetters, type Typed } from './letters.ts'

type Step = { fieldId: string; letter: string } | 'frame' | 'act'

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ fieldId: fc.constantFrom('one', 'two'), letter: fc.constantFrom('a', 'ă', 'b', ' ') }) },
  { weight: 2, arbitrary: fc.constant<Step>('frame') },
  { weight: 1, arbitrary: fc.constant<Step>('act') },
)

it('loses no letter and turns no two things round, however frames, letters and acts follow each other', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const stands: Record<string, string> = {}
      const heard: Record<string, string> = {}
      let due = false
      let act: () => void = () => undefined
      const letters = createLetters({
        hand: ({ fieldId, raw }) => {
          // A text is only ever followed by a longer one: none comes late.
          expect(raw.startsWith(heard[fieldId] ?? '')).toBe(true)
          heard[fieldId] = raw
        },
        following: (settle) => {
          act = settle
          return {
            follow: () => {
              due = true
            },
            cancel: () => {
              due = false
            },
          }
        },
      })
      for (const each of steps) {
        if (each === 'frame') {
          if (due) act()
        } else if (each === 'act') letters.settle()
        else {
          const raw = (stands[each.fieldId] ?? '') + each.letter
          stands[each.fieldId] = raw
          letters.type({ type: 'ANSWER', fieldId: each.fieldId, raw } satisfies Typed)
          // Another field's letters come after all of this one's.
          for (const [fieldId, text] of Object.entries(stands)) if (fieldId !== each.fieldId) expect(heard[fieldId]).toBe(text)
        }
        expect(letters.waiting()).toBe(due)
        if (!letters.waiting()) expect(heard).toEqual(stands)
      }
      letters.settle()
      expect(heard).toEqual(stands)
    }),
    { seed: 20261122, numRuns: 200 },
  )
})
