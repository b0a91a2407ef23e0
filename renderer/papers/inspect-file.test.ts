import { PDFDocument } from '@cantoo/pdf-lib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectFile, largestFile } from './inspect-file.ts'

const jpeg = (size = 64): Uint8Array => {
  const bytes = new Uint8Array(size)
  bytes.set([0xff, 0xd8, 0xff, 0xe0])
  bytes.set([0xff, 0xd9], size - 2)
  return bytes
}

const pdf = async (password?: string): Promise<Uint8Array> => {
  const document = await PDFDocument.create()
  document.addPage([100, 100])
  if (password !== undefined) document.encrypt({ userPassword: password, ownerPassword: password })
  return await document.save()
}

describe('looking at a paper', () => {
  it('takes a whole JPEG and a whole PDF', async () => {
    expect(inspectFile(jpeg())).toEqual({ ok: true, value: 'image/jpeg' })
    expect(inspectFile(await pdf())).toEqual({ ok: true, value: 'application/pdf' })
  })

  it('names each thing that is wrong', async () => {
    expect(inspectFile(new Uint8Array())).toEqual({ ok: false, error: { type: 'empty' } })
    expect(inspectFile(jpeg(largestFile + 1))).toMatchObject({ ok: false, error: { type: 'too-large' } })
    expect(inspectFile(jpeg().subarray(0, 40))).toMatchObject({ ok: false, error: { type: 'unreadable' } })
    expect(inspectFile(new TextEncoder().encode('MZ a program called photo.jpg'))).toMatchObject({
      error: { type: 'wrong-type' },
    })
    expect(inspectFile(await pdf('secret'))).toEqual({ ok: false, error: { type: 'password-protected' } })
  })

  it('takes the largest allowed and never throws on any bytes', () => {
    expect(inspectFile(jpeg(largestFile))).toMatchObject({ ok: true })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        inspectFile(bytes)
      }),
      { seed: 20261123 },
    )
  })
})
