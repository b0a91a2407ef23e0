import { expect, it } from 'vitest'
import { fuzzInput, fuzzOne } from '../../tests/fuzz/fuzz-parsers.ts'

it('ten thousand mutated files and noise: no parser throws', () => {
  for (let number = 0; number < 10_000; number += 1) fuzzOne(number)
  expect(fuzzInput(7)).toEqual(fuzzInput(7))
})
