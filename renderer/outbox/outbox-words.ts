/** States of a finished dossier in words: sign + label + sentence. The sign alone must do in black and white. */
import { t } from '@lingui/core/macro'
import type { AttentionReason, WaitingReason } from '../../contracts/outbox.ts'
import type { OpenSupplementFault, OutboxEntry, TakeBackFault } from '../../sync/vault/vault-api.ts'
import { storeMessage } from '../app/words.ts'
import { say } from '../locales/locale.ts'
import { vietnamTime } from '../slip/slip.ts'
import type { MachineMessage } from '../ui/message.tsx'
import { groupOf, type OutboxGroup } from './outbox-group.ts'

export type EntryWords = {
  sign: string
  label: string
  sentence: string
  tone: 'queued' | 'sent' | 'accepted' | 'attention'
  group: OutboxGroup
}
const clock = (instant: string | number): string => vietnamTime(new Date(instant).toISOString()).time

const whyWaiting = (reason: WaitingReason): string => {
  switch (reason) {
    case 'network':
      return t`Không tới được máy chủ.`
    case 'server-error':
      return t`Máy chủ đang trục trặc.`
    case 'busy':
      return t`Máy chủ đang bận.`
    case 'unreadable-answer':
      return t`Câu trả lời không phải của máy chủ Trạm. Mạng có thể đang đòi đăng nhập Wi-Fi.`
    case 'unauthenticated':
      return t`Máy chủ đòi máy này xưng danh lại.`
    case 'lease-ended':
      return t`Lần gửi trước bị ngắt giữa chừng.`
    case 'attachment-refused':
      return t`Một tệp tới nơi không nguyên vẹn, sẽ gửi lại tệp đó.`
    case 'earlier-event':
      return t`Máy chủ chưa có lần gửi trước của hồ sơ này.`
    case 'station-refused':
      return t`Máy chủ không còn nhận máy này. Báo người phụ trách.`
    case 'recall':
      return t`Đang hỏi máy chủ để lấy hồ sơ lại.`
  }
}

const whyAttention = (reason: AttentionReason): string => {
  switch (reason) {
    case 'dossier-invalid':
      return t`Máy chủ thấy hồ sơ còn thiếu hoặc sai.`
    case 'training-refused':
      return t`Máy chủ này không nhận hồ sơ tập huấn.`
    case 'station-revoked':
    case 'unauthenticated':
      return t`Máy chủ không còn nhận máy này. Báo người phụ trách.`
    case 'procedure-unknown':
      return t`Máy chủ chưa có thủ tục này. Báo người phụ trách.`
    case 'procedure-not-in-force':
      return t`Mẫu tờ khai này đã hết hiệu lực. Lấy lại hồ sơ và lập theo mẫu mới.`
    case 'key-reused':
      return t`Máy chủ đã có một gói khác mang số này. Báo người phụ trách.`
    case 'changed-elsewhere':
      return t`Hồ sơ đã được sửa ở nơi khác sau khi mở ở đây. Lấy lại để so hai bản.`
    case 'taken-back':
      return t`Gói này đã được lấy lại nên máy chủ không nhận nữa.`
    case 'too-large':
      return t`Hồ sơ lớn hơn mức máy chủ nhận.`
    case 'attachment-invalid':
    case 'attachment-refused-repeatedly':
      return t`Một tệp kèm theo không tới nơi nguyên vẹn sau nhiều lần gửi.`
    case 'attachment-bytes-missing':
      return t`Ổ đĩa máy này đã mất một tệp của hồ sơ. Lấy lại hồ sơ và thêm tệp ấy lần nữa.`
    case 'forgotten-unsent':
      return t`Máy này không còn gói niêm phong, máy chủ mới có một phần. Mời người dân lập lại hồ sơ.`
    case 'refused-before-receipt':
    case 'rejected':
      return t`Máy chủ không nhận hồ sơ này.`
    case 'malformed':
    case 'unknown-key':
    case 'signature-invalid':
    case 'seal-invalid':
    case 'enrolment-code-unknown':
    case 'not-found':
    case 'event-out-of-order':
    case 'presence-not-proven':
    case 'operator-removed':
    case 'busy':
    case 'internal':
      return t`Máy chủ không đọc được gói hồ sơ. Báo người phụ trách.`
  }
}

const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1).replace('.', ',')

export const wordsOf = (entry: OutboxEntry): EntryWords => {
  const { state, attempt } = entry.progress
  const group = groupOf(entry)
  const queuedAt = clock(entry.queuedAt)
  if (entry.status?.code === 5 && (state.name === 'received' || state.name === 'accepted')) {
    const due = entry.supplement?.dueOn
    const sentence = due === undefined ? t`Cơ quan yêu cầu bổ sung.` : t`Cơ quan yêu cầu bổ sung. Hạn ${due}.`
    return { sign: '!', label: t`Cần bổ sung`, sentence, tone: 'attention', group }
  }
  switch (state.name) {
    case 'queued':
      return {
        sign: '◌',
        label: t`Chờ gửi`,
        sentence: t`Đã lưu xong trên máy này lúc ${queuedAt}. Chưa gửi đi. Sẽ tự gửi khi có mạng.`,
        tone: 'queued',
        group,
      }
    case 'sending':
      return {
        sign: '▲',
        label: t`Đang gửi`,
        sentence: t`Đang gửi hồ sơ. Mất mạng sẽ gửi tiếp từ chỗ này.`,
        tone: 'queued',
        group,
      }
    case 'uploading': {
      const share = entry.bytesTotal === 0 ? 0 : Math.floor((entry.bytesSent / entry.bytesTotal) * 100)
      const sent = megabytes(entry.bytesSent)
      const total = megabytes(entry.bytesTotal)
      return {
        sign: '▲',
        label: t`Đang gửi`,
        sentence: t`Đang gửi tệp kèm theo: ${sent} trong ${total} MB (${share} %). Mất mạng sẽ gửi tiếp từ chỗ này.`,
        tone: 'queued',
        group,
      }
    }
    case 'recalled':
      return {
        sign: '↩',
        label: t`Lấy lại được`,
        sentence: t`Máy chủ đã hứa không nhận gói này. Lấy lại để sửa, rồi lưu và gửi như mới.`,
        tone: 'attention',
        group,
      }
    case 'waiting': {
      if (entry.progress.recall === true) {
        return {
          sign: '↩',
          label: t`Đang lấy lại`,
          sentence: t`Một phần có thể đã tới máy chủ, nên phải hỏi máy chủ trước. Hồ sơ còn nguyên trên máy.`,
          tone: 'queued',
          group,
        }
      }
      const next = clock(state.until)
      const why = whyWaiting(state.reason)
      return {
        sign: '↻',
        label: t`Chờ gửi lại`,
        sentence: t`Chưa gửi được lần ${attempt}. ${why} Tự gửi lại lúc ${next}.`,
        tone: 'queued',
        group,
      }
    }
    case 'received': {
      const at = clock(entry.receivedAt ?? entry.queuedAt)
      return {
        sign: '◑',
        label: t`Đã gửi · chờ tiếp nhận`,
        sentence:
          entry.kind === 'withdraw'
            ? t`Máy chủ đã nhận lúc ${at}. Cơ quan chưa xác nhận: hồ sơ chưa rút.`
            : t`Máy chủ đã nhận lúc ${at}. Cơ quan chưa tiếp nhận.`,
        tone: 'sent',
        group,
      }
    }
    case 'accepted': {
      const code = entry.official?.code ?? ''
      const appointment = entry.official?.appointment
      if (entry.kind === 'withdraw')
        return {
          sign: '●',
          label: t`Đã nhận đơn rút`,
          sentence: t`Cơ quan đã nhận đơn rút. Mã hồ sơ ${code}.`,
          tone: 'accepted',
          group,
        }
      return {
        sign: '●',
        label: t`Đã tiếp nhận`,
        sentence: appointment === undefined ? t`Mã hồ sơ ${code}.` : t`Mã hồ sơ ${code} · hẹn trả ${appointment}.`,
        tone: 'accepted',
        group,
      }
    }
    case 'needs-attention': {
      const why = whyAttention(state.reason)
      // What was changed elsewhere is named side by side once it is taken back; the reason says it all until then.
      const findings = state.reason === 'changed-elsewhere' ? '' : state.findings.map((finding) => say(finding.message)).join(' ')
      return {
        sign: '!',
        label: t`Cần xem lại`,
        sentence:
          state.reason === 'forgotten-unsent' || state.reason === 'attachment-bytes-missing'
            ? why
            : t`${why} ${findings} Hồ sơ còn nguyên trên máy.`.replace(/\s+/g, ' '),
        tone: 'attention',
        group,
      }
    }
    case 'refused': {
      const reason = entry.status === undefined ? '' : say(entry.status.text)
      return { sign: '!', label: t`Cần xem lại`, sentence: t`Cơ quan từ chối tiếp nhận. ${reason}`, tone: 'attention', group }
    }
  }
}

/** Which of a dossier's events it is; a dossier handed in goes without. */
export const eventWords = (kind: OutboxEntry['kind']): string | undefined =>
  kind === 'submit' ? undefined : kind === 'supplement' ? t`Bổ sung` : t`Đơn rút hồ sơ`

/** Why a dossier could not be taken back, and what to do instead. */
export const takeBackMessage = (fault: TakeBackFault): MachineMessage => {
  switch (fault.type) {
    case 'disk-full':
    case 'store-closed':
    case 'store-broken':
      return storeMessage(fault)
    case 'too-late':
      return {
        title: t`Làm hồ sơ bổ sung thay vì sửa hồ sơ này`,
        body: t`Hồ sơ có thể đã tới máy chủ nên không lấy lại được nữa. Không có gì bị mất.`,
      }
    case 'later-event':
      return fault.kind === 'withdraw'
        ? {
            title: t`Bỏ đơn rút của hồ sơ này trước`,
            body: t`Đơn rút đứng sau phần này trong hàng chờ. Bỏ đơn rút xong, lấy lại phần này được ngay. Không có gì bị mất.`,
          }
        : {
            title: t`Lấy lại phần bổ sung sau cùng của hồ sơ này trước`,
            body: t`Phần bổ sung ấy đứng sau phần này trong hàng chờ. Lấy lại nó xong, lấy lại phần này được ngay. Không có gì bị mất.`,
          }
    case 'not-found':
      return { title: t`Xem lại Hàng chờ và trang đầu`, body: t`Hồ sơ này không còn ở hàng chờ.`, code: 'HANG-01' }
    case 'unreadable':
      return {
        title: t`Báo người phụ trách`,
        body: t`Không mở được hồ sơ này bằng khoá của người đang làm việc. Hồ sơ vẫn ở hàng chờ và vẫn tự gửi.`,
        code: 'HANG-02',
      }
    case 'locked':
      return { title: t`Mở khoá lại rồi thử lại`, body: t`Máy đã khoá. Hồ sơ vẫn ở hàng chờ.`, code: 'HANG-03' }
  }
}

/** Another dossier of the same matter: where and when, and what to do. */
export const doubleWords = (other: NonNullable<OutboxEntry['double']>['others'][number]): string => {
  const { slipCode, pointName, stationName } = other
  const { day } = vietnamTime(other.receivedAt)
  return t`Có thể trùng với hồ sơ ${slipCode} ở ${pointName}, ${stationName}, ngày ${day}. Cả hai vẫn được gửi. Hỏi người dân, rồi giữ cả hai hoặc rút một.`
}

/** Why an agency's request could not be opened, and what to do instead. */
export const openSupplementMessage = (fault: OpenSupplementFault): MachineMessage => {
  switch (fault.type) {
    case 'disk-full':
    case 'store-closed':
    case 'store-broken':
      return storeMessage(fault)
    case 'gateway-answered':
      return fault.failure.type === 'gateway-away'
        ? {
            title: t`Nối mạng rồi mở lại`,
            body: t`Yêu cầu của cơ quan và các mục cần sửa nằm ở máy chủ, máy này chưa tới được. Yêu cầu vẫn ở hàng chờ.`,
          }
        : {
            title: t`Báo người phụ trách`,
            body: t`Máy chủ không đưa lại hồ sơ này cho máy hoặc người đang làm việc. Yêu cầu vẫn ở hàng chờ.`,
            code: 'BOSUNG-01',
          }
    case 'opened-by':
      return {
        title: t`Nhờ người đang làm bổ sung chuyển bản nháp`,
        body: t`Một người khác ở máy này đã mở yêu cầu này và đang làm dở.`,
      }
    case 'answered-before':
      return { title: t`Xem lại Hàng chờ`, body: t`Đã có bản bổ sung cho yêu cầu này.` }
    case 'withdrawn':
      return {
        title: t`Hỏi lại người dân có còn rút hồ sơ không`,
        body: t`Máy này đã ghi đơn rút hồ sơ, nên cơ quan không nhận bổ sung nữa. Còn giữ hồ sơ thì bấm Bỏ đơn rút ở Hàng chờ khi đơn chưa gửi, rồi mở lại.`,
      }
    case 'not-found':
      return { title: t`Xem lại Hàng chờ và trang đầu`, body: t`Không còn yêu cầu bổ sung này.` }
    case 'removed':
      return { title: t`Báo người phụ trách`, body: t`Máy chủ không còn cho người này làm việc ở máy này.`, code: 'BOSUNG-02' }
    case 'unreadable':
    case 'not-enrolled':
    case 'station-unavailable':
      return {
        title: t`Mở lại chương trình rồi thử lại`,
        body: t`Máy này chưa đọc được câu trả lời của máy chủ. Yêu cầu vẫn ở hàng chờ.`,
        code: 'BOSUNG-03',
      }
    case 'locked':
      return { title: t`Mở khoá lại rồi thử lại`, body: t`Máy đã khoá. Yêu cầu vẫn ở hàng chờ.` }
  }
}
