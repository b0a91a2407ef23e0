import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { engineTable } from './engine-table.ts'

const file = 'docs/sync.md'
const [begin, end] = ['<!-- the machine -->', '<!-- /the machine -->']

it('is shown in docs/sync.md as it is (TRAM_WRITE_DOCS=1 writes it there)', () => {
  const text = readFileSync(file, 'utf8')
  const [before, rest] = text.split(begin)
  const [shown, after] = rest?.split(end) ?? []
  if (process.env.TRAM_WRITE_DOCS === '1') {
    writeFileSync(file, `${before}${begin}\n\n${engineTable()}\n\n${end}${after}`)
    return
  }
  expect(shown?.trim()).toBe(engineTable())
})
