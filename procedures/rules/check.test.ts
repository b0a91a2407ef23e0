import { describe, expect, it } from 'vitest'
import type { Finding } from '../../contracts/procedure.ts'
import { catalogue, findProcedure } from '../catalogue.ts'
import { type SpecimenDossier, specimenDossiers } from '../specimens.ts'
import { typedAnswers } from '../typed-answers.ts'
import { askedPapers, checkDossier, checkStep, type DossierContent } from './check.ts'
import { fillFromCard, offeredCopies } from './fill.ts'
import { declaredAnswers, isRequired, visibleFields } from './visibility.ts'

const { procedures } = catalogue.parseAll()

const procedure = findProcedure('1.001193', '2026-07-18') ?? expect.fail('birth registration is in the catalogue')

const contentOf = (specimen: SpecimenDossier, changes: Record<string, string | undefined> = {}): DossierContent => {
  const values = Object.entries({ ...specimen.answers, ...changes }).flatMap(([id, value]) =>
    value === undefined ? [] : [[id, value] as const],
  )
  return {
    answers: typedAnswers(Object.fromEntries(values)),
    attachments: specimen.papers.map((paperId) => ({ paperId })),
    consents: Object.entries(specimen.consents).map(([id, given]) => ({ id, given })),
  }
}

const findingsWith = (
  changes: Record<string, string | undefined>,
  specimen: SpecimenDossier = specimenDossiers.marriedCouple,
): Finding[] => checkDossier(procedure, contentOf(specimen, changes), { today: specimen.today })

const messages = (findings: Finding[]): string[] => findings.map((finding) => finding.message.vi)

describe('specimen dossiers', () => {
  it.each(Object.entries(specimenDossiers))('%s is complete, of its procedure and obviously fictional', (_name, specimen) => {
    expect(findProcedure(specimen.procedureCode, specimen.procedureVersion)).toBe(procedure)
    const findings = findingsWith({}, specimen)
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([])
    for (const [id, value] of Object.entries(specimen.answers))
      if (id.endsWith('PersonalNumber')) expect(value).toMatch(/^000\d{9}$/)
    const content = contentOf(specimen)
    expect(declaredAnswers(procedure, content.answers, { today: specimen.today })).toEqual(content.answers)
  })

  it('only the late one raises a doubt', () => {
    expect(Object.values(specimenDossiers).map((specimen) => findingsWith({}, specimen).map((finding) => finding.rule))).toEqual([
      [],
      [],
      ['lateRegistration'],
    ])
  })

  it.each(Object.entries(specimenDossiers))('%s lacks something for each required answer taken away', (_name, specimen) => {
    const content = contentOf(specimen)
    const day = { today: specimen.today }
    const required = procedure.steps
      .flatMap((step) => step.fields)
      .filter((field) => isRequired(procedure, field, content.answers, day))
    expect(required.length).toBeGreaterThan(15)
    for (const field of required) {
      const found = findingsWith({ [field.id]: undefined }, specimen)
      expect(
        found.some((finding) => finding.severity === 'error' && finding.fields.includes(field.id)),
        field.id,
      ).toBe(true)
    }
  })
})

describe('a dossier is refused', () => {
  it('with a field the form does not have', () => {
    expect(messages(findingsWith({ nickname: 'x' }))).toEqual(['Tờ khai không có ô “nickname”.'])
    expect(messages(findingsWith({ constructor: 'x' }))).toEqual(['Tờ khai không có ô “constructor”.'])
  })
  it('with what was left in a field that is not asked', () => {
    expect(messages(findingsWith({ copies: 'Không' }))).toEqual([
      'Ô “Số lượng bản sao” không thuộc trường hợp này, phải để trống.',
    ])
  })
  it('with a value not in printed form', () => {
    expect(messages(findingsWith({ fatherName: '  LÒ VĂN ỬNG MẪU' }))).toEqual([
      'Ô “Họ, chữ đệm và tên” chưa ở dạng in trên tờ khai.',
    ])
  })
  it('with words that do not match the date', () => {
    expect(messages(findingsWith({ childBirthDate: '03/11/2026' }))).toEqual(['Ghi bằng chữ phải khớp với ngày ghi bằng số.'])
  })
  it('without a needed paper, with a paper nobody asked for, without the needed consent', () => {
    const content = contentOf(specimenDossiers.marriedCouple)
    const day = { today: '2026-11-22' }
    expect(messages(checkDossier(procedure, { ...content, attachments: [] }, day))).toEqual([
      'Thêm ảnh hoặc tệp PDF: Giấy chứng sinh.',
    ])
    expect(
      messages(
        checkDossier(procedure, { ...content, attachments: [...content.attachments, { paperId: 'abandonedRecord' }] }, day),
      ),
    ).toEqual(['Bỏ giấy tờ không cần cho hồ sơ này: Biên bản về việc trẻ bị bỏ rơi.'])
    const refused = checkDossier(procedure, { ...content, consents: [{ id: 'submit', given: false }] }, day)
    expect(refused.map((finding) => [finding.severity, finding.consent])).toEqual([['error', 'submit']])
    expect(checkDossier(procedure, { ...content, consents: [] }, day).map((finding) => finding.consent)).toEqual(['submit'])
    expect(
      checkDossier(procedure, { ...content, consents: [...content.consents, { id: 'sell', given: true }] }, day),
    ).toHaveLength(1)
  })
  it('when it is empty, saying each thing once', () => {
    const findings = checkDossier(procedure, { answers: {}, attachments: [], consents: [] }, { today: '2026-11-22' })
    expect(new Set(findings.flatMap((finding) => finding.fields)).size).toBe(
      findings.filter((finding) => finding.fields.length > 0).length,
    )
  })
})

describe('messages', () => {
  it.each([
    [{ motherPersonalNumber: '00019600012' }, 'Số định danh cá nhân phải có 12 số, đang có 11 số.'],
    [{ motherPersonalNumber: '00019600012O' }, 'Số định danh cá nhân chỉ gồm 12 số, không có chữ.'],
    [
      { motherBirthDate: '29/02/2025' },
      'Ngày, tháng, năm sinh phải là ngày có thật: tháng 2 năm 2025 chỉ có 28 ngày. Chỉ nhớ năm thì ghi năm.',
    ],
    [{ childBirthDate: '31/11/2026' }, 'Ngày, tháng, năm sinh phải là ngày có thật: tháng 11 năm 2026 chỉ có 30 ngày.'],
    [
      { childBirthDate: '11/2026', childBirthDateInWords: 'Tháng mười một năm hai nghìn không trăm hai mươi sáu' },
      'Ngày, tháng, năm sinh phải ghi đủ ngày, tháng, năm.',
    ],
    [{ childBirthDate: '23/11/2026' }, 'Ngày, tháng, năm sinh không thể sau hôm nay (22/11/2026).'],
    [{ childName: undefined }, 'Ghi họ, chữ đệm và tên của trẻ được khai sinh.'],
    [{ childSex: undefined }, 'Chọn giới tính của trẻ được khai sinh.'],
    [{ agency: undefined }, 'Ghi tên cơ quan đăng ký khai sinh, ví dụ Ủy ban nhân dân xã Mường Ảng, tỉnh Điện Biên.'],
    [{ childName: 'Lò Văn 3' }, 'Họ, chữ đệm và tên chỉ ghi bằng chữ, đang có “3”.'],
    [{ childName: 'Nguyá»…n' }, 'Họ, chữ đệm và tên có chữ bị hỏng dấu. Gõ lại theo giấy tờ.'],
    [{ childEthnicity: 'Klingon' }, 'Dân tộc phải chọn trong danh sách.'],
    [{ copyCount: '0' }, 'Số lượng bản sao phải là số từ 1 đến 50.'],
  ])('%j: %s', (changes, message) => {
    expect(messages(findingsWith(changes))).toContain(message)
  })

  it('never beg, apologise or call a value invalid', () => {
    const texts = JSON.stringify(procedures).toLowerCase()
    for (const word of ['vui lòng', 'xin lỗi', 'không hợp lệ', 'lỗi hệ thống']) expect(texts).not.toContain(word)
  })

  it('have English beside each Vietnamese text', () => {
    const withoutEnglish: unknown[] = []
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      if ('vi' in node && !('en' in node)) withoutEnglish.push(node)
      Object.values(node).forEach(walk)
    }
    walk(procedures)
    expect(withoutEnglish).toEqual([])
  })
})

describe('rules of birth registration', () => {
  it.each([
    ['requesterYearDiffers', 'warning', { requesterBirthDate: '03/09/1997' }],
    ['motherYearDiffers', 'warning', { motherBirthDate: '1997' }],
    ['fatherYearDiffers', 'warning', { fatherBirthDate: '1995' }],
    ['motherSexDiffers', 'warning', { motherPersonalNumber: '000096000127' }],
    ['fatherSexDiffers', 'warning', { fatherPersonalNumber: '000194000278' }],
    ['motherIsNotRequester', 'warning', { motherPersonalNumber: '000196000128' }],
    ['fatherIsNotRequester', 'warning', { requesterRelation: 'Cha' }],
    ['motherNotBornBeforeChild', 'error', { motherBirthDate: '02/11/2026' }],
    ['fatherNotBornBeforeChild', 'error', { fatherBirthDate: '02/11/2026' }],
    ['motherVeryYoung', 'warning', { motherBirthDate: '2015' }],
    ['fatherVeryYoung', 'warning', { fatherBirthDate: '2015' }],
    ['parentsShareNumber', 'error', { fatherPersonalNumber: '000196000127' }],
    ['lateRegistration', 'warning', { childBirthDate: '22/09/2026' }],
    ['fatherWithoutMarriage', 'warning', { marriageCertificate: 'Không' }],
    ['marriedWithoutFather', 'warning', { fatherDeclared: 'Không' }],
  ])('%s is a doubt or an error (%s)', (rule, severity, changes) => {
    const found = findingsWith(changes).find((finding) => finding.rule === rule)
    expect(found?.severity).toBe(severity)
    expect(found?.message.vi).not.toMatch(/[{}]/)
    expect(findingsWith({}).some((finding) => finding.rule === rule)).toBe(false)
  })

  it('cover every rule of the document', () => {
    expect(procedure.rules).toHaveLength(15)
  })

  it('say the year of the number and the year written', () => {
    expect(messages(findingsWith({ motherBirthDate: '03/09/1997' }))).toContain(
      'Theo số định danh, người mẹ sinh năm 1996; ô ngày sinh đang ghi 1997. Xem lại thẻ. Thẻ ghi đúng như vậy thì chọn Giữ nguyên.',
    )
  })

  it('speak at the last step they look at', () => {
    const answers = contentOf(specimenDossiers.marriedCouple, { fatherDeclared: 'Không' }).answers
    const rulesAt = (step: string): unknown[] =>
      checkStep(procedure, step, answers, { today: '2026-11-22' }).map((finding) => finding.rule)
    expect(rulesAt('father')).toEqual([])
    expect(rulesAt('marriageAndCopies')).toEqual(['marriedWithoutFather'])
  })
})

describe('the cases of the form', () => {
  const day = { today: '2026-11-22' }
  it('leave residence, ethnicity and nationality free when number and whole date of birth are given', () => {
    const { motherEthnicity, motherNationality, motherResidence, ...rest } = specimenDossiers.marriedCouple.answers
    expect([motherEthnicity, motherNationality, motherResidence]).not.toContain(undefined)
    expect(checkStep(procedure, 'mother', typedAnswers(rest), day)).toEqual([])
    const onlyYear = checkStep(procedure, 'mother', typedAnswers({ ...rest, motherBirthDate: '1996' }), day)
    expect(onlyYear.flatMap((finding) => finding.fields)).toEqual(['motherEthnicity', 'motherNationality', 'motherResidence'])
  })
  it('ask nothing about the father when he is not declared', () => {
    const answers = typedAnswers({ fatherDeclared: 'Không', fatherName: 'CÒN SÓT' })
    expect(visibleFields(procedure, 'father', answers, day).map((field) => field.id)).toEqual(['fatherDeclared'])
    expect(Object.keys(declaredAnswers(procedure, answers, day))).toEqual(['fatherDeclared'])
  })
  it('ask the paper number of a passport instead of the personal number', () => {
    const ids = visibleFields(procedure, 'requester', typedAnswers({ requesterPaperType: 'Hộ chiếu' }), day).map(
      (field) => field.id,
    )
    expect(ids).toContain('requesterPaperNumber')
    expect(ids).not.toContain('requesterPersonalNumber')
  })
  it.each([
    [{ birthCase: 'Thông thường', requesterRelation: 'Mẹ' }, ['birthProof'], ['birthProof', 'identityPaper']],
    [
      { birthCase: 'Trẻ bị bỏ rơi', requesterRelation: 'Người đang nuôi dưỡng' },
      ['abandonedRecord'],
      ['abandonedRecord', 'authorisation', 'identityPaper'],
    ],
    [
      { birthCase: 'Mang thai hộ', requesterRelation: 'Cha' },
      ['birthProof', 'surrogacyConfirmation'],
      ['birthProof', 'surrogacyConfirmation', 'identityPaper'],
    ],
    [
      { birthCase: 'Thông thường', requesterRelation: 'Người được ủy quyền' },
      ['birthProof', 'authorisation'],
      ['birthProof', 'authorisation', 'identityPaper'],
    ],
  ])('ask the papers of %j', (values, needed, asked) => {
    const papers = askedPapers(procedure, typedAnswers(values), day)
    expect(papers.filter((paper) => paper.needed).map((paper) => paper.id)).toEqual(needed)
    expect(papers.map((paper) => paper.id)).toEqual(asked)
  })
})

describe('offers', () => {
  const card = {
    personalNumber: '000196000127',
    fullName: 'NGUYỄN THỊ ẲNH MẪU',
    birthDate: '03/09/1996',
    sex: 'Nữ',
    nationality: 'Việt Nam',
    ethnicity: 'Kinh',
    residence: 'Bản Mẫu, xã Thử Nghiệm, tỉnh Minh Họa',
    issueDate: '15/08/2024',
    fatherName: 'NGƯỜI KHÁC',
  }
  it('fill only the fields of the person whose card it is', () => {
    const values = fillFromCard(procedure, 'mother', card)
    expect(Object.fromEntries(values.map(({ fieldId, value }) => [fieldId, value]))).toEqual({
      motherName: 'NGUYỄN THỊ ẲNH MẪU',
      motherBirthDate: '03/09/1996',
      motherEthnicity: 'Kinh',
      motherNationality: 'Việt Nam',
      motherResidence: 'Bản Mẫu, xã Thử Nghiệm, tỉnh Minh Họa',
      motherPaperType: 'Thẻ căn cước',
      motherPersonalNumber: '000196000127',
      motherPaperIssueDate: '15/08/2024',
      motherPaperIssuer: 'Bộ Công an',
    })
    expect(fillFromCard(procedure, 'child', card)).toEqual([])
  })
  it('name the paper by the day it was issued', () => {
    const paperType = (issueDate: string | undefined): unknown =>
      fillFromCard(procedure, 'requester', issueDate === undefined ? { personalNumber: '000196000127' } : { issueDate }).find(
        ({ fieldId }) => fieldId === 'requesterPaperType',
      )?.value
    expect([paperType('30/06/2024'), paperType('01/07/2024'), paperType(undefined)]).toEqual([
      'Thẻ căn cước công dân',
      'Thẻ căn cước',
      'Số định danh cá nhân',
    ])
  })
  it('take the requester over for the mother only when the requester is the mother, and only into empty fields', () => {
    const requester = Object.fromEntries(
      Object.entries(specimenDossiers.singleMother.answers).filter(([id]) => id.startsWith('requester')),
    )
    const offered = (values: Record<string, string>, step: string): string[] =>
      offeredCopies(procedure, step, typedAnswers(values), { today: '2026-11-22' }).map(({ fieldId }) => fieldId)
    expect(offered(requester, 'mother')).toEqual(['motherName', 'motherBirthDate', 'motherPaperType', 'motherPersonalNumber'])
    expect(offered({ ...requester, motherName: 'Đã ghi' }, 'mother')).not.toContain('motherName')
    expect(offered(requester, 'father')).toEqual([])
    expect(offered({ ...requester, requesterRelation: 'Bà ngoại' }, 'mother')).toEqual([])
    const foundling = {
      ...procedure,
      steps: procedure.steps.map((step) => ({
        ...step,
        fields: step.fields.map((field) => (field.fact?.person === 'mother' ? { ...field, visibleWhen: false } : field)),
      })),
    }
    expect(offeredCopies(foundling, 'mother', typedAnswers(requester), { today: '2026-11-22' })).toEqual([])
  })
})
