/** A procedure from elsewhere that asks for a signature on the screen: empty, drawn, kept, and how it is printed. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, begin, type Journey } from './steps.ts'

const procedures = mkdtempSync(join(tmpdir(), 'tram-procedures-'))
const folder = join(procedures, '9.001612-ho-kinh-doanh')
cpSync(join(import.meta.dirname, '../../fixtures/9.001612-ho-kinh-doanh'), folder, { recursive: true })
const path = join(folder, 'procedure.json')
const document = JSON.parse(readFileSync(path, 'utf8'))
const fieldsOfOwner = document.steps.find(({ person }: { person?: string }) => person === 'owner').fields
fieldsOfOwner.unshift({ block: 'signature', as: 'owner' })
writeFileSync(path, JSON.stringify(document))

export const signature: Journey = {
  options: { procedures },
  work: async (installation, look) => {
    const page = await atWork(installation)
    await page.getByLabel('Tìm thủ tục').fill('9.001612')
    await page.getByRole('button', { name: /Làm hồ sơ mới/ }).waitFor({ timeout: 60_000 })
    await begin(page, '9.001612')
    await look(page, 'empty')
    const box = await page.locator('.signature').boundingBox()
    if (box === null) throw new Error('no place to sign')
    for (const height of [0.3, 0.6]) {
      await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * height)
      await page.mouse.down()
      for (let step = 1; step <= 20; step += 1)
        await page.mouse.move(box.x + box.width * (0.1 + step * 0.04), box.y + box.height * (height + 0.15 * Math.sin(step)))
      await page.mouse.up()
    }
    await clerk.saved(page)
    await look(page, 'drawn')
  },
}
