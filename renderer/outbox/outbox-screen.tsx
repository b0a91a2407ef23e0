import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { SyncClient, SyncStatus } from '../../sync/client/sync-client-api.ts'
import type { Operator, OutboxEntry, Vault } from '../../sync/vault/vault-api.ts'
import { procedureName } from '../app/procedure-name.ts'
import type { View } from '../app/session-machine.ts'
import { useKeys } from '../app/use-keys.ts'
import { useMinute } from '../app/use-minute.ts'
import { storeMessage } from '../app/words.ts'
import { vietnamTime } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { saveQueue } from './courier-file.ts'
import { CourierPanel } from './courier-panel.tsx'
import { groupOf, type OutboxGroup } from './outbox-group.ts'
import { doubleWords, eventWords, openSupplementMessage, takeBackMessage, wordsOf } from './outbox-words.ts'
import { QueueFacts } from './queue-facts.tsx'
import { QueuedDeadlines } from './queued-deadlines.tsx'
import { RescueNote } from './rescue-note.tsx'
import {
  eventBehind,
  isShelvedHere,
  isWithdrawn,
  mayRecall,
  maySupply,
  mayTakeBack,
  mayWithdraw,
  waitsForAnother,
} from './take-back.ts'
import { WithdrawDialog } from './withdraw-dialog.tsx'

type Props = {
  entries: OutboxEntry[]
  operator: Operator
  status: SyncStatus
  sync: SyncClient
  vault: Vault
  show: (view: View) => void
}

const groups: OutboxGroup[] = ['attention', 'waiting', 'sent', 'accepted']

export const OutboxScreen = ({ entries, operator, status, sync, vault, show }: Props) => {
  const [shown, setShown] = useState<OutboxGroup | null>(null)
  const [courier, setCourier] = useState(false)
  const [trouble, setTrouble] = useState<MachineMessage | null>(null)
  const [saved, setSaved] = useState<MachineMessage | null>(null)
  const [withdrawing, setWithdrawing] = useState<OutboxEntry | null>(null)
  const now = useMinute()
  useKeys([['Alt ←', () => show({ name: 'home' })]])
  const names: Record<OutboxGroup, string> = {
    attention: t`Cần xem`,
    waiting: t`Chờ gửi`,
    sent: t`Đã gửi`,
    accepted: t`Đã tiếp nhận`,
  }
  const count = (group: OutboxGroup): number => entries.filter((entry) => groupOf(entry) === group).length
  const listed = entries.filter((entry) => shown === null || groupOf(entry) === shown)

  const supply = async (packetId: string): Promise<void> => {
    const opened = await vault.openSupplement({ packetId, fetch: sync.fetchSupplement })
    if (opened.ok) show({ name: 'dossier', draftId: opened.value.draftId })
    else setTrouble(openSupplementMessage(opened.error))
  }
  const saveOne = async (entry: OutboxEntry): Promise<void> => {
    setSaved(null)
    setTrouble(null)
    const made = await saveQueue(vault, entry)
    if (!made.ok) return setTrouble(storeMessage(made.error))
    const { slipCode } = entry
    if (made.value.dossiers === 0)
      return setTrouble({
        title: t`Báo người phụ trách: hồ sơ ${slipCode} thiếu tệp trên máy`,
        body: t`Không ghi ra tệp được vì một phần bản niêm phong không còn đọc được.`,
      })
    setSaved({
      title: t`Chép tệp hồ sơ ${slipCode} vào USB và mang tới máy chủ`,
      body: t`Hồ sơ còn niêm phong; tệp ghi kèm lý do để người phụ trách máy chủ xem. Hồ sơ vẫn nằm ở hàng chờ của máy này.`,
    })
  }
  const takeBack = async (entry: OutboxEntry): Promise<void> => {
    const { packetId, kind, progress } = entry
    setSaved(null)
    setTrouble(null)
    const behind = eventBehind(entry, entries)
    if (behind !== undefined)
      return setTrouble(takeBackMessage({ type: 'later-event', kind: behind.kind === 'withdraw' ? 'withdraw' : 'supplement' }))
    if (mayRecall(entry, operator.operatorId)) return sync.recall(packetId)
    if (kind === 'withdraw') {
      const cancelled = await vault.cancelWithdrawal(packetId)
      if (!cancelled.ok) return setTrouble(takeBackMessage(cancelled.error))
      const words = { title: t`Đã bỏ đơn rút`, body: t`Hồ sơ vẫn ở cơ quan như trước khi ghi đơn rút.` }
      return setSaved(words)
    }
    const taken = await vault.takeBack(packetId)
    if (!taken.ok) return setTrouble(takeBackMessage(taken.error))
    const { draftId } = taken.value
    // Without the agency's newest version the same supplement would be refused for the same reason.
    if (kind === 'supplement' && progress.state.name === 'needs-attention' && progress.state.reason === 'changed-elsewhere')
      await vault.renewSupplement({ draftId, fetch: sync.fetchSupplement })
    show({ name: 'dossier', draftId })
  }

  return (
    <main className="page" data-region="form">
      <div className="stack page-narrow">
        <div className="row spread">
          <h1>{t`Hàng chờ và hôm nay`}</h1>
          <div className="row">
            <Button hint="Alt ←" kind="quiet" onPress={() => show({ name: 'home' })}>
              {t`Trang đầu`}
            </Button>
            <Button onPress={() => setCourier(true)}>{t`Chuyển USB`}</Button>
            <Button kind={count('waiting') > 0 ? 'primary' : 'plain'} onPress={() => void sync.sendNow()}>
              {t`Gửi ngay`}
            </Button>
          </div>
        </div>
        <RescueNote vault={vault} />
        <QueueFacts status={status} sync={sync} />
        {trouble === null ? null : <Message kind="warning" message={trouble} />}
        {saved === null ? null : <Message message={saved} />}
        <fieldset className="row" aria-label={t`Lọc`}>
          <button
            type="button"
            className="choice"
            aria-pressed={shown === null}
            {...(shown === null ? { 'data-selected': true } : {})}
            onClick={() => setShown(null)}
          >
            {t`Tất cả ${entries.length}`}
          </button>
          {groups.map((group) => (
            <button
              type="button"
              key={group}
              className="choice"
              aria-pressed={shown === group}
              {...(shown === group ? { 'data-selected': true } : {})}
              onClick={() => setShown(group)}
            >
              {names[group]} {count(group)}
            </button>
          ))}
        </fieldset>
        {listed.length === 0 ? (
          <div className="card stack">
            <p>{entries.length === 0 ? t`Chưa có hồ sơ nào hôm nay.` : t`Không có hồ sơ nào ở mục này.`}</p>
            <div>
              <Button onPress={() => show({ name: 'home' })}>{t`Làm hồ sơ mới`}</Button>
            </div>
          </div>
        ) : (
          <ul className="plain-list stack">
            {listed.map((entry) => (
              <Row
                key={entry.packetId}
                now={now}
                entry={entry}
                waitsForAnother={waitsForAnother(entry, entries)}
                withdrawn={entry.kind !== 'withdraw' && isWithdrawn(entry, entries)}
                show={show}
                sync={sync}
                save={isShelvedHere(entry) ? () => void saveOne(entry) : null}
                withdraw={mayWithdraw(entry, entries, operator.operatorId) ? () => setWithdrawing(entry) : null}
                supply={maySupply(entry, entries) ? () => void supply(entry.packetId) : null}
                takeBack={
                  mayTakeBack(entry, operator.operatorId) || mayRecall(entry, operator.operatorId)
                    ? () => void takeBack(entry)
                    : null
                }
              />
            ))}
          </ul>
        )}
        {withdrawing === null ? null : <WithdrawDialog entry={withdrawing} vault={vault} onClose={() => setWithdrawing(null)} />}
      </div>
      {courier ? <CourierPanel vault={vault} sync={sync} waiting={count('waiting')} onClose={() => setCourier(false)} /> : null}
    </main>
  )
}

type RowProps = {
  now: Date
  entry: OutboxEntry
  waitsForAnother: boolean
  /** Its citizen has asked for it back since. */
  withdrawn: boolean
  show: (view: View) => void
  sync: SyncClient
  save: (() => void) | null
  takeBack: (() => void) | null
  supply: (() => void) | null
  withdraw: (() => void) | null
}

const Row = ({ now, entry, waitsForAnother: waits, withdrawn, show, sync, save, takeBack, supply, withdraw }: RowProps) => {
  const words = wordsOf(entry)
  const event = eventWords(entry.kind)
  const queued = vietnamTime(entry.queuedAt)
  const { name } = entry.progress.state
  const [other] = entry.double?.kept === false ? entry.double.others : []
  const double = other ?? null
  const sharePercent = entry.bytesTotal === 0 ? 0 : Math.floor((entry.bytesSent / entry.bytesTotal) * 100)
  return (
    <li className="card outbox-row" data-testid="outbox-entry" data-state={name} data-slip={entry.slipCode}>
      <p className={`state ${words.tone}`}>
        <span aria-hidden="true">{words.sign} </span>
        {words.label}
      </p>
      <div>
        <p>
          <strong>{entry.label ?? (entry.rebuilt ? t`Ghi lại từ máy chủ` : t`Hồ sơ của người khác`)}</strong> ·{' '}
          {event === undefined ? '' : `${event} · `}
          {procedureName(entry.procedureCode, entry.procedureVersion)}
        </p>
        <p data-testid="outbox-sentence">
          {waits ? t`Đã lưu trên máy này. Xem lại phần trước của hồ sơ này ở hàng chờ, rồi phần này tự gửi.` : words.sentence}
          {withdrawn ? ` ${t`Đã có đơn rút hồ sơ này.`}` : ''}
        </p>
        {name === 'uploading' ? (
          <div
            className="bar"
            role="progressbar"
            aria-label={t`Đã gửi`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={sharePercent}
          >
            <div className="fill" style={{ inlineSize: `${sharePercent}%` }} />
          </div>
        ) : null}
        {double === null ? null : (
          <p className="doubt" data-testid="outbox-double">
            {doubleWords(double)}
          </p>
        )}
        <QueuedDeadlines entry={entry} now={now} />
        <p className="note">
          {entry.slipCode === ''
            ? t`Không đọc được mã phiếu · lưu ${queued.time}, ${queued.day}`
            : t`Mã phiếu ${entry.slipCode} · lưu ${queued.time}, ${queued.day}`}
          {entry.training ? ` · ${t`tập huấn`}` : ''}
          {entry.official?.simulated === true || entry.status?.simulated === true ? ` · ${t`cơ quan mô phỏng`}` : ''}
        </p>
      </div>
      <div className="row">
        {entry.slipCode === '' ? null : (
          <Button small kind="quiet" onPress={() => show({ name: 'slip', packetId: entry.packetId })}>
            {t`Xem phiếu`}
          </Button>
        )}
        {isShelvedHere(entry) ? (
          <Button small onPress={() => void sync.sendNow(entry.packetId)}>
            {t`Gửi lại`}
          </Button>
        ) : null}
        {save === null ? null : (
          <Button small onPress={save}>
            {t`Lưu ra tệp`}
          </Button>
        )}
        {double === null ? null : (
          <Button small onPress={() => void sync.keepDouble(entry.packetId)}>
            {t`Giữ cả hai`}
          </Button>
        )}
        {supply !== null ? (
          <Button small onPress={supply}>
            {t`Làm bổ sung`}
          </Button>
        ) : null}
        {takeBack !== null ? (
          <Button small onPress={takeBack}>
            {entry.kind === 'withdraw' ? t`Bỏ đơn rút` : t`Lấy lại để sửa`}
          </Button>
        ) : null}
        {withdraw !== null ? (
          <Button small kind="quiet" onPress={withdraw}>
            {t`Rút hồ sơ`}
          </Button>
        ) : null}
      </div>
    </li>
  )
}
