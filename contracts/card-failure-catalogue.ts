/**
 * What a clerk reads when a card cannot be read: the title is the next act; then what happened, what is safe, another way.
 * The code stands small below, for whoever is called to help. Data only; one entry for each CardFailureType.
 */
import type { CardFailureType } from './card.ts'

export type CardFailureText = {
  code: `THE-${number}${number}`
  title: { vi: string; en: string }
  whatToDo: { vi: string; en: string }
}

export const cardFailureCatalogue: Readonly<Record<CardFailureType, CardFailureText>> = {
  'no-reader': {
    code: 'THE-01',
    title: { vi: 'Cắm đầu đọc thẻ', en: 'Plug in the card reader' },
    whatToDo: {
      vi: 'Máy chưa thấy đầu đọc. Rút ra, cắm sang cổng USB khác. Trong lúc chờ vẫn gõ tay được.',
      en: 'The machine sees no reader. Unplug it and use another USB port. Typing by hand still works meanwhile.',
    },
  },
  'no-such-reader': {
    code: 'THE-02',
    title: { vi: 'Chọn lại đầu đọc', en: 'Choose the reader again' },
    whatToDo: {
      vi: 'Đầu đọc đã chọn không còn cắm vào máy. Cắm lại hoặc chọn đầu đọc khác trong danh sách.',
      en: 'The chosen reader is no longer plugged in. Plug it in again or choose another from the list.',
    },
  },
  'no-card': {
    code: 'THE-03',
    title: { vi: 'Đặt thẻ lên đầu đọc', en: 'Lay the card on the reader' },
    whatToDo: {
      vi: 'Chưa thấy thẻ trên đầu đọc. Bỏ thẻ khỏi ví hoặc bao, đặt phẳng giữa đầu đọc rồi đọc lại.',
      en: 'No card was seen on the reader. Take the card out of its wallet or sleeve, lay it flat in the middle and read again.',
    },
  },
  'card-removed': {
    code: 'THE-04',
    title: { vi: 'Đặt lại thẻ và giữ yên', en: 'Lay the card back and keep it still' },
    whatToDo: {
      vi: 'Thẻ rời đầu đọc khi chưa đọc xong. Phần đã nhập tay còn nguyên.',
      en: 'The card left the reader before it was read. What was typed is untouched.',
    },
  },
  'reader-removed': {
    code: 'THE-05',
    title: { vi: 'Cắm lại đầu đọc', en: 'Plug the reader in again' },
    whatToDo: {
      vi: 'Đầu đọc rời máy khi đang đọc thẻ. Phần đã nhập còn nguyên. Cắm lại rồi đọc lại, không cần mở lại chương trình.',
      en: 'The reader was unplugged while reading. What was entered is untouched. Plug it in and read again; no restart is needed.',
    },
  },
  'wrong-number': {
    code: 'THE-06',
    title: { vi: 'So lại 12 số trên thẻ', en: 'Compare the 12 digits with the card' },
    whatToDo: {
      vi: 'Chip chưa mở được bằng số đang nhập. Sửa số, hoặc quét QR in trên thẻ này. Chưa ô nào bị thay đổi.',
      en: 'The chip did not open with the number entered. Correct it, or scan the QR printed on this card. No field was changed.',
    },
  },
  'dates-needed': {
    code: 'THE-19',
    title: { vi: 'Nhập thêm ngày sinh và ngày cấp trên thẻ', en: "Enter the card's birth date and date of issue too" },
    whatToDo: {
      vi: 'Chip này cần thêm hai ngày đó mới mở được. Quét QR in trên thẻ thì không phải gõ. Phần đã nhập còn nguyên.',
      en: 'This chip needs those two dates to open. Scanning the QR printed on the card saves typing. What was entered is untouched.',
    },
  },
  'access-suspended': {
    code: 'THE-20',
    title: { vi: 'Dừng đọc, nhập theo chữ in trên thẻ', en: 'Stop reading, enter what is printed on the card' },
    whatToDo: {
      vi: 'Chip báo sắp khoá vì đã thử sai nhiều lần, nên máy không thử thêm. Thẻ không hỏng. Không đọc lại thẻ này bằng số khác.',
      en: 'The chip says that it would lock after more wrong tries, so none was made. The card is not broken. Do not read it again with another number.',
    },
  },
  'other-card': {
    code: 'THE-21',
    title: { vi: 'Đặt đúng thẻ của người này', en: "Lay this person's own card" },
    whatToDo: {
      vi: 'Chip trên đầu đọc mang số khác với số đang nhập, nên máy không dùng dữ liệu đó. So lại 12 số, hoặc đổi thẻ rồi đọc lại.',
      en: 'The chip on the reader bears another number than the one entered, so its data were not used. Compare the 12 digits, or change the card and read again.',
    },
  },
  'access-denied': {
    code: 'THE-18',
    title: {
      vi: 'So lại số, ngày sinh và ngày hết hạn trên thẻ',
      en: 'Compare number, birth date and expiry date with the card',
    },
    whatToDo: {
      vi: 'Chip chưa mở được bằng các số đang nhập. Chưa ô nào bị thay đổi. Sửa ô sai rồi đọc lại. Kiểm tra cả thẻ trên đầu đọc có đúng là thẻ này không.',
      en: 'The chip did not open with what is entered. No field was changed. Correct it and read again. Check that this is the card on the reader.',
    },
  },
  'card-unresponsive': {
    code: 'THE-07',
    title: { vi: 'Nhấc thẻ ra, đặt lại', en: 'Lift the card and lay it again' },
    whatToDo: {
      vi: 'Thẻ nằm trên đầu đọc nhưng chip không trả lời. Xoay thẻ hoặc đặt lệch một chút. Vẫn không được thì gõ tay theo thẻ.',
      en: 'The card lies there but its chip does not answer. Turn or shift the card a little. If that fails, type what the card says.',
    },
  },
  'not-an-identity-card': {
    code: 'THE-08',
    title: { vi: 'Dùng thẻ căn cước có chip', en: 'Use an identity card with a chip' },
    whatToDo: {
      vi: 'Thẻ trên đầu đọc không phải thẻ căn cước. Đổi thẻ rồi đọc lại. Thẻ cũ không có chip thì gõ tay.',
      en: 'The card on the reader is no identity card. Change the card and read again. For an old card without a chip, type by hand.',
    },
  },
  'unreadable-data': {
    code: 'THE-10',
    title: { vi: 'Nhập theo chữ in trên thẻ', en: 'Enter what is printed on the card' },
    whatToDo: {
      vi: 'Chip mở được nhưng dữ liệu bên trong không đọc được. Chưa ô nào bị thay đổi. Ghi lại mã này và báo người phụ trách.',
      en: 'The chip opened but its data cannot be read. No field was changed. Note this code and tell the person in charge.',
    },
  },
  'secure-messaging-failed': {
    code: 'THE-11',
    title: { vi: 'Đặt lại thẻ và đọc lại', en: 'Lay the card again and read again' },
    whatToDo: {
      vi: 'Đường truyền với chip bị sai lệch giữa chừng, nên máy không dùng dữ liệu đó. Chưa ô nào bị thay đổi. Lặp lại nhiều lần thì đổi đầu đọc.',
      en: 'The exchange with the chip was altered on its way, so its data were not used. No field was changed. If it repeats, change the reader.',
    },
  },
  'unexpected-status': {
    code: 'THE-12',
    title: { vi: 'Đọc lại một lần nữa', en: 'Read once more' },
    whatToDo: {
      vi: 'Chip từ chối một bước đọc. Phần đã nhập còn nguyên. Vẫn không được thì gõ tay theo thẻ và báo người phụ trách mã này.',
      en: 'The chip refused a step. What was entered is untouched. If it repeats, type what the card says and report this code.',
    },
  },
  timeout: {
    code: 'THE-13',
    title: { vi: 'Giữ yên thẻ và đọc lại', en: 'Keep the card still and read again' },
    whatToDo: {
      vi: 'Đọc quá lâu nên máy đã dừng. Phần đã nhập còn nguyên. Đặt thẻ phẳng, xa điện thoại và vật kim loại.',
      en: 'Reading took too long and was stopped. What was entered is untouched. Lay the card flat, away from phones and metal.',
    },
  },
  cancelled: {
    code: 'THE-14',
    title: { vi: 'Đọc lại khi cần', en: 'Read again when needed' },
    whatToDo: {
      vi: 'Việc đọc thẻ đã dừng theo yêu cầu. Chưa ô nào bị thay đổi.',
      en: 'Reading was stopped as asked. No field was changed.',
    },
  },
  'pcsc-service-unavailable': {
    code: 'THE-15',
    title: { vi: 'Bật dịch vụ đọc thẻ của máy', en: "Start the machine's card service" },
    whatToDo: {
      vi: 'Dịch vụ thẻ thông minh (PC/SC) chưa chạy nên máy không thấy đầu đọc nào. Báo kỹ thuật mã này. Trong lúc chờ vẫn gõ tay được.',
      en: 'The smart card service (PC/SC) is not running, so no reader can be seen. Tell the technician this code. Typing by hand still works.',
    },
  },
  'device-host-crashed': {
    code: 'THE-16',
    title: { vi: 'Đợi vài giây rồi đọc lại', en: 'Wait some seconds, then read again' },
    whatToDo: {
      vi: 'Phần điều khiển đầu đọc vừa dừng và đang tự mở lại. Phần đã nhập còn nguyên.',
      en: 'The part that drives the reader stopped and is starting again by itself. What was entered is untouched.',
    },
  },
  'invalid-request': {
    code: 'THE-17',
    title: { vi: 'Xem lại các ô mở chip', en: 'Check the fields that open the chip' },
    whatToDo: {
      vi: 'Cần 9 số cuối của số định danh, ngày sinh và ngày hết hạn đúng như trên thẻ.',
      en: 'The last 9 digits of the personal number, the birth date and the expiry date are needed as the card has them.',
    },
  },
}
