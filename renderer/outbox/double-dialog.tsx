/** The same matter was handed in before, here, within a month: facts side by side, and a person decides. Nothing is dropped either way. */
import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'
import { vietnamTime } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { wordsOf } from './outbox-words.ts'

type Props = {
  doubles: OutboxEntry[]
  /** Who is signed in. */
  operatorId: string
  /** Undefined: stay a draft. */
  onDecided: (reason: string | undefined) => void
}

export const DoubleDialog = ({ doubles, operatorId, onDecided }: Props) => {
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const handIn = (): void => {
    if (reason.trim() === '') setMissing(true)
    else onDecided(reason.trim())
  }
  return (
    <Dialog title={t`Xem lại: việc này đã làm ở máy này`} onClose={() => onDecided(undefined)} testId="double-dialog">
      <p>{t`Cùng thủ tục, cùng người, cùng ngày. Hồ sơ đã làm trước:`}</p>
      <ul className="plain-list stack">
        {doubles.map((entry) => {
          const words = wordsOf(entry)
          const { time, day } = vietnamTime(entry.queuedAt)
          const who = entry.operatorId === operatorId ? t`chính người đang làm việc` : t`người khác`
          return (
            <li key={entry.packetId} className="card" data-testid="double-entry">
              <p className={`state ${words.tone}`}>
                <span aria-hidden="true">{words.sign} </span>
                {words.label}
              </p>
              <p>
                <strong>{entry.slipCode}</strong> · {t`lưu ${time}, ${day}, ${who}`}
              </p>
              <p className="note">{words.sentence}</p>
            </li>
          )
        })}
      </ul>
      <TextField
        label={t`Vì sao vẫn nộp thêm hồ sơ này`}
        value={reason}
        onChange={(text) => {
          setReason(text)
          setMissing(false)
        }}
        problem={missing ? t`Ghi lý do, hoặc giữ bản nháp.` : undefined}
      />
      <div className="row">
        <Button kind="primary" onPress={() => onDecided(undefined)}>
          {t`Giữ bản nháp, chưa nộp`}
        </Button>
        <Button onPress={handIn}>{t`Vẫn nộp`}</Button>
      </div>
    </Dialog>
  )
}
