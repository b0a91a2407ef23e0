import { t } from '@lingui/core/macro'
import { useCallback, useEffect, useState } from 'react'
import type { HandOverFault, Vault, WorkOwner } from '../../sync/vault/vault-api.ts'
import { Button } from '../ui/button.tsx'

const wordsOf = ({ type }: HandOverFault): string =>
  type === 'unreadable'
    ? t`Chưa nhận được: người phụ trách này không giữ khoá của người đó.`
    : t`Chưa nhận được: máy chưa ghi được. Không mất gì, bấm lại.`

const amount = (count: number, words: string): string => (count === 0 ? '' : ` · ${words}`)

/** For a supervisor: drafts and shelved dossiers of people who are gone or away, to be taken over. Others see nothing of them. */
export const OthersWork = ({ vault, operatorId }: { vault: Vault; operatorId: string }) => {
  const [owners, setOwners] = useState<WorkOwner[]>([])
  const [failed, setFailed] = useState<{ operatorId: string; words: string } | null>(null)
  const look = useCallback(async () => {
    const found = await vault.listWorkOwners()
    if (found.ok) setOwners(found.value.filter((owner) => owner.operatorId !== operatorId))
  }, [vault, operatorId])
  useEffect(() => void look(), [look])
  if (owners.length === 0) return null
  const adopt = async (owner: WorkOwner): Promise<void> => {
    const adopted = await vault.adoptWork(owner.operatorId)
    setFailed(adopted.ok ? null : { operatorId: owner.operatorId, words: wordsOf(adopted.error) })
    await look()
  }
  return (
    <section aria-labelledby="others-title" className="card stack">
      <h2 id="others-title">{t`Việc của người khác trên máy này`}</h2>
      <ul className="plain-list drafts">
        {owners.map((owner) => {
          const { name, drafts, shelved } = owner
          return (
            <li key={owner.operatorId} className="stack">
              <div>
                <p>
                  <strong>{name}</strong>
                  {amount(drafts, t`${drafts} bản nháp`)}
                  {amount(shelved, t`${shelved} hồ sơ cần xem lại`)}
                </p>
                <p className="note">
                  {owner.removed ? t`Đã bị gỡ khỏi máy. Nhận về để làm tiếp, kẻo hết hạn giữ.` : t`Còn làm việc trên máy này.`}
                </p>
                {failed?.operatorId === owner.operatorId ? (
                  <p className="problem" role="alert">
                    <span aria-hidden="true">! </span>
                    {failed.words}
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
