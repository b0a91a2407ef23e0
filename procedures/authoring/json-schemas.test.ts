import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { builtIn } from '../built-in.ts'
import { blocksOf } from '../documents/catalogue-source.ts'
import { parseProcedure } from '../documents/parse-procedure.ts'
import { smallProcedure } from '../documents/small-procedure.fixture.ts'
import { jsonSchemas } from './json-schemas.ts'
import { newDocument } from './new-document.ts'

const published = (name: string): string => readFileSync(join(import.meta.dirname, '..', name), 'utf8')
const procedure = z.fromJSONSchema(JSON.parse(published('procedure.schema.json')))
const guidance = z.fromJSONSchema(JSON.parse(published('guidance.schema.json')))

describe('the published schemas', () => {
  it('are those of this version (npm run procedures -- schema)', () => {
    for (const [name, text] of Object.entries(jsonSchemas())) expect(published(name) === text, name).toBe(true)
  })

  it('take every document there is, and name a misspelt key', () => {
    for (const [name, json] of Object.entries({ ...builtIn.procedures, small: smallProcedure() }))
      expect(procedure.safeParse(json).error, name).toBeUndefined()
    for (const [name, json] of Object.entries(builtIn.guidance)) expect(guidance.safeParse(json).error, name).toBeUndefined()
    expect(procedure.safeParse({ ...smallProcedure(), legalBase: [] }).success).toBe(false)
    expect(procedure.safeParse({ ...smallProcedure(), effectiveFrom: '1/7/2026' }).success).toBe(false)
  })

  it('take a new document, which is right and a draft', () => {
    const started = newDocument('9.000002', '2026-11-22', '../procedure.schema.json')
    expect(procedure.safeParse(started).error).toBeUndefined()
    const parsed = parseProcedure(started, blocksOf([builtIn]))
    expect(parsed).toMatchObject({ ok: true, value: { draft: true, code: '9.000002' } })
  })
})
