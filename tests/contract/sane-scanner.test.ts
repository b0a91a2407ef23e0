/** SANE's own test backend through the real `scanimage`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listSaneScanners, startSaneScan } from '../../hardware/drivers/document-scanners/sane-scanner.ts'
import { mediaTypeOf } from '../../sync/packet/media-type.ts'

const folder = mkdtempSync(join(tmpdir(), 'tram-sane-'))
beforeAll(() => {
  writeFileSync(join(folder, 'dll.conf'), 'test\n')
  writeFileSync(join(folder, 'test.conf'), 'number_of_devices 1\nsource "Flatbed"\n')
  process.env.SANE_CONFIG_DIR = folder
})
afterAll(() => {
  delete process.env.SANE_CONFIG_DIR
  rmSync(folder, { recursive: true })
})

const settings = { scannerId: 'sane:test:0', resolution: 150, colour: true } as const

it('lists the scanner with its feeder', async () => {
  expect(await listSaneScanners()).toContainEqual(
    expect.objectContaining({ id: 'sane:test:0', kind: 'sane', sources: ['flatbed', 'feeder'] }),
  )
})

it('scans one sheet from the glass, several from the feeder, and can be stopped', async () => {
  const glass = await startSaneScan('test:0', { ...settings, source: 'flatbed' })
  if (!glass.ok) throw new Error(glass.error.detail)
  const page = await glass.value.next()
  if (!page.ok || page.value === null) throw new Error('no page')
  expect(mediaTypeOf(page.value.bytes)).toBe('image/jpeg')
  expect(await glass.value.next()).toEqual({ ok: true, value: null })

  const feeder = await startSaneScan('test:0', { ...settings, source: 'feeder' })
  if (!feeder.ok) throw new Error(feeder.error.detail)
  for (let sheet = 1; sheet <= 2; sheet += 1)
    expect(await feeder.value.next()).toMatchObject({ value: { name: `trang ${sheet}` } })
  await feeder.value.cancel()
  expect(await feeder.value.next()).toMatchObject({ error: { type: 'cancelled' } })
})

it('says that a scanner is not there', async () => {
  expect(await startSaneScan('test:7', { ...settings, source: 'flatbed' })).toMatchObject({ ok: false })
})
