import { t } from '@lingui/core/macro'
import type { MachineMessage } from '../ui/message.tsx'
import type { FileProblem } from './inspect-file.ts'

export const megabytes = (bytes: number): string => {
  const size = bytes / 1_048_576
  return size < 0.1 ? t`${Math.max(1, Math.round(bytes / 1024))} KB` : t`${size.toFixed(1).replace('.', ',')} MB`
}

/** Next act · what happened · what is safe. */
export const fileMessage = (fileName: string, problem: FileProblem): MachineMessage => {
  switch (problem.type) {
    case 'empty':
      return {
        title: t`Chọn lại tệp`,
        body: t`Tệp ${fileName} có 0 byte: bản chụp hoặc bản chép bị hỏng. Các tệp khác còn nguyên.`,
        code: 'TEP-01',
      }
    case 'too-large':
      return {
        title: t`Giảm dung lượng tệp`,
        body: t`Tệp ${fileName} nặng ${megabytes(problem.size)}, nơi nhận chỉ nhận đến ${megabytes(problem.limit)}. Chụp lại ở cỡ nhỏ hơn hoặc nén PDF. Các tệp khác còn nguyên.`,
        code: 'TEP-05',
      }
    case 'wrong-type':
      return {
        title: t`Chọn ảnh JPEG, PNG hoặc tệp PDF`,
        body: t`Tệp ${fileName} là loại khác. Chụp ảnh giấy tờ, hoặc lưu thành PDF. Các tệp khác còn nguyên.`,
        code: 'TEP-02',
      }
    case 'unreadable':
      return {
        title: t`Chụp lại hoặc chọn tệp khác`,
        body: t`Tệp ${fileName} không mở được: có thể bị đứt khi chép. Các tệp khác còn nguyên.`,
        code: 'TEP-04',
      }
    case 'password-protected':
      return {
        title: t`Bỏ mật khẩu của tệp PDF`,
        body: t`Tệp ${fileName} đòi mật khẩu nên cơ quan không đọc được. Mở bằng mật khẩu rồi in ra PDF mới, hoặc chụp ảnh giấy tờ.`,
        code: 'TEP-06',
      }
  }
}
