/** A form of 200 fields in one step, in the mixture real forms have, with conditions and rules that look at them. Nobody's. */
const choices = [
  { value: 'Có', label: { vi: 'Có', en: 'Yes' } },
  { value: 'Không', label: { vi: 'Không', en: 'No' } },
]

const kinds: readonly Record<string, unknown>[] = [
  { type: 'text' },
  { type: 'name' },
  { type: 'date' },
  { type: 'digits', lengths: [9, 12] },
  { type: 'personal-number' },
  { type: 'phone' },
  { type: 'listed', list: 'ethnic-groups' },
  { type: 'choice', options: choices },
  { type: 'text' },
  { type: 'number', min: 0, max: 999 },
]

export const fieldCount = 200

export const fieldId = (index: number): string => `field${index}`

const label = (index: number) => ({ vi: `Ô thử số ${index}`, en: `Trial field ${index}` })

const field = (index: number) => ({
  id: fieldId(index),
  label: label(index),
  ...kinds[index % kinds.length],
  width: index % 2 === 0 ? 'half' : 'full',
  required: index % 3 === 0 ? true : index % 7 === 0 ? { '!!': { var: fieldId(index - 1) } } : false,
  // Open from the start: all fields are on the page, and each condition is asked at every keystroke.
  visibleWhen: index % 5 === 0 && index > 0 ? { '!=': [{ var: fieldId(index - 1) }, '999'] } : true,
})

const rule = (index: number) => ({
  id: `rule${index}`,
  severity: index % 2 === 0 ? 'error' : 'warning',
  fields: [fieldId(index), fieldId(index - 1)],
  brokenWhen: { and: [{ '!!': { var: fieldId(index) } }, { '==': [{ var: fieldId(index) }, { var: fieldId(index - 1) }] }] },
  message: { vi: `Ô ${index} trùng với ô trước.`, en: `Field ${index} equals the one before.` },
})

export const largeProcedure = (): Record<string, unknown> => ({
  kind: 'partial',
  code: '9.000200',
  version: '2026-07-01',
  effectiveFrom: '2026-07-01',
  name: { vi: 'Tờ khai dài thử nghiệm', en: 'Long trial form' },
  agency: { vi: 'UBND cấp xã', en: 'Commune' },
  agencyLevel: 'commune',
  timeLimit: { text: { vi: 'Không có', en: 'None' } },
  fee: { text: { vi: 'Không có', en: 'None' } },
  legalBasis: ['Không có: thủ tục thử nghiệm'],
  sources: [{ fact: 'Toàn bộ', source: 'Thủ tục thử nghiệm', checkedOn: '2026-11-20', status: 'KXM' }],
  guidance: [{ vi: 'Chỉ để đo.', en: 'For measuring only.' }],
  persons: [{ id: 'citizen', label: { vi: 'Người khai', en: 'Citizen' } }],
  steps: [
    {
      id: 'all',
      title: { vi: 'Mọi ô', en: 'All fields' },
      fields: Array.from({ length: fieldCount }, (_, index) => field(index)),
    },
  ],
  rules: Array.from({ length: 20 }, (_, index) => rule(index * 10 + 9)),
  consents: [{ id: 'submit', purpose: { vi: 'Gửi hồ sơ', en: 'Send' }, required: true }],
  declaration: {
    title: { vi: 'Bản kê khai thử', en: 'Trial list' },
    form: 'Thủ tục thử nghiệm',
    layout: 'list',
    status: 'KXM',
    oath: { vi: 'Tôi cam đoan.', en: 'I declare.' },
    lines: [{ text: `{${fieldId(0)}}` }],
  },
})
