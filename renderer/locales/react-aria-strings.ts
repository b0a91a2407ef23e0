/**
 * What React Aria says to screen readers. It ships no Vietnamese, so English would be heard; this dictionary replaces it for every
 * package whose widgets the kiosk uses. It must be installed before the first widget renders (React Aria caches it once), therefore each
 * text is a function that looks at the language at the moment it is spoken.
 */
import { currentLocale } from './locale.ts'

type Arguments = Readonly<Record<string, string | number | boolean>>
type Spoken = (args: Arguments) => string

const both =
  (vi: string | Spoken, en: string | Spoken): Spoken =>
  (args = {}) => {
    const text = currentLocale() === 'vi' ? vi : en
    return typeof text === 'function' ? text(args) : text
  }

const strings: Record<string, Record<string, Spoken>> = {
  '@react-aria/overlays': { dismiss: both('Đóng', 'Dismiss') },
  '@react-aria/combobox': {
    focusAnnouncement: both(
      (a) =>
        `${a.isGroupChange ? `Vào nhóm ${a.groupTitle}, ${a.groupCount} mục. ` : ''}${a.optionText}${a.isSelected ? ', đang chọn' : ''}`,
      (a) =>
        `${a.isGroupChange ? `Entered group ${a.groupTitle}, with ${a.groupCount} options. ` : ''}${a.optionText}${a.isSelected ? ', selected' : ''}`,
    ),
    countAnnouncement: both(
      (a) => `Có ${a.optionCount} mục để chọn.`,
      (a) => (a.optionCount === 1 ? '1 option available.' : `${a.optionCount} options available.`),
    ),
    selectedAnnouncement: both(
      (a) => `${a.optionText}, đang chọn`,
      (a) => `${a.optionText}, selected`,
    ),
    buttonLabel: both('Hiện danh sách', 'Show suggestions'),
    listboxLabel: both('Danh sách gợi ý', 'Suggestions'),
  },
  '@react-aria/menu': {
    longPressMessage: both(
      'Giữ lâu hoặc bấm Alt và mũi tên xuống để mở danh sách',
      'Long press or press Alt + ArrowDown to open menu',
    ),
  },
  '@react-aria/autocomplete': { collectionLabel: both('Danh sách gợi ý', 'Suggestions') },
  '@react-aria/searchfield': { 'Clear search': both('Xoá chữ đang tìm', 'Clear search') },
  'react-aria-components': {
    selectPlaceholder: both('Chọn một mục', 'Select an item'),
    tableResizer: both('Thanh đổi cỡ', 'Resizer'),
    dropzoneLabel: both('Vùng thả tệp', 'DropZone'),
    colorSwatchPicker: both('Bảng màu', 'Color swatches'),
  },
}

export const installReactAriaStrings = (): void => {
  Object.assign(globalThis, {
    [Symbol.for('react-aria.i18n.locale')]: 'vi',
    [Symbol.for('react-aria.i18n.strings')]: strings,
  })
}
