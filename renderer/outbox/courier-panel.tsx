/** The queue by stick: out of this machine, sealed as it is; or another machine's, handed on to the gateway from here. */
import { t } from '@lingui/core/macro'
import { type ReactNode, useId, useRef, useState } from 'react'
import type { SyncClient } from '../../sync/client/sync-client-api.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'
import { storeMessage } from '../app/words.ts'
import { megabytes } from '../papers/paper-words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { courierFileName, type Reported, saveFile, saveQueue, takeFile } from './courier-file.ts'

type Props = { vault: Vault; sync: SyncClient; waiting: number; onClose: () => void }

/** What came of it stands at the end, and is seen on a small screen too. */
const inView = (node: HTMLElement | null): void => node?.scrollIntoView({ block: 'nearest' })

const reportedMessage = (reported: Reported): { kind: 'plain' | 'warning'; message: MachineMessage } => {
  switch (reported.type) {
    case 'receipts': {
      const { taken } = reported
      return {
        kind: 'plain',
        message: { title: t`Đã nhận ${taken} biên nhận`, body: t`Hồ sơ có biên nhận đã ở máy chủ; máy này xoá bản niêm phong.` },
      }
    }
    case 'forwarded': {
      const { received, refused } = reported.report
      const missed = refused.length
      return missed === 0
        ? {
            kind: 'plain',
            message: {
              title: t`Máy chủ đã nhận ${received} hồ sơ`,
              body: t`Máy gốc tự biết khi có mạng. Máy gốc không có mạng thì lưu biên nhận vào USB và mang về.`,
            },
          }
        : {
            kind: 'warning',
            message: {
              title: t`Báo máy gốc về ${missed} hồ sơ chưa nhận được`,
              body: t`Máy chủ đã nhận ${received} hồ sơ. Các hồ sơ còn lại vẫn nằm ở hàng chờ của máy gốc.`,
            },
          }
    }
    case 'cut-off':
      return {
        kind: 'warning',
        message: {
          title: t`Chép lại tệp từ máy gốc`,
          body: t`Tệp bị cắt giữa chừng. Hồ sơ đọc được đã gửi; gửi lại cả tệp không làm trùng.`,
        },
      }
    case 'gateway-away':
      return {
        kind: 'warning',
        message: {
          title: t`Nối mạng rồi chọn lại tệp này`,
          body: t`Chưa tới được máy chủ. Phần đã gửi không phải gửi lại, tệp trên USB còn nguyên.`,
        },
      }
    case 'unknown-file':
      return {
        kind: 'warning',
        message: { title: t`Chọn tệp hàng chờ hoặc tệp biên nhận`, body: t`Tệp vừa chọn không phải tệp của Trạm.` },
      }
  }
}

export const CourierPanel = ({ vault, sync, waiting, onClose }: Props) => {
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const [busy, setBusy] = useState<string | null>(null)
  const [told, setTold] = useState<ReactNode>(null)

  const out = async (): Promise<void> => {
    setBusy(t`Đang ghi hàng chờ ra tệp…`)
    const saved = await saveQueue(vault)
    setBusy(null)
    if (!saved.ok) return setTold(<Message kind="error" message={storeMessage(saved.error)} />)
    const { dossiers, skipped } = saved.value
    const size = megabytes(saved.value.bytes)
    const left = skipped === 0 ? '' : t`${skipped} hồ sơ thiếu tệp trên máy nên không ghi.`
    setTold(
      <Message
        message={{
          title: t`Chép tệp vừa lưu vào USB và mang đi`,
          body: t`Đã ghi ${dossiers} hồ sơ, ${size}, còn niêm phong. Hàng chờ vẫn giữ nguyên và vẫn tự gửi khi có mạng. ${left}`,
        }}
      />,
    )
  }

  const take = async (file: File): Promise<void> => {
    setTold(null)
    setBusy(t`Đang đọc tệp…`)
    const reported = await takeFile(file, sync, (done) => setBusy(t`Đang gửi lên máy chủ: ${done} hồ sơ`))
    setBusy(null)
    const { kind, message } = reportedMessage(reported)
    setTold(
      <Message kind={kind} message={message}>
        {reported.type === 'forwarded' && reported.report.receipts.receipts.length > 0 ? (
          <div>
            <Button
              onPress={() =>
                saveFile(new Blob([JSON.stringify(reported.report.receipts)]), courierFileName(new Date(), 'bien-nhan', 'json'))
              }
            >
              {t`Lưu biên nhận vào USB`}
            </Button>
          </div>
        ) : null}
      </Message>,
    )
  }

  return (
    <Dialog title={t`Chuyển hàng chờ bằng USB`} onClose={onClose} testId="courier-dialog">
      <section className="stack">
        <h3>{t`Mang đi từ máy này`}</h3>
        <p>{t`${waiting} hồ sơ đang chờ. Tệp vẫn niêm phong, không ai mở được trên đường. Nộp ở máy Trạm khác hoặc ở máy chủ; tới bằng hai đường cũng chỉ tính một lần.`}</p>
        <div>
          <Button kind="primary" disabled={busy !== null || waiting === 0} onPress={() => void out()}>
            {t`Lưu hàng chờ ra tệp`}
          </Button>
        </div>
      </section>
      <section className="stack">
        <h3>{t`Nhận tệp từ USB`}</h3>
        <p>{t`Hàng chờ của máy khác được gửi thẳng lên máy chủ, không lưu lại ở đây. Biên nhận mang về thì nhận ở chính máy gốc.`}</p>
        <label htmlFor={id} className="visually-hidden">
          {t`Tệp hàng chờ hoặc biên nhận`}
        </label>
        <input
          ref={input}
          id={id}
          className="visually-hidden"
          tabIndex={-1}
          type="file"
          autoComplete="off"
          accept=".tram,.json"
          data-testid="courier-file"
          onChange={(event) => {
            const [chosen] = event.target.files ?? []
            event.target.value = ''
            if (chosen !== undefined) void take(chosen)
          }}
        />
        <div>
          <Button disabled={busy !== null} onPress={() => input.current?.click()}>
            {t`Chọn tệp…`}
          </Button>
        </div>
      </section>
      {busy === null ? null : <p role="status">{busy}</p>}
      {told === null ? null : <div ref={inView}>{told}</div>}
    </Dialog>
  )
}
