import { describe, expect, test } from 'vitest'
import { catalogue } from '../catalogue.ts'
import { recordsCalled } from './records.ts'

const records = [...catalogue.offeredOn('2026-11-23'), ...catalogue.guidance]
const keyOf = (record: (typeof records)[number]): string => ('id' in record ? record.id : record.code)
const found = (query: string): string[] => {
  const { byName, bySaying } = recordsCalled(records, query)
  return [...byName, ...bySaying].map(keyOf)
}
const withoutMarks = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gu, 'd').replace(/Đ/gu, 'D')

/** What people ask for, and what they mean; the 25 services of Quyết định 06/QĐ-TTg first, in its order. */
const asked: readonly [string, string][] = [
  ['xác nhận số chứng minh cũ', 'xac-nhan-so-cmnd'],
  ['mất căn cước', '2.001194'],
  ['làm lại cccd', '2.001194'],
  ['đổi căn cước công dân hết hạn', '2.001195'],
  ['nhập hộ khẩu', '1.004222'],
  ['chuyển khẩu', '1.004222'],
  ['đăng ký tạm trú cho người thuê trọ', '1.004194'],
  ['khai tạm vắng', '1.003677'],
  ['đi làm xa', '1.003677'],
  ['khai báo lưu trú', '2.001159'],
  ['làm biển số xe máy', 'dang-ky-xe'],
  ['nộp phạt nguội', 'phat-nguoi'],
  ['hộ chiếu', '1.001456'],
  ['làm hộ chiếu', '1.001471'],
  ['làm con dấu', 'mau-con-dau-moi'],
  ['dấu nổi', 'dau-thu-nho-noi-xi'],
  ['đổi bằng lái xe', '3.000347'],
  ['mất bằng lái', '3.000348'],
  ['lí lịch tư pháp', '3.000333'],
  ['xin giấy không tiền án', '3.000333'],
  ['làm giấy khai sinh', '1.001193'],
  ['khai sinh cho con', '1.001193'],
  ['làm giấy chứng tử', '1.000656'],
  ['báo tử', '1.000656'],
  ['đăng ký kết hôn', '1.000894'],
  ['đăng kí kết hôn', '1.000894'],
  ['khai sinh nhập khẩu bhyt', '3.000722'],
  ['mai táng phí', '2.002913'],
  ['sang tên sổ đỏ', 'bien-dong-dat-dai'],
  ['giảm tiền bảo hiểm y tế', 'giam-tru-bhyt-ho-gia-dinh'],
  ['mã số thuế', 'dang-ky-thue'],
  ['xin mắc điện', '3.000001'],
  ['sang tên đồng hồ điện', 'doi-chu-the-mua-ban-dien'],
  ['thi đại học', 'thi-tot-nghiep-thpt'],
  ['bảo hiểm thất nghiệp', 'tro-cap-that-nghiep'],
  ['cắt khẩu', '1.003197'],
  ['tách khẩu', '1.010038'],
  ['thẻ bhyt mất', '1.002759'],
  ['mất thẻ bảo hiểm y tế', '1.002759'],
  ['mua thẻ bhyt', '1.001939'],
  ['bảo hiểm xã hội tự nguyện', '1.002179'],
  ['giấy xác nhận độc thân', '1.004873'],
  ['xin trích lục khai sinh', '2.000635'],
  ['sửa tên trong giấy khai sinh', '1.004859'],
  ['làm lại giấy khai sinh', '1.004884'],
  ['giấy xác nhận cư trú', '1.010041'],
  ['đổi chủ hộ', '1.010039'],
  ['làm cccd cho con', '1.014062'],
  ['vneid', '3.000228'],
  ['công chứng', '2.000815'],
  ['sổ hộ nghèo', '1.011607'],
  ['trợ cấp người cao tuổi', '1.014027'],
  ['giấy khuyết tật', '1.001699'],
  ['mở quán', '1.001612'],
]

describe('what people call a procedure', () => {
  test.each(asked)('"%s" finds %s, with and without marks', (words, record) => {
    expect(found(words)).toContain(record)
    expect(found(withoutMarks(words))).toContain(record)
    expect(found(words).length).toBeLessThanOrEqual(8)
  })

  test('every record is found by its own name and each of its other names, and nothing asked leaves all', () => {
    for (const record of records)
      for (const words of [record.name.vi, ...record.alsoCalled]) expect(found(withoutMarks(words))).toContain(keyOf(record))
    expect(found(' ')).toEqual(records.map(keyOf))
  })

  test('every record has a name beside its official one', () => {
    expect(records.filter(({ alsoCalled }) => alsoCalled.length === 0)).toEqual([])
  })

  test('an official name comes before what is only called so', () => {
    expect(recordsCalled(records, 'ket hon').byName.map(keyOf)[0]).toBe('1.000894')
    expect(recordsCalled(records, '1.0041').byName.map(keyOf)).toEqual(['1.004194'])
  })

  test('marks that differ are another word, and nothing is found by words that only go around a name', () => {
    expect(found('kết hộn')).toEqual([])
    expect(found('xin làm máy bay')).toEqual([])
  })
})
