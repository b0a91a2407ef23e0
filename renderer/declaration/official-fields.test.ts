/**
 * The twelve forms beside what is printed of them: every official field, by its number and label, in the form's own order. The lists were
 * written from the forms themselves (and, where only that could be read, from guides that copy them), not from the documents.
 */
import { expect, it } from 'vitest'
import type { Answers } from '../../contracts/dossier.ts'
import { catalogue } from '../../procedures/catalogue.ts'
import { specimens } from '../../procedures/specimens.ts'
import { typedAnswers } from '../../procedures/typed-answers.ts'
import { declarationOf, type Piece } from './declaration.ts'

/** `[label]` is printed only in some cases; in one of the specimens it must be. */
type Official = readonly string[]

const paper = 'Giấy tờ tùy thân'
const traits = ['Giới tính', 'Dân tộc', 'Quốc tịch']
const requester = ['Kính gửi', 'Họ, chữ đệm, tên người yêu cầu', 'Ngày, tháng, năm sinh', 'Nơi cư trú', paper]
const person = ['Họ, chữ đệm, tên', 'Ngày, tháng, năm sinh', ...traits, 'Nơi cư trú']
const signed = ['Tôi cam đoan', 'Người yêu cầu', 'Ký, ghi rõ họ, chữ đệm, tên']
const birthOrPaper = 'Giấy khai sinh/giấy tờ tùy thân'

const residence: Official = [
  'Kính gửi',
  '1. Họ, chữ đệm và tên',
  '2. Ngày, tháng, năm sinh',
  '3. Giới tính',
  '4. Số định danh cá nhân',
  '5. Số điện thoại liên hệ',
  '6. Email',
  '7. Họ, chữ đệm và tên chủ hộ',
  '8. Mối quan hệ với chủ hộ',
  '9. Số định danh cá nhân của chủ hộ',
  '10. Nội dung đề nghị',
  '11. Những thành viên trong hộ gia đình cùng thay đổi',
  'TT',
  'Họ, chữ đệm và tên',
  'Ngày, tháng, năm sinh',
  'Giới tính',
  'Số định danh cá nhân',
  'Mối quan hệ với chủ hộ',
  'Ý KIẾN CỦA CHỦ HỘ',
  'Ý KIẾN CỦA CHỦ SỞ HỮU CHỖ Ở HỢP PHÁP',
  'Ý KIẾN CỦA CHA HOẶC MẸ HOẶC NGƯỜI GIÁM HỘ',
  'NGƯỜI KÊ KHAI',
]

const officialFields: Record<string, Official> = {
  // Khai sinh, TT 04/2024
  '1.001193': [
    ...requester,
    'Quan hệ với người được khai sinh',
    'Đề nghị cơ quan đăng ký khai sinh cho người dưới đây',
    'Họ, chữ đệm, tên',
    'Ngày, tháng, năm sinh',
    'ghi bằng chữ',
    ...traits,
    'Nơi sinh',
    'Quê quán',
    'Họ, chữ đệm, tên người mẹ',
    'Ngày, tháng, năm sinh',
    'Dân tộc',
    'Quốc tịch',
    'Nơi cư trú',
    paper,
    'Họ, chữ đệm, tên người cha',
    'Ngày, tháng, năm sinh',
    'Dân tộc',
    'Quốc tịch',
    'Nơi cư trú',
    paper,
    'Đề nghị cấp bản sao',
    'được sự thỏa thuận nhất trí của các bên liên quan',
    'Người yêu cầu',
    'Ký, ghi rõ họ, chữ đệm, tên',
  ],
  // Khai tử, TT 04/2024
  '1.000656': [
    ...requester,
    'Quan hệ với người đã chết',
    'Đề nghị cơ quan đăng ký khai tử cho người có tên dưới đây',
    'Họ, chữ đệm, tên',
    'Ngày, tháng, năm sinh',
    ...traits,
    'Nơi cư trú cuối cùng',
    paper,
    'Đã chết vào lúc',
    'giờ',
    'phút, ngày',
    'tháng',
    'năm',
    'Nơi chết',
    'Nguyên nhân chết',
    '[Số Giấy báo tử]',
    '[Giấy tờ thay thế Giấy báo tử]',
    'do',
    'cấp ngày',
    'Đề nghị cấp bản sao',
    'số lượng',
    'chịu trách nhiệm trước pháp luật về cam đoan của mình',
    ...signed.slice(1),
  ],
  // Kết hôn, TT 04/2020: the bride first
  '1.000894': [
    'Kính gửi',
    'Thông tin',
    'Bên nữ',
    'Bên nam',
    'Họ, chữ đệm, tên',
    'Ngày, tháng, năm sinh',
    'Dân tộc',
    'Quốc tịch',
    'Nơi cư trú',
    paper,
    'Kết hôn lần thứ mấy',
    'Đề nghị cấp bản sao',
    'số lượng',
    'việc kết hôn của chúng tôi là tự nguyện, không vi phạm',
    'Đề nghị Quý cơ quan đăng ký.',
    'Bên nữ',
    'Bên nam',
  ],
  '1.004873': [
    ...requester,
    'Quan hệ với người được cấp Giấy xác nhận tình trạng hôn nhân',
    'Đề nghị cấp Giấy xác nhận tình trạng hôn nhân cho người có tên dưới đây',
    ...person,
    paper,
    'Tình trạng hôn nhân',
    'Mục đích sử dụng Giấy xác nhận tình trạng hôn nhân',
    ...signed,
  ],
  '2.000635': [
    ...requester.filter((label) => label !== 'Ngày, tháng, năm sinh'),
    'Quan hệ với người được cấp bản sao',
    'Đề nghị cấp bản sao trích lục',
    'cho người có tên dưới đây',
    ...person,
    paper,
    'Đã đăng ký tại',
    'ngày',
    'số',
    'Quyển số',
    'Số lượng bản sao đề nghị cấp',
    ...signed,
  ],
  '1.004837': [
    ...requester,
    'Người giám hộ',
    ...person,
    paper,
    'Người được giám hộ',
    ...person,
    birthOrPaper,
    'Lý do đăng ký giám hộ',
    ...signed,
  ],
  '1.001022': [
    ...requester,
    'Quan hệ với người nhận cha/mẹ/con',
    'Đề nghị cơ quan công nhận người có tên dưới đây',
    ...person,
    birthOrPaper,
    'Là',
    'của người có tên dưới đây',
    ...person,
    birthOrPaper,
    'là đúng sự thật, tự nguyện, không có tranh chấp',
    ...signed.slice(1),
  ],
  // CT01, TT 116/2026
  '1.004222': residence,
  '1.004194': residence,
  // No paper form: the fields of the police's portal
  '2.001159': [
    'Địa chỉ lưu trú',
    '[Cơ sở lưu trú]',
    'Thời gian lưu trú: đến',
    'đi',
    'Lý do lưu trú',
    'Họ và tên',
    'Ngày sinh',
    'Giới tính',
    'Giấy tờ',
    'Điện thoại',
    'nghề nghiệp',
    'nơi làm việc',
    'Dân tộc',
    'quốc tịch',
    'Địa chỉ',
    'loại cư trú',
    'Phòng',
  ],
  // CT03
  '1.003677': [
    '1. Họ, chữ đệm và tên',
    '2. Ngày, tháng, năm sinh',
    '3. Giới tính',
    '4. Số định danh cá nhân/CMND',
    '5. Nơi thường trú',
    '6. Nơi tạm trú',
    '7. Nơi ở hiện tại',
    '8. Tạm vắng từ ngày',
    'đến ngày',
    '9. Lý do tạm vắng',
    '10. Địa chỉ nơi đến',
    'NGƯỜI KHAI BÁO',
    'NGƯỜI TIẾP NHẬN KHAI BÁO',
    'XÁC NHẬN CỦA CƠ QUAN ĐĂNG KÝ CƯ TRÚ',
  ],
  // TK1-TS, QĐ 490/QĐ-BHXH
  '1.002179': [
    'Kính gửi',
    '[[01]. Họ và tên]',
    '[[02]. Giới tính]',
    '[[03]. Ngày, tháng, năm sinh]',
    '[[04]. Quốc tịch]',
    '[[05]. Dân tộc]',
    '[[06]. Số CCCD/ĐDCN/Hộ chiếu]',
    '[[07]. Điện thoại]',
    '[[08]. Email]',
    '[[09]. Nơi đăng ký khai sinh]',
    '[[10]. Họ tên cha/mẹ/giám hộ (trẻ em dưới 6 tuổi)]',
    '[[11]. Đăng ký nhận kết quả giải quyết thủ tục hành chính]',
    '[[12]. Kê khai Phụ lục thành viên hộ gia đình]',
    '[[13]. Mã số BHXH]',
    '[[14]. Điều chỉnh thông tin nhân thân]',
    '[[14.1]. Họ và tên]',
    '[[14.2]. Giới tính]',
    '[[14.3]. Ngày, tháng, năm sinh]',
    '[[14.4]. Nơi đăng ký khai sinh]',
    '[[14.5]. Số CCCD/ĐDCN/Hộ chiếu]',
    '[15]. Mức tiền đóng',
    '[16]. Phương thức đóng',
    '[17]. Nơi đăng ký khám bệnh, chữa bệnh ban đầu',
    '[18]. Nội dung thay đổi, yêu cầu khác',
    '[19]. Hồ sơ kèm theo (nếu có)',
    '[Họ và tên chủ hộ]',
    '[Mã số hộ gia đình]',
    '[Điện thoại]',
    '[Địa chỉ thường trú (tạm trú)]',
    '[TT]',
    '[Họ và tên]',
    '[Mã số BHXH]',
    '[Ngày sinh]',
    '[Giới tính]',
    '[Quốc tịch]',
    '[Dân tộc]',
    '[Nơi đăng ký khai sinh]',
    '[Quan hệ với chủ hộ]',
    '[Số CCCD/ĐDCN]',
    '[Ghi chú]',
    'XÁC NHẬN CỦA ĐƠN VỊ',
    'NGƯỜI KÊ KHAI',
  ],
}

const said = (piece: Piece): string =>
  piece.type === 'words' || piece.type === 'value' ? piece.text : piece.type === 'boxes' ? piece.digits : '…'

/** Everything on the paper, in its order. */
const printedText = (code: string, answers: Answers, today: string): string => {
  const procedure = catalogue.inForce(code, today) ?? expect.fail(`${code} is in force`)
  const { blocks, oath, signatures } = declarationOf(procedure, answers, { today }, 'counter')
  const body = blocks.map((block) =>
    block.type === 'line'
      ? block.pieces.map(said).join('')
      : block.type === 'heading'
        ? block.text
        : block.type === 'grid'
          ? block.rows.flat().join('\n')
          : [...block.columns.map(({ title }) => title), ...block.rows.flat()].join('\n'),
  )
  return [...body, oath, ...signatures.flatMap(({ title, note }) => [title, note])].join('\n')
}

it.each(Object.entries(officialFields))('%s prints every field of its form, in the order of the form', (code, official) => {
  const own = Object.values(specimens).filter(({ procedureCode }) => procedureCode === code)
  expect(own.length).toBeGreaterThan(0)
  const papers = [...own, { answers: {}, today: own[0]?.today ?? '' }].map(({ answers, today }) =>
    printedText(code, typedAnswers(answers), today),
  )
  const seen = new Set<number>()
  for (const text of papers) {
    let from = 0
    for (const [index, written] of official.entries()) {
      const sometimes = /^\[\[|^\[[^0-9]/.test(written)
      const label = sometimes ? written.slice(1, -1) : written
      const at = text.indexOf(label, from)
      if (at < 0 && !sometimes) expect.fail(`${code}: "${label}" is not there after:\n${text.slice(0, from)}`)
      if (at < 0) continue
      seen.add(index)
      from = at + label.length
    }
  }
  expect(official.filter((_, index) => !seen.has(index))).toEqual([])
})

it('an oath stands on no form that has none of its own', () => {
  const withOath = Object.keys(officialFields).filter(
    (code) => catalogue.inForce(code, '2026-11-23')?.declaration.oath !== undefined,
  )
  expect(
    Object.keys(officialFields)
      .filter((code) => !withOath.includes(code))
      .toSorted(),
  ).toEqual(['1.003677', '1.004194', '1.004222'])
})
