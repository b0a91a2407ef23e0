import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCodeFrames } from './code-frames.ts'
import { decodeCode, longestCode } from './decode-code.ts'
import { createHidPosFrames } from './hid-pos-reports.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const texts = (frames: ReturnType<ReturnType<typeof createCodeFrames>['take']>) =>
  frames.map((frame) => (frame.type === 'code' ? Buffer.from(frame.bytes).toString('utf8') : frame.type))
const seeded = { seed: 20261122, numRuns: 1_000 }

describe('framing of serial codes', () => {
  it('finds the same codes however the bytes are cut', () => {
    const codes = fc.array(fc.stringMatching(/^[0-9A-Za-zĐđỮữ|]{1,40}$/), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(codes, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (all, cuts) => {
        const frames = createCodeFrames('line-end')
        const stream = bytes(all.map((code) => `${code}\r\n`).join(''))
        const found: string[] = []
        let at = 0
        let turn = 0
        while (at < stream.length) {
          const size = cuts[turn % cuts.length] ?? 1
          found.push(...texts(frames.take(stream.subarray(at, at + size))))
          at += size
          turn += 1
        }
        expect(found).toEqual(all)
      }),
      seeded,
    )
  })

  it('drops what is too long up to the next end, and takes the next code', () => {
    const frames = createCodeFrames('line-end')
    expect(texts(frames.take(bytes('x'.repeat(longestCode + 9))))).toEqual([])
    expect(texts(frames.take(bytes('yy\rnext\r')))).toEqual(['too-long', 'next'])
  })

  it('ends by a still line too; half a code before the port went is none', () => {
    const frames = createCodeFrames('tab')
    frames.take(bytes('half'))
    expect(texts(frames.still())).toEqual(['half'])
    expect(frames.still()).toEqual([])
    frames.take(bytes('lost'))
    frames.reset()
    expect(texts(frames.take(bytes('whole\t')))).toEqual(['whole'])
  })
})

describe('reports of HID POS scanners', () => {
  it('joins the 60 bytes that the manuals print as two reports', () => {
    const data = bytes('M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23    abcd').subarray(0, 60)
    const report = (part: Uint8Array, more: number): Uint8Array => {
      const made = new Uint8Array(64)
      made.set([0x02, part.length, 0x5d, 0x51, 0x30])
      made.set(part, 5)
      made.set([0x73, 0x00, more], 61)
      return made
    }
    const frames = createHidPosFrames()
    expect(frames.take(report(data.subarray(0, 56), 1))).toEqual([])
    expect(frames.take(report(data.subarray(56), 0))).toEqual([{ type: 'code', bytes: Uint8Array.from(data) }])
  })

  it('takes any reports: never throws, never gives more than the longest code, always comes back to itself', () => {
    const anyReport = fc.uint8Array({ minLength: 0, maxLength: 70 }).map((report) => {
      if (report.length > 0 && report.length % 2 === 0) report[0] = 2
      return report
    })
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 60 }), (reports) => {
        const frames = createHidPosFrames()
        for (const frame of reports.flatMap((report) => frames.take(report)))
          if (frame.type === 'code') expect(frame.bytes.length).toBeLessThanOrEqual(longestCode)
        const last = new Uint8Array(64)
        last[0] = 2
        frames.take(last)
        const whole = Uint8Array.from(last)
        whole.set([2, 1, 0, 0, 0, 0x41])
        expect(frames.take(whole)).toEqual([{ type: 'code', bytes: Uint8Array.of(0x41) }])
      }),
      seeded,
    )
  })
})

it('decodes any bytes to clean NFC text or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (input) => {
      const decoded = decodeCode(input)
      if (decoded.ok) expect(decoded.value).toBe(decoded.value.normalize('NFC').trim())
      else expect(decoded.error.type).toBe('code-unreadable')
    }),
    seeded,
  )
  expect(decodeCode(new Uint8Array(longestCode + 1))).toMatchObject({ ok: false })
})
