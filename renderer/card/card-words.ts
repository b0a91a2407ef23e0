import { t } from '@lingui/core/macro'
import type { CardFailure, CardProgress } from '../../contracts/card.ts'
import { type CardTroubleType, cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import type { CardFinding, CardVerdict } from '../../contracts/card-proof.ts'
import type { NumberDoubt, NumberProblem } from '../../procedures/identity/identity-number.ts'
import { say } from '../locales/locale.ts'
import type { MachineMessage } from '../ui/message.tsx'
import type { ComparedField } from './compare-sources.ts'

/** `number` is the personal number in use; only its end is ever shown. */
export const troubleMessage = (type: CardTroubleType, number?: string): MachineMessage => {
  const { title, whatHappened, whatToDo, code } = cardFailureCatalogue[type]
  const shown = number === undefined ? '' : ` (…${number.slice(-3)})`
  return { title: say(title), body: `${say(whatHappened).replace(' ({number})', shown)} ${say(whatToDo)}`, code }
}

export const cardMessage = (failure: CardFailure, number?: string): MachineMessage => troubleMessage(failure.type, number)

/** Primary and secondary identifier, as one reads them. */
export const nameOfMrz = (name: string): string | undefined => {
  const words = name.replaceAll(/<+/g, ' ').trim()
  return words === '' ? undefined : words
}

export const progressWords = (progress: CardProgress): string => {
  switch (progress.step) {
    case 'waiting-for-card':
      return t`Mời đặt thẻ lên đầu đọc`
    case 'connecting':
      return t`Đã thấy thẻ, giữ yên`
    case 'opening-chip':
      return t`Đang mở chip, giữ yên thẻ`
    case 'pausing':
      return t`Đợi chip một lát rồi thử tiếp, giữ yên thẻ`
    case 'reading-text':
      return t`Đang đọc phần chữ, giữ yên thẻ`
    case 'checking-chip':
      return t`Đang kiểm tra chip thật, giữ yên thẻ`
    case 'reading-proof':
      return t`Đang đọc chữ ký của nơi cấp, giữ yên thẻ`
    case 'reading-photo':
      return t`Đang đọc ảnh, giữ yên thẻ`
    case 'checking-data':
      return t`Đang đối chiếu chữ ký, có thể nhấc thẻ`
    case 'done':
      return t`Đã đọc xong, có thể nhấc thẻ`
  }
}

/** The stage a reading is in: reader, card, reading. */
export const stageOf = (progress: CardProgress | null): 2 | 3 =>
  progress === null || progress.step === 'waiting-for-card' ? 2 : 3

/** The verdict in the design's four sentences, and how it is marked. */
export const verdictWords = (verdict: CardVerdict): { words: string; sign: '✓' | '◑' | '?' | '✕' } => {
  switch (verdict.type) {
    case 'genuine':
      return { words: t`Chip thật, nơi cấp đã xác minh`, sign: '✓' }
    case 'genuine-ca-unknown':
      return { words: t`Chữ ký khớp, chưa xác minh được nơi cấp`, sign: '◑' }
    case 'not-checked':
      return { words: t`Chip không có dữ liệu để kiểm tra`, sign: '?' }
    case 'not-genuine':
      return { words: t`Dữ liệu không khớp chữ ký, không dùng`, sign: '✕' }
  }
}

/** Data can be genuine on a copied chip. Null where there is nothing to add to the verdict. */
export const copyWords = (verdict: CardVerdict): string | null => {
  if (verdict.type === 'not-genuine' || verdict.type === 'not-checked') return null
  // Whoever made up a card has its key too.
  if (verdict.type === 'genuine-ca-unknown' && verdict.chip === 'proven') return null
  switch (verdict.chip) {
    case 'proven':
      return t`Chip gốc, không phải bản sao.`
    case 'not-offered':
      return t`Chip này không cho kiểm tra bản sao.`
    case 'not-proven':
      return t`Chưa kiểm tra được chip có phải bản sao không.`
  }
}

export const comparedFieldWords = (field: ComparedField): string => {
  switch (field) {
    case 'personalNumber':
      return t`Số định danh`
    case 'fullName':
      return t`Họ tên`
    case 'birthDate':
      return t`Ngày sinh`
    case 'sex':
      return t`Giới tính`
    case 'residence':
      return t`Nơi thường trú`
    case 'issueDate':
      return t`Ngày cấp`
    case 'oldIdentityNumber':
      return t`Số CMND cũ`
  }
}

type FoundField = Extract<CardFinding, { type: 'sources-differ' }>['field']

/** The fields in which two sources were found to differ, as one list. */
export const foundFieldWords = (fields: readonly FoundField[]): string => {
  const words: Readonly<Record<FoundField, string>> = {
    'personal-number': t`Số định danh`,
    'document-number': t`Số thẻ`,
    name: t`Họ tên`,
    'birth-date': t`Ngày sinh`,
    sex: t`Giới tính`,
    'expiry-date': t`Ngày hết hạn`,
    'issue-date': t`Ngày cấp`,
  }
  return [...new Set(fields)].map((field) => words[field]).join(', ')
}

export const numberProblemWords = (problem: NumberProblem | { type: 'old-number' }): string => {
  switch (problem.type) {
    case 'number-empty':
      return t`Gõ 6 số cuối hoặc cả 12 số in trên thẻ, hoặc quét QR.`
    case 'not-digits':
      return t`Số định danh chỉ gồm 12 số, không có chữ.`
    case 'digit-count':
      return t`Gõ 6 số cuối hoặc cả 12 số, đang có ${problem.count} số.`
    case 'old-number':
      return t`Đây là số CMND cũ 9 số. Gõ 12 số in trên thẻ, hoặc quét QR.`
  }
}

export const doubtWords = (doubt: NumberDoubt): string => {
  switch (doubt.type) {
    case 'unknown-place':
      return t`Ba số đầu ${doubt.code} không phải mã tỉnh nào. So lại 12 số với thẻ.`
    case 'birth-year-differs':
      return t`Theo số định danh, người này sinh năm ${doubt.ofNumber}; mã QR ghi ${doubt.stated}. Xem lại thẻ.`
    case 'sex-differs':
      return t`Theo số định danh, người này là ${doubt.ofNumber}; mã QR ghi ${doubt.stated}. Xem lại thẻ.`
    case 'not-yet-born':
      return t`Theo số định danh, người này sinh năm ${doubt.ofNumber}. So lại 12 số với thẻ.`
  }
}
