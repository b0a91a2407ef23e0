/**
 * After a card was read: may what the gateway keeps of this person be fetched? The citizen says so or not; then at most three seconds, which
 * nobody has to wait for. What comes is offered with what is known otherwise, and can be erased on the spot.
 *
 *     asked ──(yes)──▶ fetching ──▶ fetched ──(erase)──▶ erasing ──▶ erased
 *       └──(no)──▶ gone     └──(stop, no answer)──▶ failed ──(again)──▶ fetching
 */
import { t } from '@lingui/core/macro'
import { useEffect, useRef, useState } from 'react'
import type { StoreAct } from '../../contracts/card-evidence.ts'
import type { KeptFacts } from '../../contracts/citizen-store.ts'
import type { CardShown, CitizenStoreClient, StoreFault } from '../../sync/client/sync-client-api.ts'
import { vietnamTime } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'

type Props = {
  /** A new card is a new panel: give it a key. */
  card: CardShown
  name: string
  operatorId: string
  store: CitizenStoreClient
  onKept: (facts: KeptFacts) => void
  onErased: () => void
  onClose: () => void
}

type State =
  | { name: 'asked' }
  | { name: 'working'; act: StoreAct }
  | { name: 'fetched'; count: number; until: string | undefined }
  | { name: 'erased' }
  | { name: 'failed'; act: StoreAct; fault: StoreFault | null }

const failedWords = (act: StoreAct, fault: StoreFault | null): string => {
  if (fault === null)
    return act === 'read'
      ? t`Đã thôi chờ. Khai tiếp như thường.`
      : t`Đã thôi chờ. Chưa biết đã xoá hay chưa: đặt thẻ lên hỏi lại (F4).`
  switch (fault.type) {
    case 'gateway-away':
      return act === 'read'
        ? t`Máy chủ không trả lời trong 3 giây. Khai tiếp như thường.`
        : t`Máy chủ không trả lời trong 3 giây. Chưa biết đã xoá hay chưa: đặt thẻ lên hỏi lại (F4).`
    case 'card-again':
      return t`Đặt thẻ lên đọc lại (F4): lần đọc trước đã quá lâu, hoặc chưa đủ chứng minh người có mặt.`
    case 'operator-removed':
      return t`Máy chủ không còn nhận người đang làm việc ở máy này. Báo người phụ trách.`
    case 'refused':
      return t`Máy chủ không cho lấy ở máy này. Khai tiếp như thường.`
  }
}

export const StorePanel = ({ card, name, operatorId, store, onKept, onErased, onClose }: Props) => {
  const [state, setState] = useState<State>({ name: 'asked' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const ask = async (act: StoreAct): Promise<void> => {
    const controller = new AbortController()
    running.current = controller
    setState({ name: 'working', act })
    const answer = await store.ask({ card, operatorId, act, signal: controller.signal })
    if (running.current !== controller) return
    running.current = null
    if (!answer.ok) return setState({ name: 'failed', act, fault: answer.error })
    if (act === 'erase') {
      setState({ name: 'erased' })
      return onErased()
    }
    const { facts, until } = answer.value
    setState({ name: 'fetched', count: Object.keys(facts).length, until })
    onKept(facts)
  }
  const stop = (act: StoreAct): void => {
    running.current?.abort()
    running.current = null
    setState({ name: 'failed', act, fault: null })
  }

  return (
    <section className="message stack" aria-label={t`Kho của ông/bà`} data-testid="store-panel" data-state={state.name}>
      {state.name === 'asked' ? (
        <div className="row spread">
          <div>
            <p>
              <strong>{t`Hỏi ${name}: ông/bà cho phép lấy thông tin đã lưu?`}</strong>
            </p>
            <p className="note">{t`Chỉ có nếu lần trước ông/bà đồng ý lưu. Không lấy vẫn làm hồ sơ bình thường.`}</p>
          </div>
          <div className="row">
            <Button small onPress={() => void ask('read')} testId="store-yes">
              {t`Cho phép, lấy`}
            </Button>
            <Button small kind="quiet" onPress={onClose} testId="store-no">
              {t`Không lấy`}
            </Button>
          </div>
        </div>
      ) : null}
      {state.name === 'working' ? (
        <div className="row spread" role="status">
          <p>{state.act === 'read' ? t`Đang hỏi máy chủ, nhiều nhất 3 giây…` : t`Đang xoá ở máy chủ…`}</p>
          <Button small kind="quiet" onPress={() => stop(state.act)}>
            {t`Thôi chờ`}
          </Button>
        </div>
      ) : null}
      {state.name === 'fetched' ? (
        <div className="row spread" role="status">
          <Fetched count={state.count} until={state.until} />
          <div className="row">
            {state.until === undefined ? null : (
              <Button small kind="quiet" onPress={() => void ask('erase')} testId="store-erase">
                {t`Xoá theo lời ông/bà`}
              </Button>
            )}
            <Button small kind="quiet" onPress={onClose}>
              {t`Đóng`}
            </Button>
          </div>
        </div>
      ) : null}
      {state.name === 'erased' ? (
        <div className="row spread" role="status">
          <p>{t`Đã xoá hết ở máy chủ. Ô đã lấy vào hồ sơ này vẫn còn, sửa được.`}</p>
          <Button small kind="quiet" onPress={onClose}>
            {t`Đóng`}
          </Button>
        </div>
      ) : null}
      {state.name === 'failed' ? (
        <div className="row spread" role="status">
          <p>{failedWords(state.act, state.fault)}</p>
          <Button small kind="quiet" onPress={onClose}>
            {t`Đóng`}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

const Fetched = ({ count, until }: { count: number; until: string | undefined }) => {
  if (until === undefined) return <p>{t`Máy chủ chưa lưu gì của ông/bà. Khai như thường.`}</p>
  const { day } = vietnamTime(until)
  return (
    <p>
      {t`Kho của ông/bà có ${count} điều, lưu đến ${day}.`}{' '}
      <span className="note">{t`Ô nào dùng được thì hiện ở mỗi bước.`}</span>
    </p>
  )
}
