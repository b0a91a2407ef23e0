/**
 * The kiosk's disk in other hands, after a day with a birth and a stay, on both of Chromium's IndexedDB backends: of the people in them
 * nothing stands in the browser's profile or the station's folder, nor of their papers and the photo on the chip.
 */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { afterEach, expect, test } from 'vitest'
import { dg2Of } from '../../hardware/simulators/specimen-pki/specimen-groups.ts'
import { nguyenThiMau } from '../../hardware/simulators/specimens.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { specimens } from '../../procedures/specimens.ts'
import { addPaperAndFinish, continueDraft, goHome } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import { type Installation, startInstallation } from '../fixtures/kiosk.ts'
import { noisePng } from '../fixtures/papers.ts'
import { find, findBytes, type Haystack, haystacksOf, storesOf } from '../fixtures/profile-search.ts'

let installation: Installation | undefined
afterEach(async () => {
  await installation?.stop()
  installation = undefined
})

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

const stay = specimens['2.001159-thong-bao-luu-tru/specimens/for-oneself.json']
const stayProcedure = stay && findProcedure(stay.procedureCode, stay.procedureVersion)
const guest = { name: 'LÒ THỊ GIẤU MẪU', phone: '0987000321' }
const stayAnswers: clerk.TypedAnswers = { ...stay?.answers, notifierName: guest.name, notifierPhone: guest.phone }

const secrets = [
  ...Object.values(guest),
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
const photo = Buffer.from(dg2Of(nguyenThiMau))
/** Bytes out of the middle, where no file begins like another. */
const bytesOfPeople = { "the paper's": paper.buffer.subarray(100_000, 100_024), "the photo's": photo.subarray(1_500, 1_524) }

/** Names of writings and files only: a failure must say where to look. */
function foundIn(haystacks: Haystack[]): string[] {
  const bytes = Object.entries(bytesOfPeople).flatMap(([whose, some]) => findBytes(whose, some, haystacks))
  return [...find(secrets, haystacks), ...bytes]
}

async function beginStay(page: Page): Promise<void> {
  if (stayProcedure === undefined) throw new Error('no such procedure')
  await page.getByLabel('Tìm thủ tục').fill(stayProcedure.code)
  await page.getByRole('button', { name: /Làm hồ sơ mới/ }).click()
  for (const { id } of stayProcedure.steps) {
    await clerk.fillStepOf(page, stayProcedure, id, stayAnswers)
    await clerk.next(page)
  }
  await clerk.saved(page)
}

const backends = [
  ['LevelDB', []],
  ['SQLite', ['--enable-features=IdbSqliteBackingStore']],
] as const

test.each(backends)(
  'no name, number, phone, address or photo of a day’s people is on the disk (%s)',
  async (backend, switches) => {
    const day = await startInstallation()
    installation = day
    const { folder, proxy } = day
    const profile = join(folder, 'browser')
    const everything = () => [profile, join(folder, 'station')].map(haystacksOf)
    const all = () => everything().flatMap(({ haystacks }) => haystacks)

    let browser = await day.openBrowser('browser', { switches })
    await clerk.createOperator(browser.page)
    await clerk.signIn(browser.page)
    proxy.setDown(true)
    await clerk.beginBirth(browser.page)
    await clerk.readCard(browser.page)
    // Chromium hears of what stands in a page within a second, and writes it into its session files two and a half later.
    await browser.page.waitForTimeout(5_000)
    await clerk.fillToPapers(browser.page, answers)
    await clerk.saved(browser.page)
    expect(foundIn([await storesOf(browser.page)])).toEqual([])
    await browser.kill()
    expect(foundIn(all()), 'killed over a draft').toEqual([])

    await day.killStation()
    await day.restartStation()
    browser = await day.openBrowser('browser', { switches })
    await clerk.signIn(browser.page)
    await continueDraft(browser.page)
    await addPaperAndFinish(browser.page, paper)
    const slipCode = (await browser.page.getByTestId('slip-code').textContent()) ?? ''
    expect(slipCode).toMatch(/^P\d-/)
    await goHome(browser.page)
    await beginStay(browser.page)
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
    const inStore = searched.haystacks.filter(({ name }) => name.includes('IndexedDB'))
    if (backend === 'LevelDB') {
      expect(searched.compressedBlocks).toBeGreaterThan(0)
      const tables = inStore.filter(({ name }) => name.endsWith('(decompressed)'))
      expect(find(planted, tables).some((where) => where.includes('utf-16le'))).toBe(true)
      expect(find(planted, tables).some((where) => where.includes('base64'))).toBe(true)
    } else {
      expect(inStore.some(({ bytes }) => bytes.includes('SQLite format 3'))).toBe(true)
      expect(find(planted, inStore)).not.toEqual([])
    }
    expect(find(slipCode, searched.haystacks)).not.toEqual([])
    expect(find('1.001193', searched.haystacks)).not.toEqual([])
    expect(find(clerk.operator.name, searched.haystacks)).not.toEqual([])
  },
)
