/** The ways through the kiosk's screens, each with an installation of its own, so that any can be walked alone. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, type Page } from '@playwright/test'
import type { Procedure } from '../../contracts/procedure.ts'
import { specimens as people, tranVanThu } from '../../hardware/simulators/specimens.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { type SpecimenDossier, specimens } from '../../procedures/specimens.ts'
import { birthOf, goHome, largePaper, registerBirth, smallPaper } from '../fixtures/births.ts'
import * as clerk from '../fixtures/clerk.ts'
import type { Installation, InstallationOptions } from '../fixtures/kiosk.ts'
import { noisePng, photographedSheet } from '../fixtures/papers.ts'

type Look = (page: Page, name: string) => Promise<void>
export type Journey = { options?: InstallationOptions; work: (installation: Installation, look: Look) => Promise<void> }

const desk = async ({ folder }: Installation, ...words: string[]): Promise<string> => {
  const args = ['sync/gateway/commands.ts', ...words, '--data', join(folder, 'gateway')]
  return (await promisify(execFile)(process.execPath, args)).stdout
}

const atWork = async (installation: Installation, options?: Parameters<Installation['openBrowser']>[1]): Promise<Page> => {
  const { page } = await installation.openBrowser('browser', options)
  await clerk.createOperator(page)
  await clerk.signIn(page)
  return page
}

const dossierOf = (path: string): SpecimenDossier & { procedure: Procedure } => {
  const specimen = specimens[path]
  const procedure = specimen && findProcedure(specimen.procedureCode, specimen.procedureVersion)
  if (specimen === undefined || procedure === undefined) throw new Error(`no specimen ${path}`)
  return { ...specimen, procedure }
}

const begin = async (page: Page, words: string): Promise<void> => {
  await page.keyboard.press('Control+k')
  await page.getByLabel('Tìm thủ tục').fill(words, clerk.mayTakeLong)
  await page
    .getByRole('button', { name: /Làm hồ sơ mới/ })
    .first()
    .click()
  await page.getByTestId('wizard').waitFor(clerk.mayTakeLong)
}

/** Every step of a specimen, filled and looked at. */
const throughSteps = async (page: Page, look: Look, name: string, path: string): Promise<void> => {
  const { procedure, answers } = dossierOf(path)
  await begin(page, procedure.code)
  for (const step of procedure.steps) {
    await clerk.fillStepOf(page, procedure, step.id, answers)
    await look(page, `${name}-${step.id}`)
    await clerk.next(page)
  }
}

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click(clerk.mayTakeLong)
const shut = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}
const entryIn = (page: Page, state: string) => page.locator(`[data-testid="outbox-entry"][data-state="${state}"]`)

const putCard = async (page: Page, at: number): Promise<void> => {
  await page.keyboard.press('F4')
  await clerk.tryCard(page, people[at]?.personalNumber ?? '')
}
/** One specimen after another, each with what is wrong with its chip. */
const verdicts = async (page: Page, look: Look, names: readonly string[]): Promise<void> => {
  for (const [at, name] of names.entries()) {
    await putCard(page, at)
    await page.getByTestId('card-person').waitFor(clerk.mayTakeLong)
    await look(page, name)
    await shut(page)
  }
}

export const journeys: Readonly<Record<string, Journey>> = {
  'sign-in': {
    options: { enrolled: false },
    work: async (installation, look) => {
      const { page, context } = await installation.openBrowser()
      const code = page.getByLabel('Mã ghi danh một lần')
      await code.waitFor(clerk.mayTakeLong)
      await look(page, 'set-up')
      await code.fill('ABC')
      await press(page, /Ghi danh/)
      await look(page, 'set-up-mistake')
      installation.proxy.setDown(true)
      await code.fill('ABCD-EFGH-IJKL-MNOP')
      await press(page, /Ghi danh/)
      await page.getByText('GHI-02').waitFor(clerk.mayTakeLong)
      await look(page, 'set-up-without-gateway')
      installation.proxy.setDown(false)
      const place = { pointName: 'Bưu điện Thử Nghiệm', stationName: 'Quầy 2', demo: true }
      await code.fill(await installation.gateway.enrolmentCode(place))
      await press(page, /Ghi danh/)
      await page.getByLabel('Họ và tên').waitFor(clerk.mayTakeLong)
      await look(page, 'first-operator')
      await press(page, /^Tạo/)
      await look(page, 'first-operator-mistakes')
      await clerk.createOperator(page)
      await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
      await look(page, 'waiting')
      const pin = page.getByLabel('Mã PIN', { exact: true })
      const wrong = async (): Promise<string> => {
        await pin.fill('1111111111')
        await press(page, /Vào làm việc/)
        const said = page.getByText(/Còn \d+ lần thử|Nhập sai nhiều lần/)
        await expect(pin).toHaveValue('', clerk.mayTakeLong)
        return (await said.textContent(clerk.mayTakeLong)) ?? ''
      }
      await wrong()
      await look(page, 'wrong-pin')
      for (let tries = 0; tries < 10 && !(await wrong()).includes('Nhập sai'); tries += 1);
      await look(page, 'locked-out')
      await page.keyboard.press('F1')
      const challenge = page.getByTestId('challenge')
      await challenge.waitFor(clerk.mayTakeLong)
      await look(page, 'forgotten')
      const [answer = ''] = (await desk(installation, 'recovery', (await challenge.textContent()) ?? '')).split('\n')
      const newPin = async (value: string): Promise<void> => {
        await page.getByLabel('Mã bàn hỗ trợ đọc lại').fill(answer)
        await page.getByLabel('Mã PIN mới', { exact: true }).fill(value)
        await page.getByLabel('Nhập lại mã PIN mới').fill(value)
        await press(page, /Đặt mã PIN mới/)
      }
      await newPin('12345')
      await look(page, 'forgotten-mistake')
      // Until the wait after the wrong ones is over.
      await expect(async () => {
        await newPin(clerk.operator.pin)
        await page.getByText('Đã đặt mã PIN mới').waitFor({ timeout: 5_000 })
      }).toPass({ timeout: 60_000, intervals: [5_000] })
      await look(page, 'renewed')
      await pin.fill(clerk.operator.pin)
      await press(page, /Vào làm việc/)
      await look(page, 'opening')
      await page.getByRole('heading', { name: 'Làm thủ tục' }).waitFor(clerk.mayTakeLong)
      await page.getByTestId('status').click()
      await press(page, /Thêm người làm việc/)
      await look(page, 'add-operator')
      const second = await context.newPage()
      await second.goto(installation.kioskUrl)
      await second.getByText('cửa sổ khác').waitFor(clerk.mayTakeLong)
      await look(second, 'second-window')
    },
  },

  home: {
    work: async (installation, look) => {
      const page = await atWork(installation, {
        prepare: (at) =>
          at.addInitScript(`if (localStorage.nearlyFull) navigator.storage.estimate = async () => ({ quota: 8e8, usage: 7e8 })`),
      })
      await look(page, 'empty')
      const search = page.getByLabel('Tìm thủ tục')
      await search.fill('khai sinh')
      await look(page, 'found')
      await search.fill('máy bay')
      await look(page, 'nothing-found')
      await search.fill('ho chieu')
      await press(page, 'Xem cần gì, nộp ở đâu')
      await look(page, 'guidance')
      await shut(page)
      await page.keyboard.press('Control+/')
      await look(page, 'keys')
      await shut(page)
      await begin(page, '1.000656')
      await page.locator('[data-field="requesterName"] input').first().fill('LÒ THỊ NHÁP MẪU')
      await clerk.saved(page)
      await page.clock.setSystemTime(new Date('2027-03-03T02:00:00Z'))
      await page.keyboard.press('Control+k')
      await press(page, /Làm tiếp/)
      await page.getByTestId('version-ended').waitFor(clerk.mayTakeLong)
      await look(page, 'version-ended')
      await page.clock.setSystemTime(new Date())
      installation.proxy.setDown(true)
      await page.keyboard.press('Control+k')
      await expect(page.getByTestId('status')).not.toHaveAttribute('data-network', 'online', clerk.mayTakeLong)
      await look(page, 'drafts-offline')
      await page.getByTestId('status').click()
      await look(page, 'status')
      await shut(page)
      await press(page, 'Xoá')
      await look(page, 'discard')
      await shut(page)
      await page.evaluate('localStorage.nearlyFull = 1')
      await page.reload()
      await clerk.signIn(page)
      await page.getByText('MAY-02').waitFor(clerk.mayTakeLong)
      await look(page, 'nearly-full')
      await page.getByTestId('status').click()
      await press(page, 'English')
      await shut(page)
      await look(page, 'english')
    },
  },

  birth: {
    work: async (installation, look) => {
      const page = await atWork(installation)
      await clerk.beginBirth(page)
      await clerk.next(page)
      await look(page, 'mistakes')
      await clerk.readCard(page)
      for (const step of clerk.birth.steps) {
        await clerk.fillStep(page, step.id)
        await look(page, step.id)
        await clerk.next(page)
      }
      await clerk.atPlace(page, 'papers')
      const proof = { name: 'giay-chung-sinh.jpg', mimeType: 'image/jpeg', buffer: await photographedSheet(page, 'none') }
      await clerk.addPaper(page, 'birthProof', proof)
      await clerk.next(page)
      await clerk.atPlace(page, 'review')
      await look(page, 'review')
      await page.locator('[data-field="consent-submit"]').scrollIntoViewIfNeeded()
      await look(page, 'review-end')
      await page.getByTestId('show-declaration').click()
      await page.getByTestId('declaration').waitFor(clerk.mayTakeLong)
      await look(page, 'declaration')
      await shut(page)
      await page.getByTestId('next').click()
      await look(page, 'review-mistakes')
      await clerk.consentAndFinish(page)
      await look(page, 'slip-queued')
      await page.getByTestId('official-code').waitFor({ timeout: 60_000 })
      await look(page, 'slip-accepted')
      await page.keyboard.press('Control+k')
      await clerk.beginBirth(page)
      await page.getByTestId('reuse').first().waitFor(clerk.mayTakeLong)
      await look(page, 'second-of-visit')
      await page.keyboard.press('Alt+1')
      await clerk.fillToPapers(page)
      await clerk.addPaper(page, 'birthProof', smallPaper())
      await clerk.next(page)
      await clerk.atPlace(page, 'review')
      await page.locator('[data-field="consent-submit"] .tick').click()
      await page.getByTestId('next').click()
      await page.getByTestId('double-dialog').waitFor(clerk.mayTakeLong)
      await look(page, 'double')
    },
  },

  forms: {
    work: async (installation, look) => {
      const page = await atWork(installation)
      await throughSteps(page, look, 'ct01', '1.004194-dang-ky-tam-tru/specimens/with-child.json')
      await clerk.atPlace(page, 'papers')
      await clerk.next(page)
      await page.getByTestId('proposed').waitFor(clerk.mayTakeLong)
      await look(page, 'ct01-review-of-proposals')
      await throughSteps(page, look, 'tk1', '1.002179-bao-hiem-xa-hoi-tu-nguyen/specimens/for-oneself.json')
      await look(page, 'tk1-review')
      await begin(page, '1.001193')
      await page.locator('[data-field="requesterPaperType"] input').first().focus()
      await page.keyboard.type('cccd')
      await page.getByRole('option').first().waitFor(clerk.mayTakeLong)
      await look(page, 'look-up-list')
      await shut(page)
      await page.locator('[data-field="requesterResidence"] input').first().fill('Số 1, ngoc ha ba din')
      await page.keyboard.type('h')
      await page.getByRole('option').first().waitFor(clerk.mayTakeLong)
      await look(page, 'look-up-place')
      await shut(page)
      await page.keyboard.press('Control+l')
      await page.getByRole('button', { name: /Vào làm việc/ }).waitFor(clerk.mayTakeLong)
      await look(page, 'locked-visit')
    },
  },

  card: {
    options: {
      environment: { TRAM_SIMULATED_FAULTS: '-,signed-by:unknown-authority,expired-card' },
    },
    work: async (installation, look) => {
      const page = await atWork(installation)
      await clerk.beginBirth(page)
      await page.locator('[data-field="requesterName"] input').first().fill('NGUYỄN THỊ MẪU NHẦM')
      await page.keyboard.press('F4')
      await look(page, 'asking')
      await press(page, /Máy quét/)
      await look(page, 'scanner')
      await shut(page)
      await putCard(page, 0)
      await look(page, 'reading')
      await shut(page)
      await verdicts(page, look, ['genuine', 'ca-unknown', 'expired'])
      await putCard(page, 0)
      await page.getByTestId('same-person').locator('label.choice', { hasText: 'Đúng người này' }).click(clerk.mayTakeLong)
      await look(page, 'same-person')
      await press(page, /Điền vào hồ sơ/)
      await look(page, 'filled')
    },
  },

  'card-doubts': {
    options: { environment: { TRAM_SIMULATED_FAULTS: 'changed-group,signed-by:nobody+no-dg13,two-persons' } },
    work: async (installation, look) => {
      const page = await atWork(installation)
      await clerk.beginBirth(page)
      await verdicts(page, look, ['not-genuine', 'not-checked', 'two-persons'])
    },
  },

  papers: {
    work: async (installation, look) => {
      const switches = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
      const page = await atWork(installation, { switches })
      await clerk.beginBirth(page)
      await clerk.fillToPapers(page, birthOf('NGUYỄN VĂN GIẤY'))
      await look(page, 'empty')
      const paper = page.getByTestId('paper-birthProof')
      await paper.getByTestId('scan').click()
      await look(page, 'scan-searching')
      await shut(page)
      await paper.getByTestId('camera').click()
      await expect(page.getByTestId('shoot')).toBeEnabled(clerk.mayTakeLong)
      await look(page, 'camera')
      await shut(page)
      for (const [name, filter] of [
        ['giay-chung-sinh', 'none'],
        ['mo', 'blur(9px)'],
      ] as const) {
        const sheet = { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: await photographedSheet(page, filter) }
        await clerk.addPaper(page, 'birthProof', sheet)
      }
      await look(page, 'added')
      await paper.getByTestId('view').first().click()
      await page.getByTestId('page-picture').waitFor(clerk.mayTakeLong)
      await look(page, 'page')
    },
  },

  queue: {
    work: async (installation, look) => {
      const { proxy, folder } = installation
      const page = await atWork(installation)
      await page.keyboard.press('F7')
      await look(page, 'empty')
      const finish = async (name: string, paper = smallPaper()): Promise<void> => {
        await goHome(page)
        await registerBirth(page, name, paper)
      }
      await finish('LÒ THỊ XONG MẪU')
      await page.getByTestId('official-code').waitFor({ timeout: 60_000 })
      const code = (await page.getByTestId('official-code').textContent()) ?? ''
      const reason = 'Giấy chứng sinh bị mờ; họ tên trẻ chưa khớp giấy chứng sinh.'
      await desk(installation, 'ask-supplement', code, '--reason', reason, '--field', 'childName', '--due', '28/11/2026')
      // Nothing of what follows is received before its receipt comes by a file.
      const kioskOnly = /^\/v1\/(packets|updates|attachments|lease)/
      proxy.setFault(({ path }) => (kioskOnly.test(path) ? { type: 'cut' } : undefined))
      await finish('LÒ THỊ GÓI MẪU')
      await page.keyboard.press('F7')
      await press(page, 'Chuyển USB')
      await look(page, 'courier')
      const download = page.waitForEvent('download')
      await press(page, 'Lưu hàng chờ ra tệp')
      const [file, receipts] = [join(folder, 'queue.tram'), join(folder, 'receipts.json')]
      await (await download).saveAs(file)
      await look(page, 'courier-written')
      await desk(installation, 'take-courier', file, '--receipts', receipts, '--url', proxy.url)
      await page.getByTestId('courier-file').setInputFiles(receipts)
      await page.getByText('Đã nhận 1 biên nhận').waitFor(clerk.mayTakeLong)
      await look(page, 'courier-back')
      await shut(page)
      const body = JSON.stringify({ type: 'key-reused', title: 'Số gói đã dùng', status: 409, detail: 'packetId' })
      const shelve = { type: 'answer', status: 409, contentType: 'application/problem+json', body } as const
      proxy.setFault(({ path }) => (path === '/v1/packets' ? shelve : kioskOnly.test(path) ? { type: 'cut' } : undefined))
      await finish('LÒ THỊ KỆ MẪU')
      await page.keyboard.press('F7')
      await entryIn(page, 'needs-attention').waitFor(clerk.mayTakeLong)
      proxy.setFault(({ path }) => (kioskOnly.test(path) ? { type: 'cut' } : undefined))
      await finish('LÒ THỊ CHỜ MẪU')
      await page.keyboard.press('F7')
      await entryIn(page, 'waiting').waitFor(clerk.mayTakeLong)
      await look(page, 'many-states')
      proxy.setFault(() => undefined)
      const line = await page.context().newCDPSession(page)
      const slow = { offline: false, latency: 50, downloadThroughput: -1, uploadThroughput: 40_000 }
      await line.send('Network.enable')
      await line.send('Network.emulateNetworkConditions', slow)
      await finish('LÒ THỊ GỬI MẪU', largePaper())
      await page.keyboard.press('F7')
      await entryIn(page, 'uploading').waitFor({ timeout: 60_000 })
      await look(page, 'uploading')
      proxy.setDown(true)
      await press(page, 'Lấy lại để sửa')
      await look(page, 'recalling')
    },
  },

  supplement: {
    work: async (installation, look) => {
      const page = await atWork(installation)
      await registerBirth(page, 'NGUYỄN VĂN MỜ MẪU')
      const code = (await page.getByTestId('official-code').textContent({ timeout: 60_000 })) ?? ''
      const reason = 'Giấy chứng sinh bị mờ; họ tên trẻ chưa khớp giấy chứng sinh.'
      const asked = ['--reason', reason, '--field', 'childName', '--paper', 'birthProof', '--due', '28/11/2026']
      await desk(installation, 'ask-supplement', code, ...asked)
      await page.keyboard.press('F7')
      await press(page, 'Làm bổ sung')
      await page.getByTestId('supplement-panel').waitFor(clerk.mayTakeLong)
      await look(page, 'step')
      await page.locator('[data-field="childName"] input').fill('NGUYỄN VĂN TỎ MẪU')
      await clerk.next(page)
      await clerk.atPlace(page, 'papers')
      await clerk.addPaper(page, 'birthProof', { name: 'ro.png', mimeType: 'image/png', buffer: noisePng(320, 240, 2) })
      await look(page, 'papers')
      await clerk.next(page)
      await clerk.atPlace(page, 'review')
      await look(page, 'review')
      await desk(installation, 'correct-answer', code, '--field', 'childName', '--value', 'NGUYỄN VĂN SÁNG MẪU')
      await page.getByTestId('next').click()
      await page.getByTestId('slip-page').waitFor(clerk.mayTakeLong)
      await look(page, 'slip')
      await page.keyboard.press('F7')
      await entryIn(page, 'needs-attention').getByRole('button', { name: 'Lấy lại để sửa' }).click(clerk.mayTakeLong)
      await page.getByTestId('conflict-childName').waitFor(clerk.mayTakeLong)
      await look(page, 'conflict')
      await page.keyboard.press('F7')
      await press(page, 'Rút hồ sơ')
      await look(page, 'withdraw')
    },
  },

  store: {
    work: async (installation, look) => {
      const { procedure, answers } = dossierOf('1.003677-khai-bao-tam-vang/specimens/for-oneself.json')
      const page = await atWork(installation)
      await begin(page, procedure.code)
      await clerk.readCard(page, tranVanThu)
      await page.getByTestId('store-panel').waitFor(clerk.mayTakeLong)
      await look(page, 'asked')
      await page.getByTestId('store-yes').click()
      await expect(page.getByTestId('store-panel')).toHaveAttribute('data-state', 'fetched', { timeout: 10_000 })
      await look(page, 'nothing-kept')
      const { absenteeSex: _, ...typed } = answers
      for (const step of procedure.steps) {
        await clerk.fillStepOf(page, procedure, step.id, typed)
        await look(page, step.id)
        await clerk.next(page)
      }
      await clerk.atPlace(page, 'papers')
      await clerk.next(page)
      await clerk.atPlace(page, 'review')
      await page.locator('[data-field^="consent-keepFactsOf"]').scrollIntoViewIfNeeded()
      await look(page, 'consent')
    },
  },

  trouble: {
    work: async (installation, look) => {
      const browser = await installation.openBrowser('browser', {
        prepare: (at) =>
          at.addInitScript(`{
            const { open } = IDBFactory.prototype
            IDBFactory.prototype.open = function (name, ...rest) {
              // Asked for with a version to work with it, without one to rescue what is in it.
              if (localStorage.broken && rest.length > 0 && !name.includes('~')) throw new DOMException('damaged', 'UnknownError')
              return open.call(this, name, ...rest)
            }
          }`),
      })
      const { page } = browser
      await clerk.createOperator(page)
      await clerk.signIn(page)
      await page.evaluate('localStorage.broken = 1')
      await page.reload()
      await page.getByText('MAY-07').waitFor(clerk.mayTakeLong)
      await look(page, 'store-broken')
      await press(page, /cứu sang kho mới/)
      await clerk.signIn(page)
      await page.getByText('KHO-05').waitFor(clerk.mayTakeLong)
      await look(page, 'rescued')
      await installation.killStation()
      await page.getByTestId('station-gone').waitFor(clerk.mayTakeLong)
      await look(page, 'station-gone')
    },
  },
}
