import { expect, it } from 'vitest'
import { readManners } from '../protocols/reading/read-file.ts'
import { createReaderMemory, type StoredMemory } from './reader-memory.ts'

it('begins with the longest, then with what the reader bore, also after a restart, and saves only what changed', () => {
  const saved: StoredMemory[] = []
  const memory = createReaderMemory({}, (stored) => saved.push(stored))
  expect(memory.beginWith('A')).toBe(0)
  memory.told('A', 1)
  memory.told('A', 1)
  memory.told('B', 0)
  expect(memory.beginWith('A')).toBe(1)
  expect(saved).toEqual([{ A: 223 }, { A: 223, B: 65_536 }])
  const again = createReaderMemory(saved.at(-1))
  expect([again.beginWith('A'), again.beginWith('B'), again.beginWith('C')]).toEqual([1, 0, 0])
})

it('tries the longest again now and then: a chip may bear less than its reader', () => {
  const memory = createReaderMemory({ A: 223 })
  const begun = Array.from({ length: 50 }, () => {
    const index = memory.beginWith('A')
    memory.told('A', 1)
    return index
  })
  expect(begun.filter((index) => index === 0).length).toBe(2)
  while (memory.beginWith('A') !== 0) memory.told('A', 1)
  memory.told('A', 0)
  expect(memory.beginWith('A')).toBe(0)
})

it('passes over a length that is none, and forgets the oldest of very many readers', () => {
  expect(createReaderMemory({ A: 7 }).beginWith('A')).toBe(0)
  let stored: StoredMemory = {}
  const memory = createReaderMemory({}, (next) => {
    stored = next
  })
  for (let reader = 0; reader < 100; reader += 1) memory.told(`reader ${reader}`, readManners.length - 1)
  expect(Object.keys(stored).length).toBe(32)
})
