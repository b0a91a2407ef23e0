import { t } from '@lingui/core/macro'
import type { MachineMessage } from '../ui/message.tsx'
import type { FileProblem } from './inspect-file.ts'
import type { PageDoubt } from './page-quality.ts'

export const megabytes = (bytes: number): string => {
  const size = bytes / 1_048_576
  return size < 0.1 ? t`${Math.max(1, Math.round(bytes / 1024))} KB` : t`${size.toFixed(1).replace('.', ',')} MB`
}

export const lostFilesMessage = (fileNames: readonly string[]): MachineMessage => ({
  title: t`Thêm lại giấy tờ ở bước Giấy tờ`,
  body: t`Ổ đĩa máy này không còn đọc được: ${fileNames.join(', ')}. Các tệp khác và mọi câu trả lời còn nguyên. Hồ sơ gửi được sau khi bấm nút dưới đây.`,
  code: 'TEP-15',
})

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
        body: t`Tệp ${fileName} nặng ${megabytes(problem.size)}, nơi nhận chỉ nhận đến ${megabytes(problem.limit)}. Bấm Giảm, xem thử trước khi dùng. Các tệp khác còn nguyên.`,
        code: 'TEP-05',
      }
    case 'not-reducible':
      return {
        title: t`Tách tệp hoặc chụp lại từng trang`,
        body: t`Tệp ${fileName} nặng ${megabytes(problem.size)} và không giảm xuống dưới ${megabytes(problem.limit)} được. Chia thành nhiều tệp, hoặc chụp từng trang. Các tệp khác còn nguyên.`,
        code: 'TEP-08',
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

/** What the clerk should look at; the page is kept unless it is taken out. */
export const doubtMessage = (fileName: string, doubt: PageDoubt): MachineMessage => {
  switch (doubt) {
    case 'blank':
      return {
        title: t`Xem lại trang trắng`,
        body: t`${fileName} không thấy chữ nào. Có thể giấy đặt úp, hoặc quét mặt sau.`,
        code: 'TEP-09',
      }
    case 'too-dark':
      return {
        title: t`Chụp lại ở nơi sáng`,
        body: t`${fileName} quá tối, khó đọc được chữ. Đặt giấy phẳng, nơi sáng, không che bóng.`,
        code: 'TEP-10',
      }
    case 'blurred':
      return {
        title: t`Chụp lại cho rõ`,
        body: t`${fileName} bị mờ. Đặt giấy phẳng, nơi sáng, tắt đèn flash, giữ yên máy.`,
        code: 'TEP-03',
      }
    case 'too-small':
      return {
        title: t`Chụp lại gần hơn`,
        body: t`${fileName} quá nhỏ, chữ in sẽ không đọc được. Chụp kín khung hình, hoặc quét từ 150 dpi trở lên.`,
        code: 'TEP-11',
      }
  }
}
