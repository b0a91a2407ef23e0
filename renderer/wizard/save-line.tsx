import { t } from '@lingui/core/macro'
import { useSyncExternalStore } from 'react'
import { storeMessage } from '../app/words.ts'
import { vietnamTime } from '../slip/slip.ts'
import type { SaveFault } from './open-dossier.ts'
import type { SaveStore } from './save-store.ts'

type Props = { store: SaveStore<SaveFault>; confirmed: number }

/** Where the work is. "Đã lưu" stands here only while the newest content is durable on this machine. Silent, except when asked (Ctrl S). */
export const SaveLine = ({ store, confirmed }: Props) => {
  const save = useSyncExternalStore(store.subscribe, store.get)
  const data = { 'data-testid': 'save-line', 'data-state': save.type }
  if (save.type === 'failed') {
    const { fault } = save
    const known =
      fault.type === 'disk-full' || fault.type === 'store-closed' || fault.type === 'store-broken' ? storeMessage(fault) : null
    return (
      <p className="save-line failed" role="alert" {...data}>
        <strong>{known?.title ?? t`Mở khoá lại để lưu`}.</strong>{' '}
        {known?.body ?? t`Chưa ghi được những chữ vừa gõ; máy đang thử lại.`}{' '}
        {known?.code === undefined ? null : <span className="note">({known.code})</span>}
      </p>
    )
  }
  if (save.type === 'writing') {
    return (
      <p className="save-line" {...data}>
        {t`Đang ghi xuống máy này…`} <strong>{t`Chưa gửi.`}</strong>
      </p>
    )
  }
  const { time } = vietnamTime(save.at)
  return (
    <p className="save-line" {...data}>
      <span className="state accepted" aria-hidden="true">
        ✓{' '}
      </span>
      {t`Đã lưu trên máy này lúc ${time}.`} <strong>{t`Chưa gửi.`}</strong>
      <span className="visually-hidden" role="status" key={confirmed}>
        {confirmed > 0 ? t`Đã lưu trên máy này lúc ${time}. Chưa gửi.` : ''}
      </span>
    </p>
  )
}
