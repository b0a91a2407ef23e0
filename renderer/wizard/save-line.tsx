/**
 * Where the work is. "Đã lưu" stands here only while the newest content is durable on this machine. Silent, except when asked (Ctrl S). Both
 * things it mostly says stand in the page, and one is seen: that something is being written is said with the letter itself, and draws nothing.
 */
import { t } from '@lingui/core/macro'
import { useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { storeMessage } from '../app/words.ts'
import { vietnamTime } from '../slip/slip.ts'
import type { SaveFault } from './open-dossier.ts'
import type { SaveStore } from './save-store.ts'

type Props = { store: SaveStore<SaveFault>; confirmed: number }

export const SaveLine = ({ store, confirmed }: Props) => {
  const settled = useSyncExternalStore(store.subscribe, store.settled)
  return settled.type === 'failed' ? (
    <NotSaved fault={settled.fault} />
  ) : (
    <Saved store={store} at={settled.at} confirmed={confirmed} />
  )
}

const NotSaved = ({ fault }: { fault: SaveFault }) => {
  const known =
    fault.type === 'disk-full' || fault.type === 'store-closed' || fault.type === 'store-broken' ? storeMessage(fault) : null
  return (
    <p className="save-line failed" role="alert" data-testid="save-line" data-state="failed">
      <strong>{known?.title ?? t`Mở khoá lại để lưu`}.</strong>{' '}
      {known?.body ?? t`Chưa ghi được những chữ vừa gõ; máy đang thử lại.`}{' '}
      {known?.code === undefined ? null : <span className="note">({known.code})</span>}
    </p>
  )
}

const Saved = ({ store, at, confirmed }: Props & { at: string }) => {
  const line = useRef<HTMLParagraphElement>(null)
  useLayoutEffect(() => {
    const show = (): void => line.current?.setAttribute('data-state', store.get().type)
    show()
    return store.subscribe(show)
  }, [store])
  const { time } = vietnamTime(at)
  return (
    <p className="save-line" ref={line} data-testid="save-line">
      <span className="while-writing">
        {t`Đang ghi xuống máy này…`} <strong>{t`Chưa gửi.`}</strong>
      </span>
      <span className="once-saved">
        <span className="state accepted" aria-hidden="true">
          ✓{' '}
        </span>
        {t`Đã lưu trên máy này lúc ${time}.`} <strong>{t`Chưa gửi.`}</strong>
      </span>
      <span className="visually-hidden" role="status" key={confirmed}>
        {confirmed > 0 ? t`Đã lưu trên máy này. Chưa gửi.` : ''}
      </span>
    </p>
  )
}
