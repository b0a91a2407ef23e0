import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { DraftSummary, HandOverFault, Operator, Vault } from '../../sync/vault/vault-api.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceColumn } from '../ui/choice-column.tsx'
import { Dialog } from '../ui/dialog.tsx'

type Props = {
  vault: Vault
  draft: DraftSummary
  /** The others of this machine. */
  others: Operator[]
  onGiven: () => void
  onClose: () => void
}

const words = (fault: HandOverFault): string =>
  fault.type === 'no-such-operator'
    ? t`Người này cần vào làm việc trên máy một lần trước đã. Bản nháp vẫn ở đây.`
    : t`Chưa chuyển được. Bản nháp vẫn ở đây, còn nguyên.`

export const HandOverDialog = ({ vault, draft, others, onGiven, onClose }: Props) => {
  const [to, setTo] = useState(others[0]?.operatorId ?? '')
  const [fault, setFault] = useState<HandOverFault | null>(null)
  const hand = async (): Promise<void> => {
    const done = await vault.handOver({ draftId: draft.draftId, toOperatorId: to })
    if (!done.ok) {
      setFault(done.error)
      return
    }
    onGiven()
    onClose()
  }
  return (
    <Dialog title={t`Chuyển bản nháp cho người khác`} onClose={onClose}>
      <p>
        <strong>{draft.label === '' ? t`Chưa ghi tên` : draft.label}</strong>
      </p>
      <p>{t`Người nhận mở được bản nháp cùng các giấy tờ; ở danh sách của mình sẽ không còn.`}</p>
      <ChoiceColumn
        label={t`Người nhận`}
        value={to}
        onChange={setTo}
        choices={others.map((each) => ({ value: each.operatorId, text: each.name }))}
      />
      {fault === null ? null : (
        <p className="problem" role="alert">
          <span aria-hidden="true">! </span>
          {words(fault)}
        </p>
      )}
      <div className="row">
        <Button kind="primary" onPress={() => void hand()}>
          {t`Chuyển`}
        </Button>
        <Button onPress={onClose}>{t`Giữ lại`}</Button>
      </div>
    </Dialog>
  )
}
