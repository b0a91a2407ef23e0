/**
 * Problem details (RFC 9457) and how each kind of refusal is answered.
 *
 * Invariants: details name what is wrong with a message, never a value a citizen gave.
 */
import type { FastifyReply } from 'fastify'
import type { Problem, ProblemType } from '../../contracts/gateway-api.ts'

/** An expected failure on the way to an answer; `type` is the problem's type. */
export type Refusal = { type: ProblemType; detail?: string; findings?: NonNullable<Problem['findings']> }

const kinds: Record<ProblemType, { status: number; title: string }> = {
  malformed: { status: 400, title: 'Yêu cầu sai khuôn dạng' },
  unauthenticated: { status: 401, title: 'Chưa xác thực được trạm' },
  'enrolment-code-unknown': { status: 403, title: 'Mã ghi danh không đúng, đã dùng hoặc hết hạn' },
  'station-revoked': { status: 403, title: 'Trạm đã bị thu hồi' },
  'training-refused': { status: 403, title: 'Hồ sơ tập huấn không được nhận ở máy chủ chính thức' },
  'unknown-key': { status: 422, title: 'Không biết khóa niêm phong này' },
  'signature-invalid': { status: 422, title: 'Chữ ký của trạm không đúng' },
  'seal-invalid': { status: 422, title: 'Không mở được niêm phong' },
  'key-reused': { status: 409, title: 'Mã gói tin hoặc số thứ tự đã dùng cho nội dung khác' },
  'event-out-of-order': { status: 409, title: 'Chưa có việc trước đó của hồ sơ này' },
  'changed-elsewhere': { status: 409, title: 'Hồ sơ đã được sửa ở nơi khác' },
  'presence-not-proven': { status: 403, title: 'Thẻ chưa chứng minh được người có mặt' },
  'operator-removed': { status: 403, title: 'Người này không còn làm việc ở trạm' },
  'taken-back': { status: 410, title: 'Gói này đã được lấy lại' },
  'procedure-unknown': { status: 422, title: 'Không biết thủ tục này ở phiên bản này' },
  'procedure-not-in-force': { status: 422, title: 'Mẫu tờ khai này không có hiệu lực vào ngày nhận' },
  'dossier-invalid': { status: 422, title: 'Hồ sơ chưa hợp lệ' },
  'attachment-invalid': { status: 422, title: 'Tệp đính kèm không đúng như đã khai' },
  'too-large': { status: 413, title: 'Nội dung quá lớn' },
  'not-found': { status: 404, title: 'Không tìm thấy' },
  busy: { status: 503, title: 'Máy chủ đang bận, hãy thử lại sau' },
  internal: { status: 500, title: 'Lỗi của máy chủ' },
}

export function problemOf(refusal: Refusal, status?: number): Problem {
  const kind = kinds[refusal.type]
  return {
    type: refusal.type,
    title: kind.title,
    status: status ?? kind.status,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    ...(refusal.findings === undefined ? {} : { findings: refusal.findings }),
  }
}

export function sendProblem(reply: FastifyReply, refusal: Refusal, status?: number): FastifyReply {
  const problem = problemOf(refusal, status)
  if (problem.type === 'busy' && !reply.hasHeader('retry-after')) reply.header('retry-after', '5')
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}
