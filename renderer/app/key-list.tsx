import { t } from '@lingui/core/macro'
import { Dialog } from '../ui/dialog.tsx'

export const KeyList = ({ onClose }: { onClose: () => void }) => {
  const rows: [string, string][] = [
    ['F1', t`Trợ giúp cho ô đang đứng; lần nữa: về ô`],
    ['F2', t`Xong với ông/bà này: quên những người của lượt này`],
    ['F4', t`Đọc thẻ căn cước`],
    ['F8', t`Quét QR của thẻ`],
    ['F6', t`Chuyển vùng: trên, bước, tờ khai, trợ giúp, dưới (Shift F6: ngược lại)`],
    ['F7', t`Hàng chờ, hôm nay`],
    ['Enter', t`Sang ô sau trong tờ khai, không bao giờ gửi`],
    ['Ctrl Enter', t`Tiếp tục, hoặc gửi ở trang kiểm tra`],
    ['Alt ←', t`Quay lại`],
    ['Alt 1 … 4', t`Lấy lại những gì đã khai về người thứ 1 … 4 được gợi ý`],
    ['Ctrl 1 … 8', t`Tới hồ sơ thứ 1 … 8 của lượt này`],
    ['Ctrl K', t`Tìm thủ tục, không cần dấu`],
    ['Ctrl S', t`Xác nhận đã lưu`],
    ['Ctrl P', t`In phiếu`],
    ['Ctrl L', t`Khoá máy`],
    ['Ctrl /', t`Bảng phím này`],
    ['Esc', t`Đóng lớp trên cùng, không bỏ dữ liệu`],
  ]
  return (
    <Dialog title={t`Bảng phím`} onClose={onClose}>
      <table className="key-table">
        <tbody>
          {rows.map(([key, does]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="note">{t`Ngày gõ liền được: 140590 là 14/05/1990. Thư điện tử: gõ tới @ rồi chọn phần sau.`}</p>
    </Dialog>
  )
}
