import { describe, expect, it } from 'vitest'
import { CardFailureType } from './card.ts'
import { cardFailureCatalogue } from './card-failure-catalogue.ts'
import { ScanFailureType } from './scan.ts'

const entries = Object.entries(cardFailureCatalogue)
const vietnamese = ({ title, whatHappened, whatToDo, code }: (typeof entries)[number][1]): string =>
  `${title.vi}. ${whatHappened.vi} ${whatToDo.vi} (${code})`

describe('the catalogue of what can go wrong with a card', () => {
  it('has words for every name a card or a scan can fail by, and for nothing else', () => {
    const names: string[] = [...CardFailureType.options, ...ScanFailureType.options, 'not-genuine', 'two-persons']
    expect(Object.keys(cardFailureCatalogue).toSorted()).toEqual(names.toSorted())
  })

  it('gives each a code of its own', () => {
    const codes = entries.map(([, { code }]) => code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code).toMatch(/^THE-\d\d$/)
  })

  it.each(entries)('%s: the next act as title, whole sentences, none of the words we do not use', (_name, entry) => {
    for (const { vi, en } of [entry.title, entry.whatHappened, entry.whatToDo]) {
      expect(vi).toBe(vi.normalize('NFC').trim())
      expect(`${vi} ${en}`).not.toMatch(/vui lòng|xin lỗi|không hợp lệ|lỗi hệ thống|please|sorry|invalid|\berror\b/i)
    }
    expect(entry.title.vi).not.toMatch(/[.!:]$/)
    for (const { vi, en } of [entry.whatHappened, entry.whatToDo]) {
      expect(vi).toMatch(/\.$/)
      expect(en).toMatch(/\.$/)
    }
  })

  it('says the four examples of the design word for word', () => {
    const said = (name: keyof typeof cardFailureCatalogue) => vietnamese(cardFailureCatalogue[name])
    expect(said('no-reader')).toBe(
      'Cắm đầu đọc thẻ. Máy chưa thấy đầu đọc. Rút ra, cắm sang cổng USB khác. Trong lúc chờ vẫn quét QR hoặc gõ tay được. (THE-01)',
    )
    expect(said('card-removed')).toBe(
      'Đặt lại thẻ và giữ yên. Thẻ rời đầu đọc khi chưa đọc xong. Phần đã nhập tay còn nguyên. (THE-04)',
    )
    expect(said('wrong-number').replace('{number}', '…278')).toBe(
      'So lại 12 số trên thẻ. Chip chưa mở được bằng số đang nhập (…278). Sửa số, hoặc quét QR in trên thẻ này. (THE-06)',
    )
    expect(said('not-genuine')).toBe(
      'Không dùng dữ liệu của chip này. Dữ liệu không khớp chữ ký của nơi cấp. Chưa ô nào bị thay đổi. Đối chiếu thẻ bằng mắt và báo người phụ trách. (THE-09)',
    )
  })
})
