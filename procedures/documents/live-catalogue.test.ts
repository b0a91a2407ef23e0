import { describe, expect, it } from 'vitest'
import { builtIn } from '../built-in.ts'
import { createCatalogue, type Written } from './catalogue-source.ts'
import { createLiveCatalogue } from './live-catalogue.ts'
import { listOf, publish } from './published.ts'
import { smallProcedure as makeSmall } from './small-procedure.fixture.ts'

const day = '2026-11-22'
const smallProcedure = makeSmall()
const { code, version } = smallProcedure
/** A build that knows this procedure alone. */
const small = { procedures: { small: smallProcedure }, guidance: {}, blocks: builtIn.blocks }
const procedure = (json: { code: string; version: string; [key: string]: unknown }): Written => ({
  kind: 'procedure',
  key: `${json.code} ${json.version}`,
  json,
})
const own = createCatalogue(builtIn).written
const ownBlocks = own.filter(({ kind }) => kind === 'block')
const codesOn = (catalogue: { offeredOn: (day: string) => { code: string }[] }) =>
  catalogue.offeredOn(day).map((each) => each.code)

describe('a kiosk’s catalogue', () => {
  it('is the build’s until the gateway’s has come, and offers what that adds', () => {
    const live = createLiveCatalogue(builtIn)
    const before = codesOn(live)
    expect(before).not.toContain(code)
    expect(live.take([...own, procedure(smallProcedure)], [])).toEqual([])
    expect(codesOn(live)).toEqual([...before, code])
    expect(live.find(code, version)?.steps.length).toBeGreaterThan(0)
  })

  it('takes the gateway’s text of a version over its own, opened with the gateway’s blocks', () => {
    const block = {
      id: 'one-more',
      title: { vi: 'Thêm', en: 'More' },
      fields: [{ id: 'Club', type: 'text', label: { vi: 'Câu lạc bộ', en: 'Club' } }],
    }
    const [first, ...steps] = smallProcedure.steps
    if (first === undefined) return expect.fail('it has steps')
    const withBlock = {
      ...smallProcedure,
      steps: [{ ...first, fields: [...first.fields, { block: 'one-more', as: 'our' }] }, ...steps],
    }
    const live = createLiveCatalogue(small)
    expect(live.take([procedure(withBlock), ...ownBlocks, { kind: 'block', key: 'one-more', json: block }], [])).toEqual([])
    expect(JSON.stringify(live.find(code, version))).toContain('ourClub')
    expect(live.procedures).toHaveLength(1)
  })

  it('leaves out and names what it cannot open, and keeps what it had in that place', () => {
    const live = createLiveCatalogue(small)
    const newer = { ...smallProcedure, caseQuestion: 'of-a-later-program' }
    const broken = { ...smallProcedure, code: '9.000077', steps: 'none' }
    const good = { ...smallProcedure, code: '9.000078' }
    const block: Written = { kind: 'block', key: 'b', json: { id: 'b' } }
    expect(live.take([procedure(newer), procedure(broken), procedure(good), block, ...ownBlocks], [])).toEqual([
      `${code} ${version}`,
      `9.000077 ${version}`,
    ])
    expect(live.find(code, version)?.caseQuestion).not.toBe('of-a-later-program')
    expect(codesOn(live)).toEqual(['9.000078', code])
  })

  it('offers no more what left the list, and still opens drafts of it', () => {
    const live = createLiveCatalogue(builtIn)
    live.take([...own, procedure(smallProcedure)], [])
    live.take(own, [procedure(smallProcedure)])
    expect(codesOn(live)).not.toContain(code)
    expect(live.find(code, version)?.code).toBe(code)
    expect(live.findListed(code, version)?.code).toBe(code)
  })

  it('opens nothing anew of what the gateway has as well', () => {
    const live = createLiveCatalogue(builtIn)
    const birth = live.procedures.find((each) => each.code === '1.001193') ?? expect.fail('it is in the build')
    const before = live.find(birth.code, birth.version)
    live.take(own, [])
    expect(live.find(birth.code, birth.version)).toBe(before)
  })

  it('is published under names that anybody can check, the later of two blocks of one id alone', async () => {
    const block = (title: string): Written => ({ kind: 'block', key: 'b', json: { id: 'b', title } })
    const published = await publish([procedure(smallProcedure), block('former'), block('later')])
    expect(published.map(({ key }) => key)).toEqual([`${code} ${version}`, 'b'])
    expect(published[1]?.text).toContain('later')
    const [{ sha256, text } = expect.fail('one')] = published
    expect(await publish([procedure(JSON.parse(text))])).toMatchObject([{ sha256, text }])
    expect(listOf(published).documents).toHaveLength(2)
  })
})
