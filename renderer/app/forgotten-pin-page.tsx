import { t } from '@lingui/core/macro'
import { useEffect, useState } from 'react'
import type { StationDescription } from '../../contracts/station-api.ts'
import type { Operator, RecoverFault, ResetPinFault, Vault } from '../../sync/vault/vault-api.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceColumn } from '../ui/choice-column.tsx'
import { Form } from '../ui/form.tsx'
import { Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import { EntryPage } from './entry-page.tsx'
import { NewPinFields, PinAdvice, useNewPin } from './new-pin.tsx'
import { useKeys } from './use-keys.ts'
import { useWait } from './use-wait.ts'
import { stationGoneMessage, storeMessage } from './words.ts'

type Props = {
  vault: Vault
  operators: Operator[]
  description: StationDescription | null
  operatorId: string
  onDone: (operatorId: string) => void
  onCancel: () => void
}
type Way = 'supervisor' | 'desk'
type Problems = { supervisorPin?: string; code?: string; person?: string }

const problemsOf = (fault: RecoverFault | ResetPinFault, way: Way, wait: string): Problems | null => {
  switch (fault.type) {
    case 'wrong-pin': {
      const left = fault.attemptsLeft
      return way === 'supervisor'
        ? { supervisorPin: t`Mã PIN chưa đúng. Còn ${left} lần thử.` }
        : { code: t`Mã này không mở được. So lại mã thử với bàn hỗ trợ. Còn ${left} lần thử.` }
    }
    case 'locked-out': {
      const words = t`Nhập sai nhiều lần. ${wait} Bản nháp còn nguyên.`
      return way === 'supervisor' ? { supervisorPin: words } : { code: words }
    }
    case 'code-mistyped':
      return { code: t`Mã có 20 chữ và số; có chữ nghe hoặc gõ nhầm. Nhờ đọc lại.` }
    case 'not-held':
      return {
        person: t`Người phụ trách này chưa giữ khoá của người quên PIN. Chọn người phụ trách khác, hoặc gọi bàn hỗ trợ.`,
      }
    case 'contact-needed':
      return { person: t`Máy đã lâu chưa liên lạc với máy chủ. Nối mạng, hoặc gọi bàn hỗ trợ lấy mã.` }
    case 'removed':
      return { person: t`Máy chủ đã gỡ người này khỏi máy. Báo người phụ trách.` }
    case 'unreadable':
      return { person: t`Máy này không mở được khoá của người này: khoá của máy đã đổi. Báo người phụ trách.` }
    case 'not-found':
    case 'not-supervisor':
      return { person: t`Người này không còn trên máy. Chọn lại.` }
    default:
      return null
  }
}

/** A forgotten PIN, with or without network: a supervisor who is here, or a code read out by telephone. */
export const ForgottenPinPage = ({ vault, operators, description, operatorId, onDone, onCancel }: Props) => {
  const who = operators.find((each) => each.operatorId === operatorId)?.name
  const supervisors = operators.filter(({ role, operatorId: id }) => role === 'supervisor' && id !== operatorId)
  const [chosenWay, setWay] = useState<Way>('supervisor')
  const way: Way = supervisors.length === 0 ? 'desk' : chosenWay
  const [chosenSupervisor, setSupervisor] = useState('')
  const supervisorId = (supervisors.find(({ operatorId: id }) => id === chosenSupervisor) ?? supervisors[0])?.operatorId ?? ''
  const [supervisorPin, setSupervisorPin] = useState('')
  const [challenge, setChallenge] = useState<string | null>(null)
  const [code, setCode] = useState('')
  const newPin = useNewPin(description)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<RecoverFault | ResetPinFault | null>(null)
  const wait = useWait(fault)
  const said = fault === null ? {} : problemsOf(fault, way, wait)
  const problems = said ?? {}
  useKeys([['Esc', onCancel]])

  useEffect(() => {
    setChallenge(null)
    if (way !== 'desk') return
    let current = true
    void vault.recoveryChallenge(operatorId).then((answer) => {
      if (current) setChallenge(answer.ok ? answer.value.challenge : '')
    })
    return () => {
      current = false
    }
  }, [vault, way, operatorId])

  const submit = async (): Promise<void> => {
    if (busy) return
    setFault(null)
    // A try of the supervisor's PIN or of the desk's code is not spent on a PIN that will not do.
    if (!newPin.judge()) return
    setBusy(true)
    const done =
      way === 'supervisor'
        ? await vault.resetPin({ supervisorId, supervisorPin, operatorId, newPin: newPin.pin })
        : await vault.recoverWithCode({ operatorId, code, newPin: newPin.pin })
    setBusy(false)
    setSupervisorPin('')
    if (done.ok) return onDone(operatorId)
    if (done.error.type === 'pin-too-weak') return newPin.refuse()
    setFault(done.error)
  }

  return (
    <EntryPage title={t`Đặt mã PIN mới`} description={description}>
      <p>
        {operators.length > 1 && who !== undefined ? (
          <>
            {t`Người quên mã PIN:`} <strong>{who}</strong>.{' '}
          </>
        ) : null}
        <span className="note">{t`Bản nháp và hồ sơ chờ gửi còn nguyên. Không cần mạng.`}</span>
      </p>
      {fault === null || said !== null ? null : (
        <Message
          kind="error"
          message={
            fault.type === 'disk-full' || fault.type === 'store-closed' || fault.type === 'store-broken'
              ? storeMessage(fault)
              : stationGoneMessage()
          }
        />
      )}
      {problems.person === undefined ? null : (
        <p className="problem" role="alert">
          <span aria-hidden="true">! </span>
          {problems.person}
        </p>
      )}
      <Form onSubmit={submit}>
        {supervisors.length > 0 ? (
          <ChoiceColumn<Way>
            label={t`Lấy lại bằng cách nào?`}
            value={way}
            onChange={(chosen) => {
              setWay(chosen)
              setFault(null)
            }}
            choices={[
              { value: 'supervisor', text: t`Người phụ trách của điểm đang ở đây` },
              { value: 'desk', text: t`Gọi điện cho bàn hỗ trợ` },
            ]}
          />
        ) : null}
        {way === 'supervisor' ? (
          <>
            {supervisors.length > 1 ? (
              <ChoiceColumn
                label={t`Người phụ trách`}
                value={supervisorId}
                onChange={setSupervisor}
                choices={supervisors.map((each) => ({ value: each.operatorId, text: each.name }))}
              />
            ) : null}
            <TextField
              label={t`Mã PIN của người phụ trách`}
              {...(supervisors[0] === undefined || supervisors.length > 1 ? {} : { hint: supervisors[0].name })}
              value={supervisorPin}
              onChange={setSupervisorPin}
              problem={problems.supervisorPin}
              secret
              autoFocus
            />
          </>
        ) : challenge === '' ? (
          <Message
            message={{
              title: t`Nối mạng một lần rồi mới gọi được bàn hỗ trợ`,
              body: t`Máy này chưa có khoá dự phòng cho người này: từ khi tạo, máy chưa liên lạc với máy chủ. Bản nháp còn nguyên.`,
              code: 'PIN-01',
            }}
          />
        ) : (
          <>
            <div className="field">
              <span>{t`Đọc mã thử này cho bàn hỗ trợ`}</span>
              <strong className="spoken" data-testid="challenge">
                {challenge ?? '…'}
              </strong>
            </div>
            <TextField
              label={t`Mã bàn hỗ trợ đọc lại`}
              hint={t`20 chữ và số, chỉ dùng được một lần. Không phân biệt chữ hoa, chữ thường.`}
              value={code}
              onChange={setCode}
              problem={problems.code}
              autoFocus
            />
          </>
        )}
        <NewPinFields
          newPin={newPin}
          label={t`Mã PIN mới`}
          hint={t`Người quên PIN tự nhập, ít nhất 6 số.`}
          againLabel={t`Nhập lại mã PIN mới`}
        />
        <PinAdvice newPin={newPin} />
        <div className="row">
          <Button kind="primary" type="submit" hint="Enter">
            {busy ? t`Đang đặt…` : t`Đặt mã PIN mới`}
          </Button>
          <Button kind="quiet" hint="Esc" onPress={onCancel}>
            {t`Quay lại`}
          </Button>
        </div>
      </Form>
    </EntryPage>
  )
}
