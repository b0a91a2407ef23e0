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
