/** Whether a specimen dossier is right on its day, and how much of its procedure's paths the specimens reach. */
import type { Finding, Procedure } from '../../contracts/procedure.ts'
import { coverPaths } from '../../renderer/wizard/machine/path-coverage.ts'
import { wordsOf } from '../documents/problem-words.ts'
import { checkDossier, findField, normalizeAnswer } from '../rules/index.ts'
import { SpecimenDossier } from '../specimens.ts'
import { typedAnswers } from '../typed-answers.ts'
import { versionState } from '../versions.ts'
import { madeUpDossier } from './made-up-dossier.ts'

type Reviewed = { name: string; problems: string[]; specimen?: SpecimenDossier }

const wordsOfFinding = ({ fields, paper, rule, message }: Finding): string =>
  `${[...fields.slice(0, 1), paper, rule].filter((each) => each !== undefined).join(', ') || 'hồ sơ / dossier'}: ${message.vi}`

const problemsOf = (procedure: Procedure, specimen: SpecimenDossier): string[] => {
  const answers = typedAnswers(specimen.answers)
  const findings = checkDossier(
    procedure,
    {
      answers,
      attachments: specimen.papers.map((paperId) => ({ paperId })),
      consents: Object.entries(specimen.consents).map(([id, given]) => ({ id, given })),
    },
    { today: specimen.today },
  )
  const expected = (finding: Finding): boolean =>
    finding.severity === 'warning' && finding.rule !== undefined && specimen.doubts.includes(finding.rule)
  const raised = new Set(findings.map(({ rule }) => rule))
  const unprinted = new Map(
    Object.entries(specimen.answers).flatMap(([id, value]): [string, string][] => {
      const field = findField(procedure, id)
      const printed = field === undefined ? value : normalizeAnswer(field, value)
      return printed === value ? [] : [[id, printed]]
    }),
  )
  const state = versionState(procedure, specimen.today)
  return [
    ...(state === 'future'
      ? [
          `today: ${specimen.today} trước ngày văn bản có hiệu lực ${procedure.effectiveFrom} / is before the document takes effect`,
        ]
      : []),
    ...(state === 'ended'
      ? [`today: ${specimen.today} sau ngày cuối của văn bản ${procedure.effectiveUntil} / is after the document’s last day`]
      : []),
    ...[...unprinted].map(([id, printed]) => `${id}: viết “${printed}” / write so, as the form prints it`),
    ...findings.filter((finding) => !expected(finding) && !unprinted.has(finding.fields[0] ?? '')).map(wordsOfFinding),
    ...specimen.doubts
      .filter((rule) => !raised.has(rule))
      .map((rule) => `doubts: quy tắc "${rule}" không lên tiếng / that rule raises no doubt`),
  ]
}

export const reviewSpecimen = (name: string, json: unknown, procedures: readonly Procedure[]): Reviewed => {
  const parsed = SpecimenDossier.safeParse(json)
  if (!parsed.success) return { name, problems: wordsOf(parsed.error.issues, json) }
  const specimen = parsed.data
  const procedure = procedures.find(
    ({ code, version }) => code === specimen.procedureCode && version === specimen.procedureVersion,
  )
  if (procedure === undefined)
    return {
      name,
      problems: [`${specimen.procedureCode} ${specimen.procedureVersion}: không có văn bản này / there is no such document`],
    }
  return { name, problems: problemsOf(procedure, specimen), specimen }
}

export type Covered = { problems: string[]; figures: string }

/** Transitions and guards of one procedure's wizard, with its specimens, else with a dossier made up. */
export const pathsOf = (procedure: Procedure, specimens: readonly SpecimenDossier[]): Covered => {
  const [first, ...others] = specimens
  const dossier = first ?? madeUpDossier(procedure, procedure.effectiveFrom)
  if (dossier === undefined)
    return {
      problems: [],
      figures: 'chưa thử: cần một hồ sơ mẫu (specimens/TÊN.json) / not tried, it needs a specimen dossier',
    }
  const { transitions, guards, neverWrong } = coverPaths(procedure, [dossier, ...others])
  const missing = [...transitions.missing, ...guards.missing]
  const share = ({ all, missing }: { all: number; missing: readonly string[] }): string => `${all - missing.length}/${all}`
  return {
    problems:
      missing.length === 0
        ? []
        : [
            `${missing.length} đường không hồ sơ mẫu nào đi tới được, cần thêm hồ sơ mẫu / no specimen leads there, add one: ${missing.slice(0, 4).join(', ')}${missing.length > 4 ? ', …' : ''}`,
          ],
    figures: [
      `chuyển / transitions ${share(transitions)}`,
      `điều kiện cả hai chiều / guards both ways ${share(guards)}`,
      ...(neverWrong.length > 0 ? [`không thể sai / never wrong: ${neverWrong.join(', ')}`] : []),
      ...(first === undefined ? ['hồ sơ máy tự đặt / made-up dossier'] : [`${specimens.length} hồ sơ mẫu / specimens`]),
    ].join(' · '),
  }
}
