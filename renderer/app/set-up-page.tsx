import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { StationApi, StationDescription } from '../../contracts/station-api.ts'
import { Button } from '../ui/button.tsx'
import { Form } from '../ui/form.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import { EntryPage } from './entry-page.tsx'

type Props = {
  station: StationApi
  description: StationDescription | null
  onEnrolled: (description: StationDescription) => void
}

const failureMessage = (type: string): MachineMessage => {
  if (type === 'code-refused') {
    return {
      title: t`So lại mã ghi danh`,
      body: t`Máy chủ không nhận mã này: mã chỉ dùng một lần và có hạn. Xin người phụ trách mã mới nếu mã đã dùng.`,
      code: 'GHI-01',
    }
  }
  if (type === 'gateway-answer-invalid') {
    return {
      title: t`Đăng nhập mạng Wi-Fi của điểm`,
      body: t`Câu trả lời không phải của máy chủ Trạm. Chưa có gì thay đổi trên máy.`,
      code: 'GHI-03',
    }
  }
  return {
    title: t`Nối mạng rồi ghi danh lại`,
    body: t`Máy chưa tới được máy chủ. Chưa có gì thay đổi trên máy.`,
    code: 'GHI-02',
  }
}

export const SetUpPage = ({ station, description, onEnrolled }: Props) => {
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | undefined>(undefined)

  const submit = async (): Promise<void> => {
    if (busy) return
    const trimmed = code.trim().toUpperCase()
    if (trimmed.length < 16 || trimmed.length > 64) {
      setProblem(t`Mã ghi danh có ít nhất 16 chữ và số, đang có ${trimmed.length}.`)
      return
    }
    setProblem(undefined)
    setBusy(true)
    const answer = await station.call('enrol', { code: trimmed })
    setBusy(false)
    if (!answer.ok) setFailure('station-unavailable')
    else if (answer.value.ok) onEnrolled(answer.value.value)
    else if (answer.value.error.type === 'already-enrolled') {
      const described = await station.call('describe', {})
      if (described.ok) onEnrolled(described.value)
    } else setFailure(answer.value.error.type)
  }

  return (
    <EntryPage title={t`Ghi danh máy này`} description={description}>
      {failure === null ? null : <Message kind="error" message={failureMessage(failure)} />}
      <Form onSubmit={submit}>
        <TextField
          label={t`Mã ghi danh một lần`}
          hint={t`Người phụ trách đưa mã này. Mã chỉ dùng được một lần.`}
          value={code}
          onChange={setCode}
          problem={problem}
          autoFocus
        />
        <div>
          <Button kind="primary" type="submit" hint="Enter">
            {busy ? t`Đang ghi danh…` : t`Ghi danh`}
          </Button>
        </div>
      </Form>
    </EntryPage>
  )
}
