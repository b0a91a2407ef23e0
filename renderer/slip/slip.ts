/**
 * What stands on the slip. Two papers that cannot be confused: before an agency took the dossier (dashed frame, slip code) and after
 * (double frame, official code). Initials only; the QR holds nothing but a code. The same facts always give the same slip.
 */
import type { OfficialCode } from '../../contracts/gateway-api.ts'

export type SlipFacts = {
  pointName: string
  stationName: string
  slipCode: string
  procedureName: string
  initials: string
  queuedAt: string
  training: boolean
  official: OfficialCode | null
  /** Nothing more is sent before somebody has looked at it. */
  held: boolean
}

export type Slip = {
  title: string
  place: string
  frame: { style: 'dashed' | 'double'; lines: string[]; code: string | null }
  code: { label: string; value: string } | null
  lines: string[]
  qr: string
  beside: string[]
  /** Said on every paper that is not of a real dossier. */
  marks: string[]
}

/** "Nguyễn Thị Ẳnh" → "N. T. Ẳ." */
export const initialsOf = (name: string): string =>
  name
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `${Array.from(word)[0]?.toLocaleUpperCase('vi') ?? ''}.`)
    .join(' ')

const inVietnam = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', ...options })
// Making a format takes a hundred times longer than using one, and every field on a page says when it was filled.
const clock = inVietnam({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const calendar = inVietnam({ day: '2-digit', month: '2-digit', year: 'numeric' })

/** The clock of Vietnam, whatever the machine is set to: a slip must read the same wherever it is printed again. */
export const vietnamTime = (instant: string): { time: string; day: string } => {
  const at = new Date(instant)
  return { time: clock.format(at), day: calendar.format(at) }
}

const moment = (instant: string): string => {
  const { time, day } = vietnamTime(instant)
  return `${time}, ${day}`
}

export const makeSlip = (facts: SlipFacts): Slip => {
  const place = `${facts.pointName} · ${facts.stationName}`
  const training = facts.training ? ['TẬP HUẤN: không phải hồ sơ thật'] : []
  if (facts.official === null) {
    return {
      title: 'PHIẾU HỖ TRỢ',
      place,
      frame: { style: 'dashed', lines: ['HỒ SƠ CHƯA ĐƯỢC', 'CƠ QUAN TIẾP NHẬN'], code: null },
      code: { label: 'Mã phiếu (không phải mã hồ sơ):', value: facts.slipCode },
      lines: [
        facts.procedureName,
        `Người làm: ${facts.initials}`,
        `Lưu trên máy: ${moment(facts.queuedAt)}`,
        facts.held
          ? 'Nhân viên đang xem lại, chưa gửi. Hỏi tại điểm này hoặc quét mã.'
          : 'Sẽ tự gửi khi có mạng. Hỏi kết quả tại điểm này hoặc quét mã.',
      ],
      qr: facts.slipCode,
      beside: ['Giữ phiếu này.', 'Phiếu này không thay Giấy tiếp nhận hồ sơ.'],
      marks: training,
    }
  }
  const { official } = facts
  return {
    title: 'THÔNG TIN HỒ SƠ',
    place,
    frame: { style: 'double', lines: ['ĐÃ ĐƯỢC TIẾP NHẬN'], code: official.code },
    code: null,
    lines: [
      `Cơ quan: ${official.agency}`,
      facts.procedureName,
      `Người làm: ${facts.initials}`,
      `Tiếp nhận: ${moment(official.acceptedAt)}`,
      ...(official.appointment === undefined ? [] : [`Hẹn trả: ${official.appointment}`]),
    ],
    qr: official.code,
    beside: ['Tra cứu bằng mã hồ sơ ở trên, hoặc tại điểm này.'],
    marks: [...(official.simulated ? ['MÔ PHỎNG: cơ quan và mã hồ sơ không có thật'] : []), ...training],
  }
}
