/** What the demonstration agency does to dossiers it has, beside the running gateway: asks for more, corrects an answer by itself. */
import { parseArgs } from 'node:util'
import { catalogueWith } from '../../procedures/authoring/read-folders.ts'
import { dataFolderDefault, withDatabase } from './beside.ts'
import { type AskRefusal, askSupplement } from './supplements/ask-supplement.ts'
import { correctAnswer as correct } from './supplements/correct-answer.ts'

const fail = (line: string): void => {
  console.error(line)
  process.exitCode = 1
}

const askRefusals: Record<AskRefusal['type'], string> = {
  'dossier-unknown': 'Không có hồ sơ nào mang mã này / no such dossier',
  'not-accepted': 'Cơ quan chưa tiếp nhận hồ sơ này / the dossier is not accepted yet',
  withdrawn: 'Hồ sơ đã rút / the dossier was withdrawn',
  'asked-before': 'Đã yêu cầu bổ sung, chưa có trả lời / asked before and not answered yet',
  'procedure-unknown': 'Không có thủ tục của hồ sơ này / its procedure is unknown here',
  'names-unknown': 'Thủ tục không có mục hay giấy tờ này / the procedure has no such field or paper',
  'nothing-asked': 'Cần ít nhất một --field hoặc --paper / at least one --field or --paper is needed',
}

export async function askForSupplement(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: dataFolderDefault },
      reason: { type: 'string', default: '' },
      field: { type: 'string', multiple: true, default: [] },
      paper: { type: 'string', multiple: true, default: [] },
      due: { type: 'string' },
    },
  })
  const [dossier = ''] = positionals
  if (dossier === '' || values.reason === '') return fail('Cần mã hồ sơ và --reason / the code and --reason are needed')
  if (values.due !== undefined && !/^\d{2}\/\d{2}\/\d{4}$/.test(values.due)) return fail('--due dd/MM/yyyy')
  const catalogue = catalogueWith(process.env.TRAM_PROCEDURES)
  await withDatabase(values.data, async (database) => {
    const asked = await askSupplement(database, catalogue.find, {
      dossier,
      reason: values.reason,
      fields: values.field,
      papers: values.paper,
      simulated: true,
      ...(values.due === undefined ? {} : { dueOn: values.due }),
    })
    if (asked.ok) return console.log(`${asked.value.requestId}\nĐã yêu cầu bổ sung (mô phỏng) / asked, simulated`)
    const named = asked.error.type === 'names-unknown' ? `: ${asked.error.names.join(', ')}` : ''
    fail(`${askRefusals[asked.error.type]}${named}`)
  })
}

export async function correctAnswer(words: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: dataFolderDefault },
      field: { type: 'string', default: '' },
      value: { type: 'string' },
    },
  })
  const [officialCode = ''] = positionals
  const { field, value } = values
  if (officialCode === '' || value === undefined) return fail('CODE --field FIELD --value TEXT')
  await withDatabase(values.data, async (database) => {
    const corrected = await correct(database, { officialCode, field, value, at: new Date().toISOString() })
    if (!corrected.ok) return fail(`Không sửa được / not corrected: ${corrected.error.type}`)
    console.log(`Cơ quan đã sửa (mô phỏng) / corrected, simulated: ${field}, ${corrected.value.revision}`)
  })
}
