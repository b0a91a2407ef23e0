import { t } from '@lingui/core/macro'
import { useCallback, useEffect, useState } from 'react'
import type { Vault } from '../../sync/vault/vault-api.ts'
import { Button } from '../ui/button.tsx'

type Owner = { operatorId: string; name: string; removed: boolean; drafts: number }

/** For a supervisor: drafts of people who are gone or away, to be taken over. Others see nothing of them. */
export const OthersDrafts = ({ vault, operatorId }: { vault: Vault; operatorId: string }) => {
  const [owners, setOwners] = useState<Owner[]>([])
  const [failed, setFailed] = useState<string | null>(null)
  const look = useCallback(async () => {
    const found = await vault.listDraftOwners()
    if (found.ok) setOwners(found.value.filter((owner) => owner.operatorId !== operatorId))
  }, [vault, operatorId])
  useEffect(() => void look(), [look])
  if (owners.length === 0) return null
  const adopt = async (owner: Owner): Promise<void> => {
    const adopted = await vault.adoptDrafts(owner.operatorId)
    setFailed(adopted.ok ? null : owner.operatorId)
    await look()
  }
  return (
    <section aria-labelledby="others-title" className="card stack">
      <h2 id="others-title">{t`Bản nháp của người khác trên máy này`}</h2>
      <ul className="plain-list drafts">
        {owners.map((owner) => {
          const { name, drafts } = owner
          return (
            <li key={owner.operatorId} className="stack">
              <div>
                <p>
                  <strong>{name}</strong> · {t`${drafts} bản nháp`}
                </p>
                <p className="note">
                  {owner.removed ? t`Đã bị gỡ khỏi máy. Nhận về để làm tiếp, kẻo hết hạn giữ.` : t`Còn làm việc trên máy này.`}
                </p>
                {failed === owner.operatorId ? (
                  <p className="problem" role="alert">
                    <span aria-hidden="true">! </span>
                    {t`Chưa nhận được: người phụ trách này không giữ khoá của người đó.`}
                  </p>
                ) : null}
              </div>
              <Button small onPress={() => void adopt(owner)}>
                {t`Nhận về làm tiếp`}
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
