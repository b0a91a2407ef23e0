/** Rút hồ sơ: a person says why, and it is queued as the dossier's next event. Until the agency says so, nothing has been withdrawn. */
import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { cutAt } from '../../procedures/rules/normalise.ts'
import type { OutboxEntry, Vault } from '../../sync/vault/vault-api.ts'
import { storeMessage } from '../app/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'

type Fault = Extract<Awaited<ReturnType<Vault['withdraw']>>, { ok: false }>['error']

const words = (fault: Fault): MachineMessage => {
  if (fault.type === 'disk-full' || fault.type === 'store-closed' || fault.type === 'store-broken') return storeMessage(fault)
  return { title: t`Thử rút lại sau`, body: t`Chưa ghi được đơn rút. Hồ sơ vẫn như cũ ở cơ quan.`, code: 'RUT-01' }
}

type Props = { entry: OutboxEntry; vault: Vault; onClose: () => void }

export const WithdrawDialog = ({ entry, vault, onClose }: Props) => {
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<MachineMessage | null>(null)
  const withdraw = async (): Promise<void> => {
    if (reason.trim() === '') return setMissing(true)
    setBusy(true)
    const done = await vault.withdraw({ packetId: entry.packetId, reason: reason.trim() })
    setBusy(false)
    if (done.ok) onClose()
    else setTrouble(words(done.error))
  }
  return (
    <Dialog title={t`Rút hồ sơ này?`} onClose={onClose} testId="withdraw-dialog">
      <p>
        <strong>{entry.label ?? entry.slipCode}</strong>
      </p>
      <p>{t`Đơn rút gửi tới cơ quan khi có mạng. Cơ quan xác nhận thì hồ sơ mới được rút; lệ phí đã nộp theo quy định của cơ quan.`}</p>
      {trouble === null ? null : <Message kind="error" message={trouble} />}
      <TextField
        label={t`Vì sao người dân rút`}
        value={reason}
        onChange={(value) => {
          setReason(cutAt(value, 500))
          setMissing(false)
        }}
        problem={missing ? t`Ghi lý do rút.` : undefined}
        autoFocus
      />
      <div className="row">
        <Button kind="primary" disabled={busy} onPress={() => void withdraw()} testId="withdraw">
          {t`Rút hồ sơ`}
        </Button>
        <Button onPress={onClose}>{t`Không rút`}</Button>
      </div>
    </Dialog>
  )
}
