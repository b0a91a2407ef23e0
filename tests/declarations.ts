/**
 * `npm run declarations [-- OUTPUT [FOLDER...]]`: the declaration of every specimen dossier as PDF and, where `pdftoppm` is there, as pictures,
 * to be laid beside the official forms. Each is brought through the wizard and past the gateway's check first, so it prints what was sent.
 * Writes to `declarations/` unless told otherwise; with folders of procedures named (docs/procedures.md), their specimens alone.
 */
import './fixtures/system-packages.ts'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative, resolve } from 'node:path'
import { findCommand } from '../electron/start/system-packages.ts'
import { catalogueWith, readSpecimens } from '../procedures/authoring/read-folders.ts'
import { SpecimenDossier } from '../procedures/specimens.ts'
import { declarationOf } from '../renderer/declaration/declaration.ts'
import { renderDeclarationPdf } from '../renderer/declaration/declaration-pdf.ts'
import { createDossierCheck } from '../sync/gateway/packets/dossier-check.ts'
import { sentContent, throughWizard } from './fixtures/whole-way.ts'

const [output = 'declarations', ...others] = process.argv.slice(2)
const folders = others.map((folder) => resolve(folder))
const catalogue = catalogueWith(folders.join(delimiter))
const gateway = createDossierCheck(catalogue)

mkdirSync(output, { recursive: true })
const font = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, `../renderer/slip/fonts/noto-sans-${name}.ttf`))
const fonts = { regular: font('regular'), bold: font('bold') }
const toPictures = findCommand('pdftoppm')

const print = async (file: string, json: unknown): Promise<void> => {
  const specimen = SpecimenDossier.parse(json)
  const procedure = catalogue.find(specimen.procedureCode, specimen.procedureVersion)
  if (procedure === undefined) throw new Error(`no document ${specimen.procedureCode} ${specimen.procedureVersion}`)
  const now = new Date(`${specimen.today}T05:00:00.000Z`)
  const content = throughWizard(procedure, specimen, now)
  const { header, dossier } = sentContent(procedure, content, now)
  const checked = gateway.content(header, dossier)
  if (!checked.ok) throw new Error(`the gateway refuses it: ${JSON.stringify(checked.error)}`)
  const declaration = declarationOf(procedure, content.answers, { today: specimen.today }, 'counter')
  const name = join(
    output,
    file
      .replace(/\/?specimens\//, '-')
      .replaceAll('/', '-')
      .replace('.json', ''),
  )
  writeFileSync(`${name}.pdf`, await renderDeclarationPdf(declaration, fonts))
  if (toPictures !== undefined) spawnSync(toPictures, ['-r', '70', '-png', `${name}.pdf`, name])
  console.log(`${name}.pdf`)
}

let failed = false
for (const folder of folders.length > 0 ? folders : [join(import.meta.dirname, '../procedures')])
  for (const [path, json] of readSpecimens(folder))
    await print(relative(folder, path), json).catch((cause: unknown) => {
      failed = true
      console.error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
    })
process.exit(failed ? 1 : 0)
