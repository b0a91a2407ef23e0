/** The queue in its states: handed over by a stick, shelved, waiting, on its way, taken back. */
import { join } from 'node:path'
import { goHome, largePaper, registerBirth, smallPaper } from '../../fixtures/births.ts'
import * as clerk from '../../fixtures/clerk.ts'
import { atWork, desk, entryIn, type Journey, press, shut } from './steps.ts'

export const queue: Journey = {
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
}
