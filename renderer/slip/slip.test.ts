import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'
import boldFont from './fonts/noto-sans-bold.ttf?inline'
import regularFont from './fonts/noto-sans-regular.ttf?inline'
import { initialsOf, makeSlip, type SlipFacts, vietnamTime } from './slip.ts'
import { renderSlipPdf } from './slip-pdf.ts'

const load = async (address: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(address)).arrayBuffer())

const facts: SlipFacts = {
  pointName: 'Bưu điện Mường Ảng',
  stationName: 'Quầy 2',
  slipCode: 'P7-K3M-9Q',
  procedureName: 'Đăng ký khai sinh',
  initials: initialsOf('NGUYỄN THỊ ẲNH'),
  queuedAt: '2026-11-23T02:42:00.000Z',
  training: false,
  official: null,
  held: false,
}
const official = {
  code: 'G01.00.00.00-261124-0975',
  agency: 'Uỷ ban nhân dân xã Mường Ảng',
  acceptedAt: '2026-11-24T01:10:00.000Z',
  appointment: '27/11/2026',
  simulated: true,
}

describe('the slip', () => {
  it('says before acceptance that no agency has it, and holds initials only', () => {
    const slip = makeSlip(facts)
    expect(slip.title).toBe('PHIẾU HỖ TRỢ')
    expect(slip.frame).toEqual({ style: 'dashed', lines: ['HỒ SƠ CHƯA ĐƯỢC', 'CƠ QUAN TIẾP NHẬN'], code: null })
    expect(slip.lines).toContain('Người làm: N. T. Ẳ.')
    expect(slip.lines).toContain('Lưu trên máy: 09:42, 23/11/2026')
    expect(JSON.stringify(slip)).not.toContain('ẲNH')
    expect(slip.qr).toBe('P7-K3M-9Q')
    expect(slip.lines.at(-1)).toContain('Sẽ tự gửi khi có mạng')
    expect(makeSlip({ ...facts, held: true }).lines.at(-1)).toContain('chưa gửi')
  })

  it('differs after acceptance in title, frame and code, and calls a simulated agency so', () => {
    const slip = makeSlip({ ...facts, official })
    expect(slip.title).toBe('THÔNG TIN HỒ SƠ')
    expect(slip.frame.style).toBe('double')
    expect(slip.frame.code).toBe(official.code)
    expect(slip.code).toBeNull()
    expect(slip.qr).toBe(official.code)
    expect(slip.marks.join()).toContain('MÔ PHỎNG')
  })

  it('takes decomposed names, and the clock of Vietnam', () => {
    expect(initialsOf('  nguyễn thị ẳnh '.normalize('NFD'))).toBe('N. T. Ẳ.')
    expect(vietnamTime('2026-11-23T18:00:00.000Z')).toEqual({ time: '01:00', day: '24/11/2026' })
  })

  it('gives the same PDF bytes when it is made again', async () => {
    const fonts = { regular: await load(regularFont), bold: await load(boldFont) }
    for (const slip of [makeSlip(facts), makeSlip({ ...facts, official, training: true })]) {
      const first = await renderSlipPdf(slip, fonts)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      expect(await renderSlipPdf(slip, fonts)).toEqual(first)
      expect(new TextDecoder('latin1').decode(first.subarray(0, 5))).toBe('%PDF-')
    }
  })

  it('has a QR code of the smallest kinds, so that its modules print large', () => {
    expect(encode(facts.slipCode, { ecc: 'M' }).version).toBe(1)
    expect(encode(official.code, { ecc: 'M' }).version).toBeLessThanOrEqual(2)
  })
})
