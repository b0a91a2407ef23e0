/**
 * `npm run declarations [-- FOLDER]`: the declaration of every specimen dossier as PDF and, where `pdftoppm` is there, as pictures, to be laid
 * beside the official forms. Writes to `declarations/` unless told otherwise. Says beside each the fields which it has no place for.
 */
import './fixtures/system-packages.ts'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answers } from '../contracts/dossier.ts'
import { findCommand } from '../electron/start/system-packages.ts'
import { findProcedure } from '../procedures/catalogue.ts'
import { specimens } from '../procedures/specimens.ts'
import { declarationOf } from '../renderer/declaration/declaration.ts'
import { renderDeclarationPdf } from '../renderer/declaration/declaration-pdf.ts'

const folder = process.argv[2] ?? 'declarations'
mkdirSync(folder, { recursive: true })
const font = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, `../renderer/slip/fonts/noto-sans-${name}.ttf`))
const fonts = { regular: font('regular'), bold: font('bold') }
const toPictures = findCommand('pdftoppm')

const answersOf = (values: Record<string, string>): Answers =>
  Object.fromEntries(
    Object.entries(values).map(([id, value]) => [
      id,
      {
        value,
        provenance: { source: 'typed', at: '2026-11-22T02:00:00.000Z', operatorId: '9b0f6f3e-43ad-4a60-8c4d-0d6ed3a0c001' },
      },
    ]),
  )

for (const [file, specimen] of Object.entries(specimens)) {
  const procedure = findProcedure(specimen.procedureCode, specimen.procedureVersion)
  if (procedure === undefined) throw new Error(`${file}: no such procedure`)
  const content = declarationOf(procedure, answersOf(specimen.answers), { today: specimen.today }, 'counter')
  const name = join(folder, file.replace('/specimens/', '-').replace('.json', ''))
  writeFileSync(`${name}.pdf`, await renderDeclarationPdf(content, fonts))
  if (toPictures !== undefined) spawnSync(toPictures, ['-r', '70', '-png', `${name}.pdf`, name])
  console.log(`${name}.pdf`)
}
