import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { StationDescription } from '../../contracts/station-api.ts'
import type { SyncStatus } from '../../sync/client/sync-client-api.ts'
import type { Operator, OutboxEntry } from '../../sync/vault/vault-api.ts'
import { groupOf } from '../outbox/outbox-group.ts'
import { vietnamTime } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { AppearanceSwitches, TrainingLine } from './entry-page.tsx'
import type { Readers } from './use-readers.ts'

type Props = {
  description: StationDescription
  operator: Operator
  status: SyncStatus
  entries: OutboxEntry[]
  readers: Readers
  onHome: () => void
  onOutbox: () => void
  onLock: () => void
  onAddOperator: () => void
}

export const networkWords = (network: SyncStatus['network']): { short: string; sentence: string } => {
  switch (network) {
    case 'online':
      return { short: t`Có mạng`, sentence: t`Có mạng, tới được máy chủ. Hồ sơ tự gửi.` }
    case 'unreachable':
      return {
        short: t`Chưa tới được máy chủ`,
        sentence: t`Có mạng nhưng chưa tới được máy chủ. Vẫn làm hồ sơ bình thường; máy tự thử lại.`,
      }
    case 'offline':
      return { short: t`Không có mạng`, sentence: t`Không có mạng (vẫn làm hồ sơ bình thường).` }
    case 'checking':
      return { short: t`Đang kiểm tra mạng`, sentence: t`Đang kiểm tra mạng.` }
  }
}

const readerWords = (readers: Readers): { short: string; sentence: string } => {
  if (readers.list.length === 0) {
    return {
      short: t`Chưa thấy đầu đọc`,
      sentence: t`Chưa thấy đầu đọc. Cắm đầu đọc thẻ vào cổng USB; trong lúc chờ vẫn gõ tay được.`,
    }
  }
  const present = readers.list.some((reader) => reader.cardPresent)
  const simulated = readers.list.some((reader) => reader.simulated)
  const kind = simulated ? t`Đầu đọc mô phỏng` : t`Đầu đọc`
  return {
    short: simulated ? t`Đầu đọc mô phỏng` : t`Đầu đọc sẵn sàng`,
    sentence: present ? t`${kind}: đã thấy thẻ.` : t`${kind}: sẵn sàng, chưa có thẻ.`,
  }
}

export const TopBar = ({ description, operator, status, entries, readers, onHome, onOutbox, onLock, onAddOperator }: Props) => {
  const [open, setOpen] = useState(false)
  const waiting = entries.filter((entry) => groupOf(entry) === 'waiting').length
  const network = networkWords(status.network)
  const reader = readerWords(readers)
  const enrolment = description.enrolment
  const simulated = readers.list.some((each) => each.simulated)
  const lastSync = status.lastSyncAt === undefined ? null : vietnamTime(status.lastSyncAt)
  const skewMinutes = status.clockSkewMs === undefined ? 0 : Math.round(Math.abs(status.clockSkewMs) / 60_000)
  return (
    <header className="top" data-region="top">
      <button type="button" className="top-mark" onClick={onHome}>
        <span className="word-mark">Trạm</span>
        <span className="note">
          {enrolment?.pointName}
          <br />
          {enrolment?.stationName}
        </span>
        <span className="visually-hidden">{t`Về trang đầu`}</span>
      </button>
      <TrainingLine description={description} />
      <div className="row top-end">
        <span className="note">{operator.name}</span>
        <Button kind="quiet" small hint="Ctrl L" onPress={onLock}>
          {t`Khoá máy`}
        </Button>
        <button
          type="button"
          className="status-button"
          onClick={() => setOpen(true)}
          data-testid="status"
          data-network={status.network}
        >
          <span className={status.network === 'online' ? 'state accepted' : 'state queued'}>
            <span aria-hidden="true">{status.network === 'online' ? '◉ ' : '◌ '}</span>
            {network.short}
          </span>
          <span>{t`${waiting} chờ gửi`}</span>
          <span className={readers.list.length === 0 ? 'state queued' : 'state accepted'}>{reader.short}</span>
        </button>
      </div>
      {open ? (
        <Dialog title={t`Tình trạng của máy`} onClose={() => setOpen(false)}>
          <dl className="answers facts">
            <div>
              <dt>{t`Mạng`}</dt>
              <dd>
                <p>{network.sentence}</p>
                <p className="note">
                  {lastSync === null
                    ? t`Chưa liên lạc với máy chủ từ khi mở.`
                    : t`Liên lạc được lần cuối lúc ${lastSync.time}, ${lastSync.day}.`}
                </p>
                {status.refused ? (
                  <p className="state attention wrap">{t`Máy chủ không còn nhận máy này. Báo người phụ trách.`}</p>
                ) : null}
                {skewMinutes > 2 ? (
                  <p>{t`Đồng hồ của máy lệch ${skewMinutes} phút so với máy chủ. Hồ sơ vẫn gửi được.`}</p>
                ) : null}
              </dd>
            </div>
            <div>
              <dt>{t`Hàng chờ`}</dt>
              <dd>{waiting === 0 ? t`Không có hồ sơ chờ gửi.` : t`${waiting} hồ sơ chờ gửi, nằm trên máy này, đã mã hoá.`}</dd>
            </div>
            <div>
              <dt>{t`Đầu đọc thẻ`}</dt>
              <dd>
                <p>{reader.sentence}</p>
                {simulated ? <p className="note">{t`Chỉ có thẻ của người mẫu.`}</p> : null}
              </dd>
            </div>
            {description.deviceSecret === 'file' ? (
              <div>
                <dt>{t`Khoá của máy`}</dt>
                <dd>{t`Nằm trong tệp: nếu mất ổ đĩa, bản nháp chỉ được giữ bởi mã PIN.`}</dd>
              </div>
            ) : null}
          </dl>
          <div className="row">
            <Button hint="F7" onPress={onOutbox}>
              {t`Hàng chờ, hôm nay`}
            </Button>
            <Button kind="quiet" onPress={onAddOperator}>
              {t`Thêm người làm việc`}
            </Button>
          </div>
          <AppearanceSwitches />
        </Dialog>
      ) : null}
    </header>
  )
}
