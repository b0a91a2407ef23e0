import { t } from '@lingui/core/macro'
import { useId, useRef, useState } from 'react'
import type { AttachmentFacts, AttachmentMediaType } from '../../contracts/dossier.ts'
import { askedPapers, todayInVietnam } from '../../procedures/rules/index.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'
import { storeMessage } from '../app/words.ts'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import type { PapersChange } from '../wizard/change-papers.ts'
import type { WizardContext } from '../wizard/machine/wizard-context.ts'
import type { RunningWork } from '../wizard/running-work.ts'
import { type FileProblem, inspectFile } from './inspect-file.ts'
import { fileMessage, megabytes } from './paper-words.ts'

type Props = {
  context: WizardContext
  draftId: string
  vault: Vault
  work: RunningWork
  onChanged: (change: PapersChange) => void
}
type Trouble = { paperId: string; message: MachineMessage }

/** An image that the browser cannot draw, no clerk of an agency can read either. */
const isDrawable = async (bytes: Uint8Array<ArrayBuffer>, mediaType: AttachmentMediaType): Promise<boolean> => {
  if (mediaType === 'application/pdf') return true
  try {
    const picture = await createImageBitmap(new Blob([bytes], { type: mediaType }))
    picture.close()
    return true
  } catch {
    return false
  }
}

const look = async (bytes: Uint8Array<ArrayBuffer>): Promise<AttachmentMediaType | FileProblem> => {
  const seen = inspectFile(bytes)
  if (!seen.ok) return seen.error
  return (await isDrawable(bytes, seen.value)) ? seen.value : { type: 'unreadable', mediaType: seen.value }
}

export const PapersStep = ({ context, draftId, vault, work, onChanged }: Props) => {
  const [busy, setBusy] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const asked = askedPapers(context.procedure, context.answers, { today: todayInVietnam(context.now()) })
  const findings = context.findings.papers ?? []

  const add = async (paperId: string, file: File): Promise<void> => {
    setBusy(paperId)
    setTrouble(null)
    const message = await work.add(take(paperId, file))
    setBusy(null)
    if (message !== null) setTrouble({ paperId, message })
  }

  const take = async (paperId: string, file: File): Promise<MachineMessage | null> => {
    let bytes: Uint8Array<ArrayBuffer>
    try {
      bytes = new Uint8Array(await file.arrayBuffer())
    } catch {
      return fileMessage(file.name, { type: 'unreadable', mediaType: 'application/pdf' })
    }
    const seen = await look(bytes)
    if (typeof seen !== 'string') return fileMessage(file.name, seen)
    const fileName = file.name.normalize('NFC').slice(-200)
    const added = await vault.addAttachment(draftId, { paperId, fileName, mediaType: seen, bytes })
    if (added.ok) {
      onChanged((current) => [...current, added.value])
      return null
    }
    switch (added.error.type) {
      case 'disk-full':
      case 'store-closed':
      case 'store-broken':
        return storeMessage(added.error)
      case 'empty-file':
        return fileMessage(file.name, { type: 'empty' })
      case 'too-large':
        return fileMessage(file.name, { type: 'too-large', size: bytes.length, limit: added.error.maxBytes })
      default:
        return { title: t`Thêm lại tệp này`, body: t`Tệp chưa được lưu. Những gì đã khai còn nguyên.`, code: 'TEP-07' }
    }
  }

  const remove = async (attachment: AttachmentFacts): Promise<void> => {
    const removed = await vault.removeAttachment(attachment.attachmentId)
    if (removed.ok || removed.error.type === 'not-found') {
      onChanged((current) => current.filter((each) => each.attachmentId !== attachment.attachmentId))
    } else if (removed.error.type !== 'locked') setTrouble({ paperId: attachment.paperId, message: storeMessage(removed.error) })
  }

  return (
    <div className="stack">
      <p className="note">{t`Ảnh JPEG, PNG hoặc tệp PDF, mỗi tệp đến 6 MB. Tệp được mã hoá ngay khi thêm.`}</p>
      {asked.map((paper) => {
        const files = context.attachments.filter((attachment) => attachment.paperId === paper.id)
        const wrong = findings.filter((finding) => finding.paper === paper.id && finding.severity === 'error')
        return (
          <section key={paper.id} className="card paper stack" data-field={`paper-${paper.id}`} data-testid={`paper-${paper.id}`}>
            <div>
              <h2>{say(paper.name)}</h2>
              <p className="note">
                {paper.needed ? t`Bắt buộc` : t`Không bắt buộc`}
                {paper.note === undefined ? null : ` · ${say(paper.note)}`}
              </p>
              {wrong.map((finding) => (
                <p key={finding.message.vi} className="state attention wrap">
                  <span aria-hidden="true">! </span>
                  {say(finding.message)}
                </p>
              ))}
            </div>
            {trouble?.paperId === paper.id ? <Message kind="error" message={trouble.message} /> : null}
            {files.length === 0 ? null : (
              <ul className="plain-list">
                {files.map((file) => (
                  <li key={file.attachmentId} className="row spread" data-testid="attachment">
                    <span>
                      <span aria-hidden="true">✓ </span>
                      {file.fileName} · {megabytes(file.size)}
                    </span>
                    <Button small kind="quiet" onPress={() => void work.add(remove(file))}>
                      {t`Bỏ tệp này`}
                    </Button>
                  </li>
                ))}
              </ul>
            )}
            <FilePicker
              label={say(paper.name)}
              busy={busy === paper.id}
              disabled={busy !== null}
              onFile={(file) => void add(paper.id, file)}
            />
          </section>
        )
      })}
    </div>
  )
}

type PickerProps = { label: string; busy: boolean; disabled: boolean; onFile: (file: File) => void }

const FilePicker = ({ label, busy, disabled, onFile }: PickerProps) => {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="row">
      <label className="visually-hidden" htmlFor={id}>
        {t`Tệp: ${label}`}
      </label>
      <input
        ref={input}
        id={id}
        className="visually-hidden"
        tabIndex={-1}
        type="file"
        disabled={disabled}
        accept="image/jpeg,image/png,application/pdf"
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
      <Button disabled={disabled} onPress={() => input.current?.click()}>
        {busy ? t`Đang mã hoá và lưu…` : t`Thêm tệp`}
      </Button>
    </div>
  )
}
