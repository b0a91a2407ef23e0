/** A new PIN, typed twice and judged before anything is asked of the vault: its length, what anybody tries first, and what it costs to search. */
import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { StationDescription } from '../../contracts/station-api.ts'
import { digitsAdvised, pinSearchCost } from '../../sync/vault/pin-cost.ts'
import { isWeakPin } from '../../sync/vault/weak-pin.ts'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'

type Problems = { pin?: string; again?: string }

const tooSimple = (): string => t`Chọn mã PIN khó đoán hơn: không dùng số liền nhau hoặc lặp lại.`

const problemsOf = (pin: string, again: string): Problems => ({
  ...(/^\d{6,32}$/.test(pin)
    ? isWeakPin(pin)
      ? { pin: tooSimple() }
      : {}
    : {
        pin: /^\d*$/.test(pin)
          ? pin.length > 32
            ? t`Mã PIN có nhiều nhất 32 số, đang có ${pin.length}.`
            : t`Mã PIN có ít nhất 6 số, đang có ${pin.length}.`
          : t`Mã PIN chỉ gồm số.`,
      }),
  ...(again === pin ? {} : { again: t`Hai lần nhập mã PIN phải giống nhau.` }),
})

export type NewPin = {
  pin: string
  again: string
  setPin: (pin: string) => void
  setAgain: (again: string) => void
  problems: Problems
  /** Good enough to go on with; else the fields say why. A PIN that is cheap to search is asked about once. */
  judge: () => boolean
  /** The vault found it too simple after all. */
  refuse: () => void
  secret: StationDescription['deviceSecret']
  isAsking: boolean
  keepShort: () => void
}

export const useNewPin = (description: StationDescription | null): NewPin => {
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [problems, setProblems] = useState<Problems>({})
  const [keptShort, setKeptShort] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const secret = description?.deviceSecret ?? 'file'
  return {
    pin,
    again,
    setPin,
    setAgain,
    problems,
    secret,
    isAsking,
    judge: () => {
      const found = problemsOf(pin, again)
      setProblems(found)
      const cost = pinSearchCost(secret, pin.length)
      const ask = Object.keys(found).length === 0 && cost.kind === 'searchable' && !cost.enough && !keptShort
      setAsking(ask)
      return Object.keys(found).length === 0 && !ask
    },
    refuse: () => setProblems({ pin: tooSimple() }),
    keepShort: () => {
      setKeptShort(true)
      setAsking(false)
    },
  }
}

type Props = { newPin: NewPin; label: string; hint: string; againLabel: string }

export const NewPinFields = ({ newPin, label, hint, againLabel }: Props) => (
  <div className="pair twice">
    <TextField
      label={label}
      hint={hint}
      value={newPin.pin}
      onChange={newPin.setPin}
      problem={newPin.problems.pin}
      secret
      autoComplete="new-password"
    />
    <TextField
      label={againLabel}
      value={newPin.again}
      onChange={newPin.setAgain}
      problem={newPin.problems.again}
      secret
      autoComplete="new-password"
    />
  </div>
)

/** How long a PIN should be on this machine, and the question about one that is shorter. */
export const PinAdvice = ({ newPin }: { newPin: NewPin }) => {
  const { secret, pin } = newPin
  if (secret !== 'file') return null
  const advised = digitsAdvised(secret)
  const cost = pinSearchCost(secret, pin.length)
  const hours = cost.kind === 'searchable' ? Math.max(1, Math.round(cost.coreHours)).toLocaleString('vi') : ''
  const digits = pin.length
  return (
    <>
      <p className="note">
        {t`Khoá của máy này nằm trong tệp: ai lấy được ổ đĩa chỉ còn phải dò mã PIN. Nên dùng PIN từ ${advised} số, hoặc mã hoá ổ đĩa.`}
      </p>
      {newPin.isAsking ? (
        <Message
          kind="warning"
          message={{
            title: t`Chọn mã PIN dài hơn`,
            body: t`Nếu mất ổ đĩa, mã PIN ${digits} số dò ra sau khoảng ${hours} giờ của một lõi máy tính thuê ngoài. Ổ đĩa đã mã hoá thì giữ nguyên được.`,
            code: 'PIN-02',
          }}
        >
          <div className="row">
            <Button small onPress={newPin.keepShort}>
              {t`Giữ nguyên`}
            </Button>
          </div>
        </Message>
      ) : null}
    </>
  )
}
