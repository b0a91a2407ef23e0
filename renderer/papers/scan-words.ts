import { t } from '@lingui/core/macro'
import type { DocumentScanFailure } from '../../contracts/document-scan.ts'
import type { MachineMessage } from '../ui/message.tsx'

/** Next act · what happened · what is safe · another way. */
export const scanMessage = ({ type }: DocumentScanFailure): MachineMessage => {
  const kept = t`Các trang đã quét còn nguyên.`
  switch (type) {
    case 'no-such-scanner':
    case 'scanner-unreachable':
      return {
        title: t`Bật lại máy quét rồi tìm lại`,
        body: t`Máy quét không trả lời. ${kept} Vẫn chụp hoặc chọn tệp được.`,
        code: 'TEP-21',
      }
    case 'scanner-busy':
      return {
        title: t`Đợi máy quét xong việc`,
        body: t`Máy quét đang làm việc khác. ${kept} Đợi một lát rồi bấm Quét.`,
        code: 'TEP-22',
      }
    case 'feeder-empty':
      return { title: t`Đặt giấy vào khay nạp`, body: t`Khay nạp không có giấy. ${kept}`, code: 'TEP-23' }
    case 'feeder-jam':
      return {
        title: t`Gỡ giấy kẹt`,
        body: t`Giấy bị kẹt trong máy quét. ${kept} Gỡ giấy, đặt lại từ trang đang quét dở.`,
        code: 'TEP-24',
      }
    case 'cover-open':
      return { title: t`Đóng nắp máy quét`, body: t`Nắp máy quét đang mở. ${kept}`, code: 'TEP-25' }
    case 'scan-refused':
      return {
        title: t`Thử cách quét khác`,
        body: t`Máy quét không nhận lệnh này. ${kept} Đổi mặt kính với khay nạp, hoặc tắt Quét màu.`,
        code: 'TEP-26',
      }
    case 'unreadable-page':
      return { title: t`Quét lại trang này`, body: t`Máy quét gửi một trang trống hoặc hỏng. ${kept}`, code: 'TEP-27' }
    case 'timeout':
      return { title: t`Xem máy quét rồi quét lại`, body: t`Đợi quá lâu mà không có trang nào. ${kept}`, code: 'TEP-28' }
    case 'cancelled':
      return { title: t`Quét lại khi cần`, body: t`Việc quét đã dừng. ${kept}`, code: 'TEP-29' }
  }
}
