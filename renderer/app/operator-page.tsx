import { t } from '@lingui/core/macro'
import { useCallback, useState } from 'react'
import type { OperatorRole } from '../../contracts/lease.ts'
import type { StationDescription } from '../../contracts/station-api.ts'
import type { CreateOperatorFault, Vault } from '../../sync/vault/vault-api.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceColumn } from '../ui/choice-column.tsx'
import { Form } from '../ui/form.tsx'
import { Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import { EntryPage } from './entry-page.tsx'
import { NewPinFields, PinAdvice, useNewPin } from './new-pin.tsx'
import { useIdle } from './use-idle.ts'
import { useKeys } from './use-keys.ts'
import { stationGoneMessage, storeMessage } from './words.ts'

type Props = {
  vault: Vault
  description: StationDescription | null
  first: boolean
  /** Null while there is nobody whose work could be locked. */
  lock: ((idle: boolean) => void) | null
  onCreated: () => void
  onCancel: () => void
}
type Problems = { name?: string }

export const OperatorPage = ({ vault, description, first, lock, onCreated, onCancel }: Props) => {
  useIdle(useCallback(() => lock?.(true), [lock]))
  useKeys(lock === null ? [] : [['Ctrl L', () => lock(false)]])
  const [name, setName] = useState('')
  const newPin = useNewPin(description)
  const [role, setRole] = useState<OperatorRole>('operator')
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problems>({})
  const [fault, setFault] = useState<CreateOperatorFault | null>(null)

  const mayAppoint = !first && vault.session()?.role === 'supervisor'

  const submit = async (): Promise<void> => {
    if (busy) return
    const found: Problems = {
      ...(name.trim() === '' ? { name: t`Ghi họ và tên người làm việc.` } : {}),
    }
    setProblems(found)
    setFault(null)
    const good = newPin.judge()
    if (Object.keys(found).length > 0 || !good) return
    setBusy(true)
    const created = await vault.createOperator({
      name: name.normalize('NFC').trim(),
      pin: newPin.pin,
      ...(first ? {} : { role }),
    })
    setBusy(false)
    if (created.ok) return onCreated()
    if (created.error.type === 'pin-too-weak') newPin.refuse()
    else if (created.error.type === 'name-taken') setProblems({ name: t`Tên này đã có trên máy. Ghi thêm chữ đệm hoặc quầy.` })
    else if (created.error.type === 'name-invalid') setProblems({ name: t`Ghi họ và tên bằng chữ.` })
    else setFault(created.error)
  }

  return (
    <EntryPage title={first ? t`Tạo người làm việc đầu tiên` : t`Thêm người làm việc`} description={description}>
      {fault === null ? null : <Message kind="error" message={faultMessage(fault)} />}
      <Form onSubmit={submit}>
        <TextField label={t`Họ và tên`} value={name} onChange={setName} problem={problems.name} autoFocus />
        <NewPinFields
          newPin={newPin}
          label={t`Mã PIN`}
          hint={t`Ít nhất 6 số, càng dài càng khó dò.`}
          againLabel={t`Nhập lại mã PIN`}
        />
        {mayAppoint ? (
          <ChoiceColumn<OperatorRole>
            label={t`Vai trò`}
            value={role}
            onChange={setRole}
            choices={[
              { value: 'operator', text: t`Người làm việc` },
              { value: 'supervisor', text: t`Người phụ trách của điểm: đặt lại được mã PIN cho người khác` },
            ]}
          />
        ) : null}
        {first ? (
          <p className="note">{t`Người đầu tiên là người phụ trách của điểm: đặt lại được mã PIN cho người khác.`}</p>
        ) : null}
        <PinAdvice newPin={newPin} />
        <div className="row">
          <Button kind="primary" type="submit" hint="Enter">
            {busy ? t`Đang tạo…` : t`Tạo`}
          </Button>
          {first ? null : (
            <Button kind="quiet" onPress={onCancel}>
              {t`Quay lại`}
            </Button>
          )}
        </div>
      </Form>
    </EntryPage>
  )
}

const faultMessage = (fault: CreateOperatorFault) => {
  switch (fault.type) {
    case 'disk-full':
    case 'store-closed':
    case 'store-broken':
      return storeMessage(fault)
    default:
      return stationGoneMessage()
  }
}
