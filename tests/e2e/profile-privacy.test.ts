/** The kiosk's disk in other hands: of the people in a dossier nothing stands in the browser's profile or the station's folder. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import { addPaperAndFinish, continueDraft } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'
import { find, type Haystack, haystacksOf, storesOf } from '../fixtures/profile-search.ts'

let installation: Installation
beforeAll(async () => {
  installation = await startInstallation()
})
afterAll(() => installation?.stop())

const childName = 'Quàng Minh Kín Mẫu'
const fatherName = 'QUÀNG VĂN ĐÁO MẪU'
const paper = { name: 'chứng sinh Quàng Minh Kín.png', mimeType: 'image/png', buffer: noisePng(300, 240) }
const answers: clerk.TypedAnswers = {
  ...clerk.typedAnswers,
  childName,
  fatherName,
  fatherResidence: 'Bản Kín Đáo, xã Thử Nghiệm, tỉnh Minh Họa',
  marriageNumber: '4711-Q',
}

const secrets = [
  childName,
  fatherName,
  nguyenThiMau.fullName,
  nguyenThiMau.personalNumber,
  nguyenThiMau.personalNumber.slice(-9),
  nguyenThiMau.residence,
  nguyenThiMau.identifyingMarks,
  'Bản Kín Đáo',
  'Bản Mẫu',
  '000094000278',
  '4711-Q',
  'Quàng Minh Kín',
]
const ofThePaper = paper.buffer.subarray(100_000, 100_024)

/** Names of writings and files only: a failure must say where to look. */
function foundIn(haystacks: Haystack[]): string[] {
  const bytes = haystacks.filter((each) => each.bytes.includes(ofThePaper)).map(({ name }) => `the paper's bytes in ${name}`)
  return [...secrets.flatMap((secret) => find(secret, haystacks)), ...bytes]
}

test('no name, number or address of the dossier is in the browser profile', async () => {
  const { folder, proxy } = installation
  const profile = join(folder, 'browser')
  const everything = () => [profile, join(folder, 'station')].map(haystacksOf)
  const all = () => everything().flatMap(({ haystacks }) => haystacks)

  let browser = await installation.openBrowser()
  await clerk.createOperator(browser.page)
  await clerk.signIn(browser.page)
  proxy.setDown(true)
  await clerk.beginBirth(browser.page)
  await clerk.readCard(browser.page)
  await clerk.fillToPapers(browser.page, answers)
  await clerk.saved(browser.page)
  expect(foundIn([await storesOf(browser.page)])).toEqual([])
  await browser.kill()
  expect(foundIn(all()), 'killed over a draft').toEqual([])

  await installation.killStation()
  await installation.restartStation()
  browser = await installation.openBrowser()
  await clerk.signIn(browser.page)
  await continueDraft(browser.page)
  await addPaperAndFinish(browser.page, paper)
  const slipCode = (await browser.page.getByTestId('slip-code').textContent()) ?? ''
  expect(slipCode).toMatch(/^P\d-/)
  const stores = await storesOf(browser.page)
  expect(foundIn([stores])).toEqual([])
  expect(find(slipCode, [stores])).not.toEqual([])
  // Proof of the search, in the writings Chromium really uses: what the page keeps openly is found on the disk. So much of it that
  // LevelDB writes its log out as compressed tables, the vault's rows with it.
  const planted = 'Đoàn Thị Trồng Cây'
  await browser.page.evaluate(`new Promise((resolve, reject) => {
    const coded = btoa(String.fromCharCode(...new TextEncoder().encode('x${planted}')))
    const opening = indexedDB.open('planted', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('notes')
    opening.onsuccess = () => {
      const writing = opening.result.transaction('notes', 'readwrite', { durability: 'strict' })
      const note = '${planted} '.repeat(100)
      for (let at = 0; at < 3000; at += 1) writing.objectStore('notes').put({ note, coded }, at)
      writing.oncomplete = () => { opening.result.close(); resolve() }
      writing.onerror = () => reject(writing.error)
    }
  })`)
  await browser.close()
  expect(foundIn(all()), 'closed over a queue').toEqual([])
  const searched = haystacksOf(profile)
  expect(searched.compressedBlocks).toBeGreaterThan(0)
  const tables = searched.haystacks.filter(({ name }) => name.endsWith('(decompressed)') && name.includes('IndexedDB'))
  expect(find(planted, tables).some((where) => where.includes('utf-16le'))).toBe(true)
  expect(find(planted, tables).some((where) => where.includes('base64'))).toBe(true)
  expect(find(slipCode, searched.haystacks)).not.toEqual([])
  expect(find('1.001193', searched.haystacks)).not.toEqual([])
  expect(find(clerk.operator.name, searched.haystacks)).not.toEqual([])
})
