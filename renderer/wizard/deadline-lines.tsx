/** By when the citizen must act, in words: before the work begins, and again while it is done. The other way stands beside a deadline in danger. */
import { t } from '@lingui/core/macro'
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import { deadlinesOf, todayInVietnam } from '../../procedures/rules/index.ts'
import { say } from '../locales/locale.ts'
import { Message } from '../ui/message.tsx'

const printed = (until: string): string => `${until.slice(11)} ${until.slice(8, 10)}/${until.slice(5, 7)}/${until.slice(0, 4)}`

type Props = { procedure: Procedure; answers: Answers; now: Date }

export const DeadlineLines = ({ procedure, answers, now }: Props) => {
  const found = deadlinesOf(procedure, answers, { today: todayInVietnam(now) }, now)
  return (
    <>
      {found.map(({ deadline, state, until }) => {
        if (state === 'unknown' || state === 'in-time' || until === undefined) return null
        const title = state === 'late' ? t`Đã quá hạn: ${say(deadline.label)}` : t`Sắp hết hạn: ${say(deadline.label)}`
        const body =
          state === 'late'
            ? `${say(deadline.late)} ${say(deadline.otherWay)}`
            : `${t`Hạn cuối: ${printed(until)}. Hồ sơ nằm chờ mạng thì chưa phải là đã nộp.`} ${say(deadline.otherWay)}`
        return <Message key={deadline.id} kind="warning" live={false} message={{ title, body }} />
      })}
    </>
  )
}
