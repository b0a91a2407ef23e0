/** A small procedure with what forms need beside plain fields: blocks, rows, a case question, fees, deadlines. Nobody's real form. */
export const smallProcedure = () => ({
  kind: 'partial',
  code: '9.000001',
  version: '2026-07-01',
  effectiveFrom: '2026-07-01',
  effectiveUntil: '2026-12-31',
  graceDays: 10,
  name: { vi: 'Thông báo khách thử nghiệm', en: 'Trial notice of guests' },
  agency: { vi: 'Công an cấp xã', en: 'Commune police' },
  agencyLevel: 'commune',
  timeLimit: {
    text: { vi: '3 ngày làm việc', en: '3 working days' },
    limits: [
      { amount: 1, unit: 'hour', channels: ['online'] },
      { amount: 3, unit: 'working-day' },
    ],
    receivedUntil: '15:00',
  },
  fee: {
    text: { vi: 'Theo mức của tỉnh', en: 'As the province sets' },
    items: [
      {
        id: 'notice',
        label: { vi: 'Phí thông báo', en: 'Fee of the notice' },
        exemptions: [
          { when: { is: ['purpose', 'Thăm thân'] }, reason: { vi: 'Thăm thân được miễn', en: 'Family visits are exempt' } },
        ],
        amounts: [
          { amount: 9000, provinces: ['11'], until: '2026-09-30', source: 'thử', status: 'A' },
          { amount: 5000, channels: ['online'], source: 'thử', status: 'A' },
          { amount: 10_000, source: 'thử', status: 'KXM' },
        ],
      },
      {
        id: 'each',
        label: { vi: 'Mỗi người đi cùng', en: 'Each companion' },
        times: 'members',
        amounts: [{ amount: 1000, source: 'thử', status: 'B' }],
      },
    ],
  },
  legalBasis: ['Không có: thủ tục thử nghiệm'],
  sources: [{ fact: 'Toàn bộ', source: 'Thủ tục thử nghiệm', checkedOn: '2026-11-20', status: 'KXM' }],
  guidance: [{ vi: 'Chỉ để thử.', en: 'For trial only.' }],
  deadlines: [
    {
      id: 'tonight',
      label: { vi: 'Thông báo trước 23 giờ', en: 'Notify before 23:00' },
      from: 'arrival',
      within: { type: 'hour', hour: '23:00', afterwards: '08:00' },
      nearHours: 2,
      late: { vi: 'Đã quá giờ.', en: 'It is late.' },
      otherWay: { vi: 'Gọi Công an xã.', en: 'Call the commune police.' },
      basis: 'Luật Cư trú Điều 30',
    },
  ],
  persons: [
    { id: 'guest', label: { vi: 'Khách', en: 'Guest' }, noun: { vi: 'người khách', en: 'guest' } },
    { id: 'host', label: { vi: 'Chủ nhà', en: 'Host' } },
  ],
  samePersons: [{ person: 'host', as: 'guest', when: { is: ['purpose', 'Thăm thân'] } }],
  caseQuestion: 'purpose',
  steps: [
    {
      id: 'guest',
      title: { vi: 'Khách', en: 'Guest' },
      person: 'guest',
      fields: [
        { block: 'name-birth', as: 'guest', fields: { Name: { label: { vi: 'Họ và tên khách', en: 'Name of the guest' } } } },
        { block: 'identity-paper', as: 'guest', without: ['PaperIssueDate', 'PaperIssuer'] },
        {
          id: 'purpose',
          type: 'choice',
          label: { vi: 'Lý do lưu trú', en: 'Purpose' },
          required: true,
          options: [
            { value: 'Thăm thân', en: 'Family visit', caseCode: '9.000001.01' },
            { value: 'Công tác', en: 'Work', caseCode: '9.000001.02' },
          ],
        },
        { id: 'arrival', type: 'date-time', label: { vi: 'Đến lúc', en: 'Arrival' }, future: true, required: true },
      ],
    },
    {
      id: 'company',
      title: { vi: 'Người đi cùng', en: 'Companions' },
      fields: [
        {
          id: 'members',
          type: 'rows',
          label: { vi: 'Người đi cùng', en: 'Companions' },
          rowLabel: { vi: 'Người đi cùng', en: 'Companion' },
          min: 0,
          max: 5,
          visibleWhen: { given: 'guestName' },
          fields: [
            { block: 'name-birth' },
            { id: 'relation', type: 'text', label: { vi: 'Quan hệ', en: 'Relation' }, required: true },
            {
              block: 'identity-paper',
              only: ['PersonalNumber'],
              fields: { PersonalNumber: { visibleWhen: { isNot: ['row.relation', 'Con'] }, required: false } },
            },
          ],
        },
        { id: 'hasHost', type: 'yes-no', label: { vi: 'Có chủ nhà', en: 'There is a host' }, required: true, initial: 'Không' },
        { block: 'name-birth', as: 'host', visibleWhen: { is: ['hasHost', 'Có'] } },
        {
          id: 'sentence',
          type: 'composed',
          label: { vi: 'Câu thông báo', en: 'Sentence' },
          text: { cat: [{ var: 'guestName' }, ' đến cùng ', { if: [{ var: 'members' }, { var: 'members' }, '0'] }, ' người'] },
        },
      ],
    },
  ],
  rules: [
    {
      id: 'memberIsGuest',
      each: 'members',
      severity: 'error',
      fields: ['row.name', 'guestName'],
      brokenWhen: { and: [{ given: 'guestName' }, { '==': [{ var: 'row.name' }, { var: 'guestName' }] }] },
      message: { vi: 'Người đi cùng trùng với khách.', en: 'The companion is the guest.' },
    },
    {
      id: 'twoSpouses',
      severity: 'warning',
      fields: ['members'],
      brokenWhen: { '>': [{ rowsWhere: ['members', { oneOf: ['row.relation', 'Vợ', 'Chồng'] }] }, 1] },
      message: { vi: 'Có hai vợ hoặc chồng.', en: 'There are two spouses.' },
    },
  ],
  papers: [
    {
      id: 'letter',
      code: 'G01-KQ000001',
      name: { vi: 'Giấy đi đường', en: 'Travel letter' },
      cases: ['Công tác'],
      required: true,
      heldByDatabase: {
        when: { given: 'guestPersonalNumber' },
        reason: { vi: 'Đã có trong cơ sở dữ liệu', en: 'The database holds it' },
      },
    },
  ],
  consents: [{ id: 'submit', purpose: { vi: 'Gửi thông báo', en: 'Send the notice' }, required: true }],
  declaration: {
    title: { vi: 'Bản kê khai khách', en: 'List of guests' },
    form: 'Thủ tục thử nghiệm',
    layout: 'list',
    status: 'KXM',
    oath: { vi: 'Tôi cam đoan.', en: 'I declare.' },
    lines: [
      {
        text: 'Khách: {guestName}, sinh ngày {guestBirthDate:day}/{guestBirthDate:month}, số {guestPersonalNumber:boxes}, {purpose=Thăm thân} thăm thân',
      },
      {
        table: 'members',
        columns: [
          { title: 'Họ tên', text: '{row.name}' },
          { title: 'Quan hệ', text: '{row.relation}' },
        ],
      },
    ],
    signatures: [{ id: 'guest', title: 'Người khai', name: 'guestName', channels: ['counter'] }],
  },
})
