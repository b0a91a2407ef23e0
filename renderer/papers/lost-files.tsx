import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'
import { storeMessage } from '../app/words.ts'
import { Button } from '../ui/button.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { lostFilesMessage } from './paper-words.ts'

type Props = { files: readonly AttachmentFacts[]; vault: Vault; onForgotten: () => void }

/** Papers the disk does not give any more. They go on a person's word alone, and nothing is sent without them before it was given. */
export const LostFiles = ({ files, vault, onForgotten }: Props) => {
  const [trouble, setTrouble] = useState<MachineMessage | null>(null)
  const forget = async (): Promise<void> => {
    for (const { attachmentId } of files) {
      const removed = await vault.removeAttachment(attachmentId)
      if (removed.ok || removed.error.type === 'not-found') continue
      // A locked vault has its own page.
      if (removed.error.type !== 'locked') setTrouble(storeMessage(removed.error))
      return
    }
    onForgotten()
  }
  return (
    <div className="stack" data-testid="lost-files">
      <Message kind="error" message={lostFilesMessage(files.map(({ fileName }) => fileName))}>
        <div>
          <Button onPress={() => void forget()}>{t`Đã có tệp khác, bỏ hẳn tệp hỏng`}</Button>
        </div>
      </Message>
      {trouble === null ? null : <Message kind="error" message={trouble} />}
    </div>
  )
}
