import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtIn } from '../built-in.ts'
import { createCatalogue } from '../documents/catalogue-source.ts'
import { smallProcedure } from '../documents/small-procedure.fixture.ts'
import { builtInModule, builtInSpecimensModule } from './built-in-module.ts'
import { checkFolders } from './check-documents.ts'
import { catalogueWith, readFolder } from './read-folders.ts'

const root = join(import.meta.dirname, '..')

describe('documents', () => {
  it('of this repository are all in the catalogue (npm run procedures -- index)', () => {
    expect(readFileSync(join(root, 'built-in.ts'), 'utf8')).toBe(builtInModule(root))
  })

  it('and so are their specimens', () => {
    expect(readFileSync(join(root, 'built-in-specimens.ts'), 'utf8')).toBe(builtInSpecimensModule(root))
  })

  it('from a folder outside it join the catalogue, two versions of one code beside each other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-procedures-'))
    const own = join(folder, '9.000001-thu')
    mkdirSync(own)
    const { effectiveUntil: _, ...later } = { ...smallProcedure(), version: '2027-01-01', effectiveFrom: '2027-01-01' }
    writeFileSync(join(own, 'procedure.json'), JSON.stringify(later))
    writeFileSync(join(own, 'procedure.2026-07-01.json'), JSON.stringify(smallProcedure()))
    const catalogue = catalogueWith(`${folder}:`)
    expect(catalogue.find('9.000001', '2026-07-01')?.effectiveUntil).toBe('2026-12-31')
    expect(catalogue.inForce('9.000001', '2026-12-31')?.version).toBe('2026-07-01')
    expect(catalogue.inForce('9.000001', '2027-01-01')?.version).toBe('2027-01-01')
    expect(catalogue.offeredOn('2026-06-30').map(({ code }) => code)).not.toContain('9.000001')
    expect(Object.keys(readFolder(own).procedures)).toHaveLength(2)
    expect(() => createCatalogue(builtIn, readFolder(folder), readFolder(folder))).toThrow('twice')
    const [name = '', record] = Object.entries(builtIn.guidance)[0] ?? []
    const ours = { procedures: {}, guidance: { [name]: { ...Object(record), agency: { vi: 'Một cửa xã Thử' } } }, blocks: {} }
    const withOurs = createCatalogue(builtIn, ours)
    expect(withOurs.guidance).toHaveLength(Object.keys(builtIn.guidance).length)
    expect(withOurs.guidance.filter(({ agency }) => agency.vi === 'Một cửa xã Thử')).toHaveLength(1)
  })

  it('are listed by their first words, which say what the whole document says', () => {
    const catalogue = createCatalogue(builtIn)
    const { procedures, guidance } = catalogue.parseAll()
    expect(procedures).toMatchObject(catalogue.procedures)
    expect(guidance).toMatchObject(catalogue.guidance)
    expect(catalogue.findListed('9.000001', '2026-07-01')).toBeUndefined()
    for (const { code, version, name } of procedures) expect(catalogue.findListed(code, version)?.name).toEqual(name)
  })

  it('are parsed when they are opened, once; whoever puts them in parses them all first', () => {
    const wrong = { ...smallProcedure(), caseQuestion: 'raeson' }
    const catalogue = createCatalogue({ procedures: { 'thu/procedure.json': wrong }, guidance: {}, blocks: {} }, builtIn)
    expect(catalogue.offeredOn('2026-07-01').map(({ code }) => code)).toContain('9.000001')
    expect(catalogue.find('1.004222', '2026-07-01')).toBe(catalogue.find('1.004222', '2026-07-01'))
    expect(() => catalogue.find('9.000001', '2026-07-01')).toThrow('thu/procedure.json')
    expect(() => catalogue.parseAll()).toThrow('raeson')
  })

  it('take the place of the program’s own from their first day, and leave it to the days before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-procedures-'))
    const [, birth] = Object.entries(builtIn.procedures).find(([name]) => name.startsWith('1.001193')) ?? []
    const ours = { ...Object(birth), version: '2026-12-01', effectiveFrom: '2026-12-01' }
    writeFileSync(join(folder, 'procedure.json'), JSON.stringify(ours))
    const catalogue = catalogueWith(folder)
    expect(catalogue.inForce('1.001193', '2026-11-30')?.version).toBe('2026-07-18')
    expect(catalogue.inForce('1.001193', '2026-12-01')?.version).toBe('2026-12-01')
    expect(checkFolders([root, folder], () => undefined)).toBe(true)
  })

  it('change no block that comes with the program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-procedures-'))
    mkdirSync(join(folder, 'blocks'))
    writeFileSync(
      join(folder, 'blocks/ours.json'),
      JSON.stringify({ id: 'person', title: { vi: 'Người' }, fields: [{ id: 'Name' }] }),
    )
    expect(() => catalogueWith(folder)).toThrow('khối "person" có sẵn trong chương trình')
    expect(() => catalogueWith(join(folder, 'blocks/ours.json'))).toThrow('gọi tên thư mục của nó')
    writeFileSync(join(folder, 'blocks/ours.json'), JSON.stringify({ id: 'Ours', title: { vi: 'Người' }, fields: [] }))
    expect(() => createCatalogue(readFolder(folder), builtIn).parseAll()).toThrow(
      /ours\.json: id: tên viết thường.*fields: cần ít nhất 1/,
    )
  })

  it('without so much as a name are told in their author’s words', () => {
    const { name: _, ...nameless } = smallProcedure()
    expect(() => createCatalogue({ procedures: { 'thu/procedure.json': nameless }, guidance: {}, blocks: {} })).toThrow(
      /thu\/procedure\.json is wrong: .*name/,
    )
  })
})
