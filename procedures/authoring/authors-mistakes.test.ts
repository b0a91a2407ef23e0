/** What authors get wrong, each told with its place and in words that say what to write: one mistake put into a document that is right. */
import { describe, expect, it } from 'vitest'
import { builtIn } from '../built-in.ts'
import { blocksOf } from '../documents/catalogue-source.ts'
import { parseProcedure } from '../documents/parse-procedure.ts'
import { isJson } from '../documents/short-forms.ts'
import { smallProcedure } from '../documents/small-procedure.fixture.ts'
import { reviewProcedure } from './review-document.ts'

const blocks = blocksOf([builtIn])

/** The document with another value at this place (`steps.1.fields.0.id`); without a value, with nothing there. */
const changed = (node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown => {
  if (key === undefined) return value
  if (Array.isArray(node)) return node.map((each, index) => (index === Number(key) ? changed(each, rest, value) : each))
  return isJson(node) ? { ...node, [key]: changed(node[key], rest, value) } : value
}

const told = (document: unknown): string[] => {
  const parsed = parseProcedure(JSON.parse(JSON.stringify(document)), blocks)
  return parsed.ok ? reviewProcedure(parsed.value).problems : parsed.error.problems
}

const words = (vi: string) => ({ vi, en: vi })
const hasHost = 'steps.1.fields.1'
const last = 'steps.1.fields.3'
const aField = (more: object) => ({ id: 'tried', label: words('Ô thử'), ...more })

const inDocument: [path: string, value: unknown, ...expected: string[]][] = [
  ['code', '9-000001', 'code: mã thủ tục dạng 1.001193'],
  ['effectiveFrom', '01/07/2026', 'effectiveFrom: phải là ngày dạng năm-tháng-ngày'],
  ['effectiveUntil', '2026-01-01', 'effectiveUntil: trước ngày bắt đầu'],
  ['name', 'Tên thủ tục', 'name: phải là một đối tượng'],
  ['name', { en: 'Name' }, 'name › vi: thiếu mục này, phải là một chuỗi chữ'],
  ['agencyLevel', 'huyện', 'agencyLevel: phải là một trong: commune'],
  ['consents', [], 'consents: cần ít nhất 1'],
  [`${hasHost}.id`, 'cóChủNhà', 'cóChủNhà › id: tên phải viết liền'],
  [`${hasHost}.id`, 'purpose', 'tên "purpose" dùng hai lần'],
  [`${hasHost}.id`, 'today', 'tên "today" dành riêng'],
  [`${hasHost}.id`, 'constructor', 'tên "constructor" dành riêng'],
  ['persons.1.id', 'toString', 'tên "toString" dành riêng'],
  ['steps.1.fields.0.fields.1.id', 'valueOf', 'tên "valueOf" dành riêng'],
  [`${hasHost}.label`, 'Có chủ nhà', 'label: phải là một đối tượng', 'viết {"vi": "Có chủ nhà", "en": "…"}'],
  [`${hasHost}.proposed`, 'Có', 'proposed: phải là true', 'chữ cố định thì dùng "initial"'],
  [last, aField({ type: 'text', proposed: { cat: [{ var: 'tried' }, '!'] } }), 'tried.proposed: đề xuất vòng tròn'],
  [`${hasHost}.type`, 'chioce', 'hasHost › type: phải là một trong: text', 'có phải "choice"?'],
  [`${hasHost}.visibleIf`, true, 'hasHost: không có mục "visibleIf"', 'có phải "visibleWhen"?'],
  [`${hasHost}.visibleWhen`, "purpose == 'Công tác'", 'visibleWhen: phải là true hoặc false', 'một đối tượng'],
  [`${hasHost}.visibleWhen`, { given: 'hostName' }, 'hasHost.visibleWhen: "hostName" chưa được hỏi trước ô này'],
  [`${hasHost}.initial`, 'Khong', 'hasHost.initial: "Khong" không phải lựa chọn'],
  ['steps.1.fields.0.min', 9, 'members: min lớn hơn max'],
  ['steps.1.fields.0.fields.1', aField({ type: 'rows' }), 'tried › type: phải là một trong: text'],
  ['steps.0.fields.2.options', ['Một', 'Hai'], '#1 (và 1 chỗ nữa', 'options › #2): phải là một đối tượng', 'viết {"value"'],
  ['steps.0.fields.2.options.0', { value: 'a; b' }, 'options › #1 › value: không được có dấu chấm phẩy'],
  ['steps.0.fields.2.options.0', { value: 'a', label: words('A'), en: 'A' }, 'tiếng Anh nằm trong label'],
  ['steps.0.fields.0.block', 'name-brith', 'block "name-brith": không có khối này', 'có phải "name-birth"?'],
  ['steps.0.fields.0.fields', { name: {} }, 'tên ô trong khối bắt đầu bằng chữ hoa, ví dụ BirthDate'],
  ['steps.0.fields.1.without', ['PaperIssued'], 'khối không có ô "PaperIssued"'],
  ['steps.0.fields.3.fact', { person: 'gest', value: 'birthDate' }, 'arrival.fact: không có người "gest"', 'có phải "guest"?'],
  ['steps.0.person', 'gest', 'step guest: không có người "gest"'],
  [last, aField({ type: 'listed', list: 'ethnic-group' }), 'tried: không có danh mục "ethnic-group"', '"ethnic-groups"'],
  [last, aField({ type: 'number', min: 1, max: 5, initial: '9' }), 'tried.initial: "9": Ô thử phải là số từ 1 đến 5'],
  [last, aField({ type: 'date-in-words', of: 'guestName' }), 'tried.of: "guestName" không phải ô ngày'],
  ['caseQuestion', 'purpos', 'caseQuestion: "purpos" không phải ô chọn', 'có phải "purpose"?'],
  ['papers.0.cases', ['khác'], '"khác" không phải trường hợp của "purpose" / is no case: Thăm thân, Công tác'],
  ['caseQuestion', undefined, 'paper letter.cases: văn bản chưa có "caseQuestion"'],
  ['papers.0.cases', ['Cong tac'], 'paper letter.cases: "Cong tac" không phải trường hợp', 'có phải "Công tác"?'],
  ['fee.items.0.amounts.0.amount', '9.000', 'amounts › #1 › amount: phải là một số'],
  ['fee.items.0.amounts.0.provinces', ['Điện Biên'], 'mã tỉnh gồm 2 số'],
  ['fee.items.0.amounts.0.provinces', ['99'], 'fee notice: không có tỉnh mã "99"'],
  ['fee.items.0.amounts.0.from', '2027-01-01', 'fee notice, amount #1: until trước from'],
  ['fee.items.1.times', 'guestName', 'fee each.times: "guestName" là ô name, phải là'],
  ['deadlines.0.from', 'guestBirthDate', 'deadline tonight.from: "guestBirthDate" là ô date, phải là / must be date-time'],
  ['deadlines.0.within.hour', '25:00', 'hour: giờ dạng 15:00'],
  ['declaration.layout', 'CT01', 'layout phải là "list"'],
  ['declaration.title', words('Tờ khai'), 'tiêu đề phải bắt đầu bằng "Bản kê khai"'],
  ['declaration.lines.0.text', 'A {guestNme}', 'declaration, "A {guestNme}": không có ô "guestNme"', 'có phải "guestName"?'],
  ['declaration.lines.0.text', 'A {guestName', 'không đọc được chỗ "{guestName"'],
  [
    'declaration.lines.1.columns.0',
    { tilte: 'Họ tên', text: '{row.name}' },
    'columns › #1 › title: thiếu mục này',
    'có phải "title"?',
  ],
  ['declaration.signatures.0.drawn', 'guestName', 'signature guest.drawn: "guestName" là ô name'],
]

const aRule = (more: object) => ({ id: 'tried', severity: 'error', fields: ['hasHost'], message: words('Sai'), ...more })
const born = { var: 'guestBirthDate' }

const inRule: [brokenWhen: unknown, ...expected: string[]][] = [
  [{ equals: ['hasHost', 'Có'] }, 'rule tried: không có phép "equals"'],
  [{ rowWhere: ['members', true] }, 'không có phép "rowWhere"', 'có phải "rowsWhere"?'],
  [{ is: ['hasHost', 'Có'], given: 'guestName' }, 'đúng một phép, ở đây có 2'],
  [{ is: ['hasHots', 'Có'] }, 'rule tried: không có ô "hasHots"', 'có phải "hasHost"?'],
  [{ is: ['hasHost', 'Yes'] }, '"Yes" không phải lựa chọn của "hasHost"'],
  [{ '==': ['hasHost', 'Có'] }, '"hasHost" ở đây chỉ là chữ; ô thì viết {"var": "hasHost"}'],
  [{ '==': [{ var: 'hasHost' }] }, '"==" cần 2 phần (giá trị, giá trị), ở đây có 1'],
  [{ '==': [{ var: 'hasHost' }, null] }, 'null không phải là giá trị'],
  [{ '<': [born, { var: 'today' }] }, '"<" cần số / a number, mà "guestBirthDate" là ngày', 'dùng dateBefore'],
  [{ dateBefore: [born, '2000-01-01'] }, '"dateBefore" cần ngày / a date, mà "2000-01-01" là chữ', 'ngày viết dd/MM/yyyy'],
  [{ '==': [born, '2000-01-01'] }, '"==" cần ngày / a date, mà "2000-01-01" là chữ'],
  [{ is: ['relation', 'Con'] }, 'không có ô "relation"', 'nằm trong nhóm dòng "members"'],
  [{ youngerThan: [born, 18] }, '"youngerThan" cần 3 phần (ngày, ngày, số), ở đây có 2'],
  [{ youngerThan: ['guestBirthDate', { var: 'today' }, 18] }, 'ô thì viết {"var": "guestBirthDate"}'],
  [{ '>': [{ var: 'guestName' }, 18] }, '">" cần số / a number, mà "guestName" là chữ'],
  [{ '>': [{ rowsWhere: ['members', { given: 'row.nme' }] }, 1] }, 'nhóm "members" không có ô "row.nme"'],
  [{ '>': [{ rowsSum: ['members', 'row.relation'] }, 1] }, '"rowsSum" cần số / a number, mà "row.relation" là chữ'],
  [{ given: 'row.name' }, '"row.name" chỉ có trong một nhóm dòng; quy tắc cần "each"'],
  [{ and: [{ is: ['hasHost', 'Không'] }, { given: 'hostName' }] }, 'rule tried: điều kiện không bao giờ đúng'],
]

const ofRule: [more: object, expected: string][] = [
  [{ severity: 'warn' }, 'rules › tried › severity: phải là một trong: error, warning'],
  [{ each: 'membres' }, '"membres" không phải nhóm dòng'],
  [{ fields: ['guestName', 'hasHost'] }, 'ô đầu trong fields phải ở bước sau cùng mà quy tắc xem tới ("company")'],
  [{ message: words('Có {so} người') }, 'message có {so} mà values không có'],
]

describe('a mistake in a document', () => {
  it('is not seen where there is none', () => {
    expect(told(smallProcedure())).toEqual([])
    expect(
      told({
        ...smallProcedure(),
        rules: [aRule({ brokenWhen: { '>': [{ rowsWhere: ['members', { given: 'row.name' }] }, 2] } })],
      }),
    ).toEqual([])
  })

  it('is told of what is no document at all', () => {
    expect(told(null)).toEqual(['tài liệu / document: phải là một đối tượng { … } / an object'])
    expect(told({ code: '9.000001' })).toContainEqual(expect.stringContaining('steps: thiếu mục này'))
  })

  it('is told once, wherever it shows', () => {
    const nobody = { ...smallProcedure(), persons: smallProcedure().persons.slice(0, 1), samePersons: [] }
    expect(told(nobody)).toEqual([
      'hostName.fact (và 1 chỗ nữa / and 1 more: hostBirthDate.fact): không có người "host" trong persons / unknown person "host"',
    ])
    const again = changed(smallProcedure(), last.split('.'), { block: 'name-birth', as: 'guest' })
    expect(told(again)).toEqual(['tên "guestName", "guestBirthDate" dùng hai lần (bước guest, company) / is used twice'])
    const dead = { and: [{ is: ['purpose', 'Công tác'] }, { is: ['purpose', 'Thăm thân'] }] }
    const unseen = changed(smallProcedure(), `${hasHost}.visibleWhen`.split('.'), dead)
    expect(told(unseen)[0]).toBe('hasHost.visibleWhen: điều kiện không bao giờ đúng / can never hold')
    expect(told({ ...smallProcedure(), rules: [aRule({ brokenWhen: { '<': [born, born] } })] })).toHaveLength(1)
  })

  const has = (document: unknown, expected: readonly string[]): void => {
    const all = told(document).join('\n')
    for (const each of expected) expect(all).toContain(each)
  }

  it.each(inDocument)('at %s, %j, is told', (path, value, ...expected) => {
    has(changed(smallProcedure(), path.split('.'), value), expected)
  })

  it.each(inRule)('in the condition %j is told', (brokenWhen, ...expected) => {
    has({ ...smallProcedure(), rules: [aRule({ brokenWhen })] }, expected)
  })

  it.each(ofRule)('in a rule with %j is told', (more, expected) => {
    has({ ...smallProcedure(), rules: [aRule({ brokenWhen: { is: ['hasHost', 'Có'] }, ...more })] }, [expected])
  })
})
