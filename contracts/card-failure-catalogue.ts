/**
 * What a clerk reads when a card or its code cannot be read, or its data must not be used: the title is the next act; then what happened
 * and what is safe, then what to do or the other way. The code stands small below, for whoever is called to help.
 *
 * Data only. One entry for each name a failure can have, so a new failure without words does not compile.
 * `{number}` is where the end of the number in use is shown (…278); texts must read well without the parenthesis around it, too.
 */
import type { CardFailureType } from './card.ts'
import type { ScanFailureType } from './scan.ts'

/** `not-genuine` and `two-persons` are no failures of reading: the chip was read, and nothing of it may be filled in. */
export type CardTroubleType = CardFailureType | ScanFailureType | 'not-genuine' | 'two-persons'

export type CardTroubleText = {
  code: `THE-${number}${number}`
  title: { vi: string; en: string }
  whatHappened: { vi: string; en: string }
  whatToDo: { vi: string; en: string }
  /** Whether trying again helps: at once, only after what is to be done, or not at all. */
  tryAgain: 'at-once' | 'after-remedy' | 'never'
}

export const cardFailureCatalogue: Readonly<Record<CardTroubleType, CardTroubleText>> = {
  'no-reader': {
    code: 'THE-01',
    title: { vi: 'Cắm đầu đọc thẻ', en: 'Plug in the card reader' },
    whatHappened: { vi: 'Máy chưa thấy đầu đọc.', en: 'The machine sees no reader.' },
    whatToDo: {
      vi: 'Rút ra, cắm sang cổng USB khác. Trong lúc chờ vẫn quét QR hoặc gõ tay được.',
      en: 'Unplug it and use another USB port. Meanwhile scanning the QR or typing still works.',
    },
    tryAgain: 'after-remedy',
  },
  'no-such-reader': {
    code: 'THE-02',
    title: { vi: 'Chọn lại đầu đọc', en: 'Choose the reader again' },
    whatHappened: { vi: 'Đầu đọc đã chọn không còn cắm vào máy.', en: 'The chosen reader is no longer plugged in.' },
    whatToDo: {
      vi: 'Cắm lại hoặc chọn đầu đọc khác trong danh sách.',
      en: 'Plug it in again or choose another from the list.',
    },
    tryAgain: 'after-remedy',
  },
  'no-card': {
    code: 'THE-03',
    title: { vi: 'Đặt thẻ lên đầu đọc', en: 'Lay the card on the reader' },
    whatHappened: { vi: 'Chưa thấy thẻ trên đầu đọc.', en: 'No card was seen on the reader.' },
    whatToDo: {
      vi: 'Bỏ thẻ khỏi ví hoặc bao, đặt phẳng giữa đầu đọc rồi đọc lại.',
      en: 'Take the card out of its wallet or sleeve, lay it flat in the middle and read again.',
    },
    tryAgain: 'after-remedy',
  },
  'card-removed': {
    code: 'THE-04',
    title: { vi: 'Đặt lại thẻ và giữ yên', en: 'Lay the card back and keep it still' },
    whatHappened: {
      vi: 'Thẻ rời đầu đọc khi chưa đọc xong.',
      en: 'The card left the reader before it was read.',
    },
    whatToDo: { vi: 'Phần đã nhập tay còn nguyên.', en: 'What was typed is untouched.' },
    tryAgain: 'at-once',
  },
  'reader-removed': {
    code: 'THE-05',
    title: { vi: 'Cắm lại đầu đọc', en: 'Plug the reader in again' },
    whatHappened: {
      vi: 'Đầu đọc rời máy khi đang đọc thẻ. Phần đã nhập còn nguyên.',
      en: 'The reader was unplugged while reading. What was entered is untouched.',
    },
    whatToDo: {
      vi: 'Cắm lại rồi đọc lại, không cần mở lại chương trình.',
      en: 'Plug it in and read again; no restart is needed.',
    },
    tryAgain: 'after-remedy',
  },
  'wrong-number': {
    code: 'THE-06',
    title: { vi: 'So lại 12 số trên thẻ', en: 'Compare the 12 digits with the card' },
    whatHappened: {
      vi: 'Chip chưa mở được bằng số đang nhập ({number}).',
      en: 'The chip did not open with the number entered ({number}).',
    },
    whatToDo: {
      vi: 'Sửa số, hoặc quét QR in trên thẻ này.',
      en: 'Correct it, or scan the QR printed on this card.',
    },
    tryAgain: 'after-remedy',
  },
  'card-unresponsive': {
    code: 'THE-07',
    title: { vi: 'Nhấc thẻ ra, đặt lại', en: 'Lift the card and lay it again' },
    whatHappened: {
      vi: 'Thẻ nằm trên đầu đọc nhưng chip không trả lời.',
      en: 'The card lies there but its chip does not answer.',
    },
    whatToDo: {
      vi: 'Xoay thẻ hoặc đặt lệch một chút. Vẫn không được thì gõ tay theo thẻ.',
      en: 'Turn or shift the card a little. If that fails, type what the card says.',
    },
    tryAgain: 'after-remedy',
  },
  'not-an-identity-card': {
    code: 'THE-08',
    title: { vi: 'Dùng thẻ căn cước có chip', en: 'Use an identity card with a chip' },
    whatHappened: {
      vi: 'Thẻ trên đầu đọc không phải thẻ căn cước.',
      en: 'The card on the reader is no identity card.',
    },
    whatToDo: {
      vi: 'Đổi thẻ rồi đọc lại. Thẻ cũ không có chip thì gõ tay.',
      en: 'Change the card and read again. For an old card without a chip, type by hand.',
    },
    tryAgain: 'after-remedy',
  },
  'not-genuine': {
    code: 'THE-09',
    title: { vi: 'Không dùng dữ liệu của chip này', en: "Do not use this chip's data" },
    whatHappened: {
      vi: 'Dữ liệu không khớp chữ ký của nơi cấp. Chưa ô nào bị thay đổi.',
      en: "The data do not fit the issuer's signature. No field was changed.",
    },
    whatToDo: {
      vi: 'Đối chiếu thẻ bằng mắt và báo người phụ trách.',
      en: 'Check the card by eye and tell the person in charge.',
    },
    tryAgain: 'never',
  },
  'two-persons': {
    code: 'THE-39',
    title: { vi: 'Không dùng chip này: ghi hai người khác nhau', en: 'Do not use this chip: it names two persons' },
    whatHappened: {
      vi: 'Dòng mã của chip và phần chữ của chip không phải của cùng một người. Chưa ô nào bị thay đổi.',
      en: "The chip's machine readable lines and its text are not of the same person. No field was changed.",
    },
    whatToDo: {
      vi: 'Xem thẻ bằng mắt, gõ theo chữ in trên thẻ và báo người phụ trách.',
      en: 'Look at the card itself, enter what is printed on it and tell the person in charge.',
    },
    tryAgain: 'never',
  },
  'unreadable-data': {
    code: 'THE-10',
    title: { vi: 'Nhập theo chữ in trên thẻ', en: 'Enter what is printed on the card' },
    whatHappened: {
      vi: 'Chip mở được nhưng dữ liệu bên trong không đọc được. Chưa ô nào bị thay đổi.',
      en: 'The chip opened but its data cannot be read. No field was changed.',
    },
    whatToDo: { vi: 'Ghi lại mã này và báo người phụ trách.', en: 'Note this code and tell the person in charge.' },
    tryAgain: 'never',
  },
  'secure-messaging-failed': {
    code: 'THE-11',
    title: { vi: 'Đặt lại thẻ và đọc lại', en: 'Lay the card again and read again' },
    whatHappened: {
      vi: 'Đường truyền với chip bị sai lệch giữa chừng, nên máy không dùng dữ liệu đó. Chưa ô nào bị thay đổi.',
      en: 'The exchange with the chip was altered on its way, so its data were not used. No field was changed.',
    },
    whatToDo: { vi: 'Lặp lại nhiều lần thì đổi đầu đọc.', en: 'If it repeats, change the reader.' },
    tryAgain: 'at-once',
  },
  'unexpected-status': {
    code: 'THE-12',
    title: { vi: 'Đọc lại một lần nữa', en: 'Read once more' },
    whatHappened: {
      vi: 'Chip từ chối một bước đọc. Phần đã nhập còn nguyên.',
      en: 'The chip refused a step. What was entered is untouched.',
    },
    whatToDo: {
      vi: 'Vẫn không được thì gõ tay theo thẻ và báo người phụ trách mã này.',
      en: 'If it repeats, type what the card says and report this code.',
    },
    tryAgain: 'at-once',
  },
  timeout: {
    code: 'THE-13',
    title: { vi: 'Giữ yên thẻ và đọc lại', en: 'Keep the card still and read again' },
    whatHappened: {
      vi: 'Đọc quá lâu nên máy đã dừng. Phần đã nhập còn nguyên.',
      en: 'Reading took too long and was stopped. What was entered is untouched.',
    },
    whatToDo: {
      vi: 'Đặt thẻ phẳng, xa điện thoại và vật kim loại.',
      en: 'Lay the card flat, away from phones and metal.',
    },
    tryAgain: 'at-once',
  },
  cancelled: {
    code: 'THE-14',
    title: { vi: 'Đọc lại khi cần', en: 'Read again when needed' },
    whatHappened: { vi: 'Việc đọc thẻ đã dừng theo yêu cầu.', en: 'Reading was stopped as asked.' },
    whatToDo: { vi: 'Chưa ô nào bị thay đổi.', en: 'No field was changed.' },
    tryAgain: 'at-once',
  },
  'pcsc-service-unavailable': {
    code: 'THE-15',
    title: { vi: 'Bật dịch vụ đọc thẻ của máy', en: "Start the machine's card service" },
    whatHappened: {
      vi: 'Dịch vụ thẻ thông minh (PC/SC) chưa chạy nên máy không thấy đầu đọc nào.',
      en: 'The smart card service (PC/SC) is not running, so no reader can be seen.',
    },
    whatToDo: {
      vi: 'Báo kỹ thuật mã này. Trong lúc chờ vẫn quét QR hoặc gõ tay được.',
      en: 'Tell the technician this code. Meanwhile scanning the QR or typing still works.',
    },
    tryAgain: 'after-remedy',
  },
  'device-host-crashed': {
    code: 'THE-16',
    title: { vi: 'Đợi vài giây rồi đọc lại', en: 'Wait some seconds, then read again' },
    whatHappened: {
      vi: 'Phần điều khiển đầu đọc vừa dừng và đang tự mở lại.',
      en: 'The part that drives the reader stopped and is starting again by itself.',
    },
    whatToDo: { vi: 'Phần đã nhập còn nguyên.', en: 'What was entered is untouched.' },
    tryAgain: 'at-once',
  },
  'invalid-request': {
    code: 'THE-17',
    title: { vi: 'Xem lại số đang nhập', en: 'Check the number entered' },
    whatHappened: { vi: 'Số đang nhập chưa đủ để mở chip.', en: 'What is entered is not enough to open the chip.' },
    whatToDo: {
      vi: 'Cần đủ 12 số in trên thẻ, hoặc quét QR in trên thẻ.',
      en: 'All 12 digits printed on the card are needed, or a scan of its QR.',
    },
    tryAgain: 'after-remedy',
  },
  'access-denied': {
    code: 'THE-18',
    title: {
      vi: 'So lại số, ngày sinh và ngày hết hạn trên thẻ',
      en: 'Compare number, birth date and expiry date with the card',
    },
    whatHappened: {
      vi: 'Chip chưa mở được bằng các số đang nhập. Chưa ô nào bị thay đổi.',
      en: 'The chip did not open with what is entered. No field was changed.',
    },
    whatToDo: {
      vi: 'Sửa chỗ sai rồi đọc lại. Kiểm tra cả thẻ trên đầu đọc có đúng là thẻ này không.',
      en: 'Correct it and read again. Check that this is the card on the reader.',
    },
    tryAgain: 'after-remedy',
  },
  'dates-needed': {
    code: 'THE-19',
    title: { vi: 'Nhập thêm ngày sinh và ngày cấp trên thẻ', en: "Enter the card's birth date and date of issue too" },
    whatHappened: {
      vi: 'Chip này cần thêm hai ngày đó mới mở được. Phần đã nhập còn nguyên.',
      en: 'This chip needs those two dates to open. What was entered is untouched.',
    },
    whatToDo: {
      vi: 'Quét QR in trên thẻ thì không phải gõ.',
      en: 'Scanning the QR printed on the card saves typing them.',
    },
    tryAgain: 'after-remedy',
  },
  'access-suspended': {
    code: 'THE-20',
    title: { vi: 'Dừng đọc, nhập theo chữ in trên thẻ', en: 'Stop reading, enter what is printed on the card' },
    whatHappened: {
      vi: 'Chip báo sắp khoá vì đã thử sai nhiều lần, nên máy không thử thêm. Thẻ không hỏng.',
      en: 'The chip says that it would lock after more wrong tries, so none was made. The card is not broken.',
    },
    whatToDo: {
      vi: 'Không đọc lại thẻ này bằng số khác.',
      en: 'Do not read it again with another number.',
    },
    tryAgain: 'never',
  },
  'other-card': {
    code: 'THE-21',
    title: { vi: 'Đặt đúng thẻ của người này', en: "Lay this person's own card" },
    whatHappened: {
      vi: 'Chip trên đầu đọc mang số khác với số đang nhập ({number}), nên máy không dùng dữ liệu đó.',
      en: 'The chip on the reader bears another number than the one entered ({number}), so its data were not used.',
    },
    whatToDo: {
      vi: 'So lại 12 số, hoặc đổi thẻ rồi đọc lại.',
      en: 'Compare the 12 digits, or change the card and read again.',
    },
    tryAgain: 'after-remedy',
  },
  'no-scanner': {
    code: 'THE-30',
    title: { vi: 'Cắm máy quét mã', en: 'Plug in the code scanner' },
    whatHappened: { vi: 'Máy chưa thấy máy quét.', en: 'The machine sees no scanner.' },
    whatToDo: {
      vi: 'Cắm lại hoặc đổi cổng USB, máy tự nhận. Trong lúc chờ gõ 12 số trên thẻ.',
      en: 'Plug it in again or use another port; it is found by itself. Meanwhile type the 12 digits of the card.',
    },
    tryAgain: 'after-remedy',
  },
  'scanner-busy': {
    code: 'THE-31',
    title: { vi: 'Đóng chương trình đang giữ máy quét', en: 'Close the program that holds the scanner' },
    whatHappened: {
      vi: 'Một chương trình khác trên máy này đang dùng cổng của máy quét.',
      en: "Another program on this machine uses the scanner's port.",
    },
    whatToDo: {
      vi: 'Đóng chương trình đó, máy tự nhận lại. Trong lúc chờ gõ 12 số trên thẻ.',
      en: 'Close it; the scanner is taken by itself. Meanwhile type the 12 digits of the card.',
    },
    tryAgain: 'after-remedy',
  },
  'scanner-not-permitted': {
    code: 'THE-32',
    title: { vi: 'Báo kỹ thuật cấp quyền dùng máy quét', en: 'Have the technician grant the use of the scanner' },
    whatHappened: {
      vi: 'Máy quét có cắm nhưng hệ điều hành không cho chương trình này dùng.',
      en: 'The scanner is plugged in, but the operating system does not let this program use it.',
    },
    whatToDo: {
      vi: 'Đưa kỹ thuật mã này. Trong lúc chờ gõ 12 số trên thẻ.',
      en: 'Give the technician this code. Meanwhile type the 12 digits of the card.',
    },
    tryAgain: 'after-remedy',
  },
  'scanner-failed': {
    code: 'THE-33',
    title: { vi: 'Rút máy quét ra, cắm lại', en: 'Unplug the scanner and plug it in again' },
    whatHappened: { vi: 'Máy quét có trục trặc nên chưa nghe được.', en: 'The scanner has a fault and cannot be heard.' },
    whatToDo: {
      vi: 'Vẫn không được thì báo kỹ thuật mã này. Trong lúc chờ gõ 12 số trên thẻ.',
      en: 'If that fails, tell the technician this code. Meanwhile type the 12 digits of the card.',
    },
    tryAgain: 'after-remedy',
  },
  'scanner-settings-refused': {
    code: 'THE-34',
    title: { vi: 'Chọn lại máy quét và tốc độ cổng', en: 'Choose the scanner and its speed again' },
    whatHappened: {
      vi: 'Máy không mở được máy quét theo lựa chọn này. Lựa chọn trước vẫn còn.',
      en: 'The scanner cannot be opened as chosen. The choice before is kept.',
    },
    whatToDo: {
      vi: 'Chọn máy quét có trong danh sách, tốc độ đúng như sách của máy quét.',
      en: "Choose a scanner of the list, with the speed that the scanner's manual names.",
    },
    tryAgain: 'after-remedy',
  },
  'code-unreadable': {
    code: 'THE-35',
    title: { vi: 'Quét lại mã', en: 'Scan the code again' },
    whatHappened: {
      vi: 'Máy quét gửi về ký tự không đọc được. Chưa ô nào bị thay đổi.',
      en: 'The scanner sent characters that cannot be read. No field was changed.',
    },
    whatToDo: {
      vi: 'Lặp lại nhiều lần thì đặt máy quét gửi mã UTF-8, đúng tốc độ cổng.',
      en: 'If it repeats, set the scanner to send UTF-8, and the speed of its port.',
    },
    tryAgain: 'at-once',
  },
  'code-not-of-a-card': {
    code: 'THE-36',
    title: { vi: 'Quét mã QR in trên thẻ căn cước', en: 'Scan the QR printed on the identity card' },
    whatHappened: {
      vi: 'Mã vừa quét không phải của thẻ căn cước. Chưa ô nào bị thay đổi.',
      en: "The code just scanned is not an identity card's. No field was changed.",
    },
    whatToDo: {
      vi: 'Mã ở mặt trước thẻ căn cước công dân, mặt sau thẻ căn cước. Hoặc gõ 12 số.',
      en: 'It is on the front of cards until 2024 and on the back of newer ones. Or type the 12 digits.',
    },
    tryAgain: 'after-remedy',
  },
  'code-incomplete': {
    code: 'THE-37',
    title: { vi: 'Quét lại mã, giữ thẻ yên', en: 'Scan again, holding the card still' },
    whatHappened: {
      vi: 'Mã của thẻ đến chưa đủ. Chỉ lấy 12 số, các phần khác không dùng.',
      en: "The card's code came cut off. Only its 12 digits were taken, nothing else.",
    },
    whatToDo: {
      vi: 'Vẫn đọc thẻ tiếp được bằng số này. Lặp lại nhiều lần thì báo kỹ thuật.',
      en: 'The card can be read with this number. If it repeats, tell the technician.',
    },
    tryAgain: 'at-once',
  },
  'code-mangled': {
    code: 'THE-38',
    title: { vi: 'Đặt máy quét sang chế độ serial hoặc HID-POS', en: 'Set the scanner to serial or HID POS mode' },
    whatHappened: {
      vi: 'Bộ gõ tiếng Việt hoặc bàn phím đã đổi chữ của mã, nên không lấy tên và địa chỉ từ mã.',
      en: "An input program or the keyboard changed the code's letters, so its name and address were not taken.",
    },
    whatToDo: {
      vi: 'So lại 12 số với thẻ rồi đọc thẻ, hoặc tắt bộ gõ và quét lại.',
      en: 'Compare the 12 digits and read the card, or turn the input program off and scan again.',
    },
    tryAgain: 'after-remedy',
  },
}
