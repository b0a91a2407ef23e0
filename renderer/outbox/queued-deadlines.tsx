import { t } from '@lingui/core/macro'
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'
import { say } from '../locales/locale.ts'
import { Message } from '../ui/message.tsx'
import { endangered } from './endangered.ts'

const printed = (until: string): string => `${until.slice(11)} ${until.slice(8, 10)}/${until.slice(5, 7)}/${until.slice(0, 4)}`

/** What is in danger while it waits, with the other way there is. */
export const QueuedDeadlines = ({ entry, now }: { entry: OutboxEntry; now: Date }) => (
  <>
    {endangered(entry, now).map(({ id, state, until, label, late, otherWay }) => (
      <Message
        key={id}
        kind="warning"
        live={false}
        message={
          state === 'late'
            ? { title: t`Đã quá hạn mà chưa gửi được: ${say(label)}`, body: `${say(late)} ${say(otherWay)}` }
            : {
                title: t`Sắp hết hạn, hồ sơ còn chờ mạng: ${say(label)}`,
                body: `${t`Hạn cuối ${printed(until)}.`} ${say(otherWay)}`,
              }
        }
      />
    ))}
  </>
)
