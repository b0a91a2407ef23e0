/** Sentences about the machine, in the pattern: next act · what happened · what is safe · other way · code. */
import { t } from '@lingui/core/macro'
import type { OpenFault, StoreFault } from '../../sync/vault/vault-api.ts'
import type { MachineMessage } from '../ui/message.tsx'

export const storeMessage = (fault: OpenFault | StoreFault): MachineMessage => {
  switch (fault.type) {
    case 'disk-full':
      return {
        title: t`Dọn bớt ổ đĩa của máy này`,
        body: t`Ổ đĩa đã đầy nên chưa ghi thêm được. Những gì đã báo "Đã lưu" còn nguyên. Xoá bớt tệp khác, hoặc nối mạng để gửi hồ sơ đang chờ; máy tự ghi lại ngay khi còn chỗ.`,
        code: 'MAY-02',
      }
    case 'store-closed':
    case 'store-timeout':
      return {
        title: t`Mở lại chương trình Trạm`,
        body: t`Kho hồ sơ trên máy không trả lời. Những gì đã lưu còn nguyên trên máy.`,
        code: 'MAY-03',
      }
    case 'store-blocked':
      return {
        title: t`Đóng các cửa sổ Trạm khác`,
        body: t`Một cửa sổ khác đang giữ kho hồ sơ bản cũ. Hồ sơ đã lưu còn nguyên. Đóng cửa sổ đó rồi thử lại.`,
        code: 'MAY-04',
      }
    case 'store-was-reset':
      return {
        title: t`Báo người phụ trách trước khi làm tiếp`,
        body: t`Kho hồ sơ của máy này đã bị xoá hoặc thay thế. Hồ sơ đã gửi vẫn có ở máy chủ; bản nháp và hồ sơ chờ gửi trước đó không còn ở đây. Nếu người phụ trách đồng ý thì bắt đầu với kho trống.`,
        code: 'MAY-05',
      }
    case 'no-indexed-db':
      return {
        title: t`Mở Trạm bằng cửa sổ thường`,
        body: t`Trình duyệt này không cho lưu hồ sơ trên máy (cửa sổ ẩn danh hoặc bị cấm). Chưa có gì bị mất.`,
        code: 'MAY-06',
      }
    case 'store-broken':
      return {
        title: t`Thử mở lại kho hồ sơ`,
        body: t`Kho hồ sơ trên máy gặp trục trặc. Nếu thử lại vẫn vậy, báo người phụ trách rồi cứu sang kho mới: kho này được giữ lại, không xoá; những gì còn đọc được được chép sang; hồ sơ máy chủ đã nhận thì vẫn ở máy chủ.`,
        code: 'MAY-07',
      }
  }
}

export const stationGoneMessage = (): MachineMessage => ({
  title: t`Mở lại chương trình Trạm trên máy này`,
  body: t`Trang này không liên lạc được với chương trình Trạm. Bản nháp và hồ sơ chờ gửi còn nguyên trên máy, đã mã hoá. Khi chương trình chạy lại, trang tự vào tiếp.`,
  code: 'MAY-01',
})
