import { t } from '@lingui/core/macro'
import { type FormEvent, useCallback, useState } from 'react'
import type { OperatorRole } from '../../contracts/lease.ts'
import type { StationDescription } from '../../contracts/station-api.ts'
import { digitsAdvised, pinSearchCost } from '../../sync/vault/pin-cost.ts'
import type { CreateOperatorFault, Vault } from '../../sync/vault/vault-api.ts'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import { EntryPage } from './entry-page.tsx'
import { PersonChoice } from './person-choice.tsx'
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
type Problems = { name?: string; pin?: string; again?: string }

export const OperatorPage = ({ vault, description, first, lock, onCreated, onCancel }: Props) => {
  useIdle(useCallback(() => lock?.(true), [lock]))
  useKeys(lock === null ? [] : [['Ctrl L', () => lock(false)]])
  const [name, setName] = useState('')
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [role, setRole] = useState<OperatorRole>('operator')
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problems>({})
  const [keptShort, setKeptShort] = useState(false)
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<CreateOperatorFault | null>(null)

  const mayAppoint = !first && vault.session()?.role === 'supervisor'

  const secret = description?.deviceSecret ?? 'file'
  const cost = pinSearchCost(secret, pin.length)
  const advised = digitsAdvised(secret)
  const hours = cost.kind === 'searchable' ? Math.max(1, Math.round(cost.coreHours)).toLocaleString('vi') : ''
  const digits = pin.length

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    const found: Problems = {
      ...(name.trim() === '' ? { name: t`Ghi họ và tên người làm việc.` } : {}),
      ...(/^\d{6,}$/.test(pin) ? {} : { pin: t`Mã PIN có ít nhất 6 số, đang có ${pin.length}.` }),
      ...(again === pin ? {} : { again: t`Hai lần nhập mã PIN phải giống nhau.` }),
    }
    setProblems(found)
    setFault(null)
    if (Object.keys(found).length > 0) return
    if (cost.kind === 'searchable' && !cost.enough && !keptShort) return setAsking(true)
    setAsking(false)
    setBusy(true)
    const created = await vault.createOperator({ name: name.normalize('NFC').trim(), pin, ...(first ? {} : { role }) })
    setBusy(false)
    if (created.ok) return onCreated()
    if (created.error.type === 'pin-too-weak')
      setProblems({ pin: t`Chọn mã PIN khó đoán hơn: không dùng số liền nhau hoặc lặp lại.` })
    else if (created.error.type === 'name-taken') setProblems({ name: t`Tên này đã có trên máy. Ghi thêm chữ đệm hoặc quầy.` })
    else if (created.error.type === 'name-invalid') setProblems({ name: t`Ghi họ và tên bằng chữ.` })
    else setFault(created.error)
  }

  return (
    <EntryPage title={first ? t`Tạo người làm việc đầu tiên` : t`Thêm người làm việc`} description={description}>
      {fault === null ? null : <Message kind="error" message={faultMessage(fault)} />}
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <TextField label={t`Họ và tên`} value={name} onChange={setName} problem={problems.name} autoFocus />
        <TextField
          label={t`Mã PIN`}
          hint={t`Ít nhất 6 số. Mã PIN mở bản nháp trên máy này; càng dài càng khó dò nếu mất ổ đĩa.`}
          value={pin}
          onChange={setPin}
          problem={problems.pin}
          secret
          autoComplete="new-password"
        />
        <TextField
          label={t`Nhập lại mã PIN`}
          value={again}
          onChange={setAgain}
          problem={problems.again}
          secret
          autoComplete="new-password"
        />
        {mayAppoint ? (
          <PersonChoice<OperatorRole>
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
        {secret === 'file' ? (
          <p className="note">
            {t`Khoá của máy này nằm trong tệp: ai lấy được ổ đĩa chỉ còn phải dò mã PIN. Nên dùng PIN từ ${advised} số, hoặc mã hoá ổ đĩa.`}
          </p>
        ) : null}
        {asking ? (
          <Message
            kind="warning"
            message={{
              title: t`Chọn mã PIN dài hơn`,
              body: t`Nếu mất ổ đĩa, mã PIN ${digits} số dò ra sau khoảng ${hours} giờ của một lõi máy tính thuê ngoài. Ổ đĩa đã mã hoá thì giữ nguyên được.`,
              code: 'PIN-02',
            }}
          >
            <div className="row">
              <Button
                small
                onPress={() => {
                  setKeptShort(true)
                  setAsking(false)
                }}
              >
                {t`Giữ nguyên`}
              </Button>
            </div>
          </Message>
        ) : null}
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
      </form>
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
