/**
 * `npm run declarations [-- FOLDER]`: the declaration of every specimen dossier as PDF and, where `pdftoppm` is there, as pictures, to be laid
 * beside the official forms. Writes to `declarations/` unless told otherwise. Says beside each the fields which it has no place for.
 */
import './fixtures/system-packages.ts'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findCommand } from '../electron/start/system-packages.ts'
import { findProcedure } from '../procedures/catalogue.ts'
import { specimens } from '../procedures/specimens.ts'
import { typedAnswers } from '../procedures/typed-answers.ts'
import { declarationOf } from '../renderer/declaration/declaration.ts'
import { renderDeclarationPdf } from '../renderer/declaration/declaration-pdf.ts'

const folder = process.argv[2] ?? 'declarations'
mkdirSync(folder, { recursive: true })
const font = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, `../renderer/slip/fonts/noto-sans-${name}.ttf`))
const fonts = { regular: font('regular'), bold: font('bold') }
const toPictures = findCommand('pdftoppm')

for (const [file, specimen] of Object.entries(specimens)) {
  const procedure = findProcedure(specimen.procedureCode, specimen.procedureVersion)
  if (procedure === undefined) throw new Error(`${file}: no such procedure`)
  const content = declarationOf(procedure, typedAnswers(specimen.answers), { today: specimen.today }, 'counter')
  const name = join(folder, file.replace('/specimens/', '-').replace('.json', ''))
  writeFileSync(`${name}.pdf`, await renderDeclarationPdf(content, fonts))
  if (toPictures !== undefined) spawnSync(toPictures, ['-r', '70', '-png', `${name}.pdf`, name])
  console.log(`${name}.pdf`)
}
