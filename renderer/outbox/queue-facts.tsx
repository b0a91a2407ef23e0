/** What holds for the whole queue: how much is left to send and how long that takes, and that a disk was put back to an older state, here or there. */
import { t } from '@lingui/core/macro'
import type { SyncClient, SyncStatus } from '../../sync/client/sync-client-api.ts'
import { megabytes } from '../papers/paper-words.ts'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'

const durationWords = (ms: number): string => {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 90) return t`khoảng ${minutes} phút`
  const hours = (minutes / 60).toFixed(1).replace('.', ',')
  return t`khoảng ${hours} giờ`
}

const leftWords = ({ bytesLeft, remainingMs }: Pick<SyncStatus, 'bytesLeft' | 'remainingMs'>): string => {
  const size = megabytes(bytesLeft)
  if (remainingMs === undefined) return t`Còn ${size} giấy tờ phải gửi. Chưa đo được tốc độ mạng nên chưa biết bao lâu.`
  const duration = durationWords(remainingMs)
  return t`Còn ${size} giấy tờ phải gửi, ${duration} theo tốc độ mạng vừa đo.`
}

type Props = { status: SyncStatus; sync: SyncClient }

export const QueueFacts = ({ status, sync }: Props) => (
  <>
    {status.rolledBack ? (
      <Message
        kind="warning"
        message={{
          title: t`Báo người phụ trách: kho của máy này lùi về trước`,
          body: t`Máy chủ đã có hồ sơ của máy này mà máy này không còn nhớ, như khi ổ đĩa được khôi phục từ bản cũ. Hồ sơ máy chủ đã nhận được ghi lại vào Hàng chờ theo mã phiếu, không có tên người dân; gửi lại cũng chỉ tính một lần. Hồ sơ làm sau bản cũ mà chưa gửi thì không còn ở đây.`,
          code: 'KHO-04',
        }}
      >
        <div>
          <Button onPress={() => void sync.acknowledgeRollback()}>{t`Đã đọc`}</Button>
        </div>
      </Message>
    ) : null}
    {status.forgottenThere === '' ? null : (
      <Message
        kind="warning"
        message={{
          title: t`Báo người phụ trách: máy chủ đã quên hồ sơ nó từng tiếp nhận`,
          body: t`Như khi máy chủ được khôi phục từ bản cũ. Ở đây còn mã phiếu và biên nhận có chữ ký của máy chủ, không còn giấy tờ. Hỏi cơ quan về từng mã; hồ sơ nào cơ quan không có thì mời người dân lập lại: ${status.forgottenThere}.`,
          code: 'KHO-06',
        }}
      >
        <div>
          <Button onPress={() => void sync.acknowledgeForgottenThere()}>{t`Đã đọc`}</Button>
        </div>
      </Message>
    )}
    {status.bytesLeft > 0 ? <p data-testid="bytes-left">{leftWords(status)}</p> : null}
  </>
)
