import { t } from '@lingui/core/macro'
import type { CardFailure, CardProgress } from '../../contracts/card.ts'
import type { MachineMessage } from '../ui/message.tsx'

/** Next act · what happened · what is safe · other way · code. */
export const cardMessage = (failure: CardFailure): MachineMessage => {
  switch (failure.type) {
    case 'pcsc-service-unavailable':
      return {
        title: t`Bật dịch vụ đầu đọc thẻ`,
        body: t`Dịch vụ đầu đọc của máy chưa chạy. Phần đã nhập còn nguyên; trong lúc chờ vẫn gõ tay được.`,
        code: 'THE-02',
      }
    case 'no-reader':
    case 'no-such-reader':
      return {
        title: t`Cắm đầu đọc thẻ`,
        body: t`Máy chưa thấy đầu đọc. Rút ra, cắm sang cổng USB khác. Trong lúc chờ vẫn gõ tay được.`,
        code: 'THE-01',
      }
    case 'reader-removed':
      return {
        title: t`Cắm lại đầu đọc thẻ`,
        body: t`Đầu đọc rời máy khi đang đọc. Phần đã nhập tay còn nguyên.`,
        code: 'THE-03',
      }
    case 'no-card':
      return { title: t`Đặt thẻ lên đầu đọc`, body: t`Chưa thấy thẻ. Không có thẻ? Gõ tay vẫn làm tiếp được.`, code: 'THE-10' }
    case 'card-removed':
      return {
        title: t`Đặt lại thẻ và giữ yên`,
        body: t`Thẻ rời đầu đọc khi chưa đọc xong. Phần đã nhập tay còn nguyên.`,
        code: 'THE-04',
      }
    case 'card-unresponsive':
    case 'timeout':
      return {
        title: t`Nhấc thẻ ra rồi đặt lại`,
        body: t`Thẻ không trả lời. Đặt giữa đầu đọc, bỏ ví và thẻ khác ra xa. Phần đã nhập tay còn nguyên.`,
        code: 'THE-05',
      }
    case 'access-denied':
      return {
        title: t`So lại số thẻ, ngày sinh và ngày hết hạn`,
        body: t`Chip chưa mở được bằng các số đang nhập. Sửa theo ba dòng chữ máy ở mặt sau thẻ. Chưa ô nào của tờ khai bị thay đổi.`,
        code: 'THE-06',
      }
    case 'not-an-identity-card':
      return {
        title: t`Đặt thẻ căn cước có chip`,
        body: t`Thẻ trên đầu đọc không phải thẻ căn cước gắn chip. Có thể gõ tay.`,
        code: 'THE-07',
      }
    case 'secure-messaging-failed':
    case 'unreadable-data':
    case 'unexpected-status':
      return {
        title: t`Đọc lại thẻ một lần nữa`,
        body: t`Dữ liệu trên chip chưa đọc trọn. Chưa ô nào bị thay đổi. Nếu vẫn vậy thì gõ tay theo thẻ.`,
        code: 'THE-08',
      }
    case 'cancelled':
      return { title: t`Đọc lại khi sẵn sàng`, body: t`Đã dừng đọc thẻ theo yêu cầu. Chưa ô nào bị thay đổi.`, code: 'THE-11' }
    case 'device-host-crashed':
      return {
        title: t`Đợi vài giây rồi đọc lại`,
        body: t`Phần điều khiển đầu đọc vừa dừng và đang chạy lại. Tờ khai không bị ảnh hưởng.`,
        code: 'THE-12',
      }
    case 'invalid-request':
      return { title: t`So lại ba ô đã nhập`, body: t`Số thẻ, ngày sinh hoặc ngày hết hạn chưa đúng dạng.`, code: 'THE-13' }
  }
}

export const progressWords = (progress: CardProgress): string => {
  switch (progress.step) {
    case 'waiting-for-card':
      return t`Mời đặt thẻ lên đầu đọc`
    case 'connecting':
      return t`Đã thấy thẻ, giữ yên`
    case 'opening-chip':
      return t`Đang mở chip, giữ yên thẻ`
    case 'reading-text':
      return t`Đang đọc phần chữ, giữ yên thẻ`
    case 'done':
      return t`Đã đọc xong, có thể nhấc thẻ`
  }
}

export const stageOf = (progress: CardProgress | null): 1 | 2 | 3 => {
  if (progress === null) return 1
  if (progress.step === 'waiting-for-card') return 1
  return progress.step === 'connecting' ? 2 : 3
}
