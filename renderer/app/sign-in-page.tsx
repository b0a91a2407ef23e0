import { t } from '@lingui/core/macro'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { StationDescription } from '../../contracts/station-api.ts'
import type { Operator, OutboxEntry, SignInFault, Vault } from '../../sync/vault/vault-api.ts'
import { groupOf } from '../outbox/outbox-group.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceColumn } from '../ui/choice-column.tsx'
import { Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import { EntryPage } from './entry-page.tsx'
import { later } from './later.ts'
import { useKeys } from './use-keys.ts'
import { useWait } from './use-wait.ts'
import { stationGoneMessage, storeMessage } from './words.ts'

const { part: ForgottenPinPage } = later(async () => (await import('./forgotten-pin-page.tsx')).ForgottenPinPage)

type Props = {
  vault: Vault
  operators: Operator[]
  description: StationDescription | null
  lastOperatorId: string | null
  lockedByIdle: boolean
  onSignedIn: (operator: Operator) => void
}

const problemOf = (fault: SignInFault, wait: string): string | null => {
  switch (fault.type) {
    case 'wrong-pin': {
      const left = fault.attemptsLeft
      return t`Mã PIN chưa đúng. Còn ${left} lần thử.`
    }
    case 'locked-out':
      return t`Nhập sai nhiều lần. ${wait} Bản nháp còn nguyên.`
    case 'unreadable':
      return t`Máy này không mở được khoá của người này: khoá của máy đã đổi. Báo người phụ trách.`
    case 'removed':
      return t`Máy chủ đã gỡ người này khỏi máy. Báo người phụ trách.`
    case 'contact-needed': {
      const days = fault.offlineDays
      return t`Máy đã ${days} ngày chưa liên lạc với máy chủ nên chưa cho vào. Nối mạng; không có mạng thì bấm F1 và gọi bàn hỗ trợ. Bản nháp còn nguyên.`
    }
    case 'not-found':
      return t`Người này không còn trên máy. Chọn lại.`
    default:
      return null
  }
}

const useQueueCount = (vault: Vault): number => {
  const [entries, setEntries] = useState<OutboxEntry[]>([])
  useEffect(() => vault.observeOutbox(setEntries, 'open'), [vault])
  return entries.filter((entry) => groupOf(entry) === 'waiting').length
}

export const SignInPage = ({ vault, operators, description, lastOperatorId, lockedByIdle, onSignedIn }: Props) => {
  const preferred = operators.find((operator) => operator.operatorId === lastOperatorId) ?? operators[0]
  const [operatorId, setOperatorId] = useState(preferred?.operatorId ?? '')
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<SignInFault | null>(null)
  const [forgotten, setForgotten] = useState(false)
  const [renewed, setRenewed] = useState(false)
  const attempt = useRef<AbortController | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const waiting = useQueueCount(vault)

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy || pin === '') return
    setBusy(true)
    const giveUp = new AbortController()
    attempt.current = giveUp
    const signedIn = await vault.signIn({ operatorId, pin, signal: giveUp.signal })
    setBusy(false)
    setPin('')
    if (signedIn.ok) return onSignedIn(signedIn.value)
    setFault(signedIn.error.type === 'given-up' ? null : signedIn.error)
    form.current?.querySelector<HTMLInputElement>('input[type="password"]')?.focus()
  }

  const forget = (): void => {
    setFault(null)
    setRenewed(false)
    setForgotten(true)
  }
  const giveUp = (): void => attempt.current?.abort()
  useKeys(forgotten ? [] : busy ? [['Esc', giveUp]] : [['F1', forget]])

  const wait = useWait(fault)
  const problem = fault === null ? null : problemOf(fault, wait)
  if (forgotten) {
    return (
      <ForgottenPinPage
        vault={vault}
        operators={operators}
        description={description}
        operatorId={operatorId}
        onDone={(renewedId) => {
          setOperatorId(renewedId)
          setForgotten(false)
          setRenewed(true)
        }}
        onCancel={() => setForgotten(false)}
      />
    )
  }
  return (
    <EntryPage
      title={lockedByIdle ? t`Máy đã khoá` : t`Ai làm việc?`}
      description={description}
      foot={
        <p className="note" role="status">
          {waiting === 0
            ? t`Không có hồ sơ chờ gửi. Không có mạng vẫn vào làm được.`
            : t`Máy có ${waiting} hồ sơ chờ gửi, tự gửi khi có mạng, cả khi đang khoá.`}
        </p>
      }
    >
      {fault !== null && problem === null ? <Message kind="error" message={otherFault(fault)} /> : null}
      {renewed ? <p role="status">{t`Đã đặt mã PIN mới. Nhập mã PIN mới để vào; mọi bản nháp còn nguyên.`}</p> : null}
      {lockedByIdle ? (
        <p className="note">{t`Năm phút không ai dùng. Mọi thứ đã lưu; nhập PIN để làm tiếp đúng chỗ cũ.`}</p>
      ) : null}
      <form ref={form} className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <ChoiceColumn
          label={t`Người làm việc`}
          value={operatorId}
          onChange={setOperatorId}
          choices={operators.map((operator) => ({ value: operator.operatorId, text: operator.name }))}
        />
        <TextField
          label={t`Mã PIN`}
          value={pin}
          onChange={setPin}
          problem={problem ?? undefined}
          secret
          autoFocus
          autoComplete="current-password"
        />
        <div className="row">
          <Button kind="primary" type="submit" hint="Enter">
            {busy ? t`Đang mở khoá…` : t`Vào làm việc`}
          </Button>
          {busy ? (
            <Button kind="quiet" hint="Esc" onPress={giveUp}>
              {t`Thôi`}
            </Button>
          ) : (
            <Button kind="quiet" hint="F1" onPress={forget}>
              {t`Quên PIN`}
            </Button>
          )}
        </div>
        {busy ? <progress className="busy-bar" aria-label={t`Đang mở khoá…`} /> : null}
      </form>
    </EntryPage>
  )
}

const otherFault = (fault: SignInFault) => {
  switch (fault.type) {
    case 'disk-full':
    case 'store-closed':
    case 'store-broken':
      return storeMessage(fault)
    default:
      return stationGoneMessage()
  }
}
