/** The first text of a new procedure: passes `check`, is a draft (not offered to citizens), and says of each fact that nobody verified it yet. */

/** `today` is yyyy-MM-dd; `schema` the way from the document to procedure.schema.json. */
export const newDocument = (code: string, today: string, schema: string): unknown => ({
  $schema: schema,
  kind: 'partial',
  draft: true,
  code,
  version: today,
  effectiveFrom: today,
  name: { vi: `Thủ tục ${code}`, en: `Procedure ${code}` },
  agency: { vi: 'Ủy ban nhân dân cấp xã', en: 'Commune People’s Committee' },
  agencyLevel: 'commune',
  timeLimit: { text: { vi: 'Chưa kiểm chứng', en: 'Not verified' } },
  fee: { text: { vi: 'Chưa kiểm chứng', en: 'Not verified' } },
  legalBasis: ['Chưa kiểm chứng'],
  sources: [{ fact: 'Toàn bộ', source: 'Chưa có nguồn', checkedOn: today, status: 'KXM' }],
  guidance: [],
  persons: [{ id: 'requester', label: { vi: 'Người yêu cầu', en: 'Requester' }, noun: { vi: 'người yêu cầu', en: 'requester' } }],
  steps: [
    {
      id: 'requester',
      title: { vi: 'Người yêu cầu', en: 'Requester' },
      person: 'requester',
      fields: [
        {
          block: 'name-birth',
          as: 'requester',
          fields: {
            Name: { label: { vi: 'Họ, chữ đệm, tên người yêu cầu', en: 'Name of the requester' } },
          },
        },
        { block: 'contact', as: 'requester', required: false },
        {
          id: 'content',
          type: 'text',
          lines: 3,
          label: { vi: 'Nội dung yêu cầu', en: 'What is requested' },
          required: true,
        },
      ],
    },
  ],
  rules: [],
  papers: [],
  consents: [
    {
      id: 'submit',
      purpose: {
        vi: 'Gửi thông tin và giấy tờ trong hồ sơ này tới cơ quan giải quyết thủ tục',
        en: 'Send this dossier’s information and papers to the agency that handles it',
      },
      required: true,
    },
  ],
  declaration: {
    title: { vi: `Bản kê khai thủ tục ${code}`, en: `List of particulars, procedure ${code}` },
    form: 'Chưa có nguồn',
    layout: 'list',
    status: 'KXM',
    oath: {
      vi: 'Tôi cam đoan những nội dung khai trên đây là đúng sự thật.',
      en: 'I declare that what is stated above is true.',
    },
    lines: [{ text: 'Người yêu cầu: {requesterName}' }, { text: 'Nội dung: {content}' }],
    signatures: [{ id: 'requester', title: 'Người yêu cầu', name: 'requesterName', channels: ['counter', 'post'] }],
  },
})
