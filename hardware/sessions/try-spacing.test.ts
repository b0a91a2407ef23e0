import { expect, it } from 'vitest'
import { createTrySpacing } from './try-spacing.ts'

it('waits longer after each refused key, at that reader alone, and not at all after one that was taken', () => {
  let clock = 0
  const spacing = createTrySpacing(() => clock)
  expect(spacing.waitFor('one')).toBe(0)
  const waits: number[] = []
  for (let count = 0; count < 5; count += 1) {
    spacing.told('one', 'wrong-number')
    waits.push(spacing.waitFor('one'))
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000])
  expect(spacing.waitFor('two')).toBe(0)
  clock = 7_900
  expect(spacing.waitFor('one')).toBe(100)
  clock = 9_000
  expect(spacing.waitFor('one')).toBe(0)
  spacing.told('one', 'card-removed')
  spacing.told('one', 'read')
  spacing.told('one', 'access-denied')
  expect(spacing.waitFor('one')).toBe(1_000)
})
