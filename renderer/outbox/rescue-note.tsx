/** A damaged store was set aside: what was saved, what was not, until somebody has read it. */
import { t } from '@lingui/core/macro'
import { useEffect, useState } from 'react'
import type { Rescued, Vault } from '../../sync/vault/vault-api.ts'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'

const bodyOf = ({ read, lost }: Rescued): string => {
  if (lost < 0)
    return t`Kho cũ không mở được nên chưa cứu được gì; nó vẫn được giữ trên máy. Hồ sơ đã gửi sẽ hiện lại ở Hàng chờ khi có mạng. Hỏi lại người dân về hồ sơ chưa gửi.`
  if (lost === 0) return t`Đã chép ${read} mục, không mục nào mất. Kho cũ vẫn được giữ trên máy.`
  return t`Đã chép ${read} mục; ${lost} mục không đọc được. Kho cũ vẫn được giữ trên máy. So bản nháp và hàng chờ với phiếu đã in; hồ sơ đã gửi sẽ hiện lại ở Hàng chờ khi có mạng.`
}

export const RescueNote = ({ vault }: { vault: Vault }) => {
  const [rescued, setRescued] = useState<Rescued | null>(null)
  useEffect(() => {
    let gone = false
    void vault.rescued().then((found) => {
      if (!gone) setRescued(found ?? null)
    })
    return () => {
      gone = true
    }
  }, [vault])
  if (rescued === null) return null
  return (
    <Message
      kind="warning"
      message={{ title: t`Xem lại bản nháp và hàng chờ: kho hồ sơ đã được cứu`, body: bodyOf(rescued), code: 'KHO-05' }}
    >
      <div>
        <Button onPress={() => void vault.acknowledgeRescue().then(() => setRescued(null))}>{t`Đã đọc`}</Button>
      </div>
    </Message>
  )
}
