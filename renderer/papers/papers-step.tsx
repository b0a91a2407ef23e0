import { t } from '@lingui/core/macro'
import { useId, useRef, useState } from 'react'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { askedPapers, todayInVietnam } from '../../procedures/rules/index.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'
import type { PapersChange } from '../wizard/change-papers.ts'
import type { WizardContext } from '../wizard/machine/wizard-context.ts'
import type { RunningWork } from '../wizard/running-work.ts'
import { CameraDialog } from './camera-dialog.tsx'
import { PageDialog } from './page-dialog.tsx'
import { doubtMessage, megabytes } from './paper-words.ts'
import { ReducedDialog } from './reduced-dialog.tsx'
import { ScanDialog } from './scan-dialog.tsx'
import type { TakenFile } from './take-file.ts'
import { type PaperFiles, usePaperFiles } from './use-paper-files.ts'

type Props = {
  context: WizardContext
  draftId: string
  vault: Vault
  station: StationApi
  work: RunningWork
  onChanged: (change: PapersChange) => void
}

type Layer =
  | { name: 'camera'; paperId: string; title: string }
  | { name: 'scan'; paperId: string; title: string }
  | { name: 'page'; file: AttachmentFacts }
  | { name: 'reduced'; paperId: string; file: TakenFile }

export const PapersStep = ({ context, draftId, vault, station, work, onChanged }: Props) => {
  const [layer, setLayer] = useState<Layer | null>(null)
  const files = usePaperFiles({ draftId, vault, work, onChanged })
  const asked = askedPapers(context.procedure, context.answers, { today: todayInVietnam(context.now()) })
  const findings = context.findings.papers ?? []

  const addFiles = async (paperId: string, chosen: readonly File[]): Promise<void> => {
    for (const file of chosen) {
      const bytes = await file.arrayBuffer().catch(() => new ArrayBuffer(0))
      if (!(await files.addFile(paperId, file.name, new Uint8Array(bytes)))) return
    }
  }
  const reduce = async (paperId: string, fileName: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const file = await files.reduce(paperId, fileName, bytes)
    if (file !== null) setLayer({ name: 'reduced', paperId, file })
  }
  const close = (): void => setLayer(null)

  return (
    <div className="stack">
      <p className="note">
        {t`Chụp, quét, hoặc chọn ảnh và tệp PDF. Ảnh được giảm còn khoảng 300 KB mỗi trang; tệp được mã hoá ngay khi thêm.`}
      </p>
      {asked.map((paper) => {
        const wrong = findings.filter((finding) => finding.paper === paper.id && finding.severity === 'error')
        const title = say(paper.name)
        const { trouble } = files
        const reason = paper.notNeeded === undefined ? '' : say(paper.notNeeded)
        const need = reason !== '' ? t`Không cần nộp: ${reason}` : paper.needed ? t`Bắt buộc` : t`Không bắt buộc`
        return (
          <section key={paper.id} className="card paper stack" data-field={`paper-${paper.id}`} data-testid={`paper-${paper.id}`}>
            <div>
              <h2>{title}</h2>
              <p className="note">
                {need}
                {paper.act === 'show' && reason === '' ? ` · ${t`chỉ xuất trình, cơ quan không giữ`}` : null}
                {paper.note === undefined ? null : ` · ${say(paper.note)}`}
              </p>
              {wrong.map((finding) => (
                <p key={finding.message.vi} className="state attention wrap">
                  <span aria-hidden="true">! </span>
                  {say(finding.message)}
                </p>
              ))}
            </div>
            {trouble?.paperId !== paper.id ? null : (
              <Message kind="error" message={trouble.message}>
                {trouble.reducible === undefined ? null : (
                  <div className="row">
                    <Button
                      testId="reduce"
                      onPress={() =>
                        trouble.reducible && void reduce(paper.id, trouble.reducible.fileName, trouble.reducible.bytes)
                      }
                    >
                      {t`Giảm`}
                    </Button>
                  </div>
                )}
              </Message>
            )}
            <FileList
              files={files}
              list={context.attachments.filter((attachment) => attachment.paperId === paper.id)}
              onView={(file) => setLayer({ name: 'page', file })}
            />
            <div className="row">
              <Button
                disabled={files.busy !== null}
                testId="camera"
                onPress={() => setLayer({ name: 'camera', paperId: paper.id, title })}
              >
                {t`Chụp`}
              </Button>
              <Button
                disabled={files.busy !== null}
                testId="scan"
                onPress={() => setLayer({ name: 'scan', paperId: paper.id, title })}
              >
                {t`Quét`}
              </Button>
              <FilePicker
                label={title}
                busy={files.busy === paper.id}
                disabled={files.busy !== null}
                onFiles={(chosen) => void addFiles(paper.id, chosen)}
              />
            </div>
          </section>
        )
      })}
      {layer?.name === 'camera' ? (
        <CameraDialog title={layer.title} onPage={(page) => files.addPage(layer.paperId, page)} onClose={close} />
      ) : null}
      {layer?.name === 'scan' ? (
        <ScanDialog
          title={layer.title}
          station={station}
          onPage={(name, bytes) => files.addFile(layer.paperId, name, bytes)}
          onClose={close}
        />
      ) : null}
      {layer?.name === 'page' ? <PageDialog file={layer.file} files={files} onClose={close} /> : null}
      {layer?.name === 'reduced' ? (
        <ReducedDialog
          file={layer.file}
          onUse={() => {
            close()
            void files.addPage(layer.paperId, layer.file)
          }}
          onClose={close}
        />
      ) : null}
    </div>
  )
}

type ListProps = { files: PaperFiles; list: readonly AttachmentFacts[]; onView: (file: AttachmentFacts) => void }

const FileList = ({ files, list, onView }: ListProps) => {
  const first = list[0]
  if (first === undefined) return null
  return (
    <>
      <ul className="plain-list attachments">
        {list.map((file, index) => {
          const note = files.notes.get(file.attachmentId)
          return (
            <li key={file.attachmentId} className="stack" data-testid="attachment">
              <div className="row spread">
                <span>
                  <span aria-hidden="true">✓ </span>
                  {file.fileName} · {megabytes(file.size)}
                  {note?.reducedFrom === undefined ? null : ` ${t`(giảm từ ${megabytes(note.reducedFrom)})`}`}
                </span>
                <span className="row">
                  {index === 0 ? null : (
                    <Button small kind="quiet" disabled={files.busy !== null} onPress={() => files.moveUp(file)}>
                      {t`Đưa lên trước`}
                    </Button>
                  )}
                  <Button small kind="quiet" testId="view" onPress={() => onView(file)}>
                    {t`Xem`}
                  </Button>
                  <Button small kind="quiet" disabled={files.busy !== null} onPress={() => void files.remove(file)}>
                    {t`Bỏ tệp này`}
                  </Button>
                </span>
              </div>
              {note?.doubts.map((doubt) => (
                <Message key={doubt} kind="warning" message={doubtMessage(file.fileName, doubt)}>
                  <div className="row">
                    <Button small onPress={() => onView(file)}>
                      {t`Xem trang này`}
                    </Button>
                    <Button small kind="quiet" onPress={() => files.keep(file.attachmentId)}>
                      {t`Giữ nguyên`}
                    </Button>
                  </div>
                </Message>
              ))}
            </li>
          )
        })}
      </ul>
      {list.length < 2 ? null : (
        <div>
          <Button small testId="combine" disabled={files.busy !== null} onPress={() => void files.combine(first.paperId, list)}>
            {t`Gộp ${list.length} tệp thành một PDF`}
          </Button>
        </div>
      )}
    </>
  )
}

type PickerProps = { label: string; busy: boolean; disabled: boolean; onFiles: (files: File[]) => void }

const FilePicker = ({ label, busy, disabled, onFiles }: PickerProps) => {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        {t`Tệp: ${label}`}
      </label>
      <input
        ref={input}
        id={id}
        className="visually-hidden"
        tabIndex={-1}
        type="file"
        autoComplete="off"
        multiple
        disabled={disabled}
        accept="image/jpeg,image/png,application/pdf"
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])]
          event.target.value = ''
          if (chosen.length > 0) onFiles(chosen)
        }}
      />
      <Button disabled={disabled} onPress={() => input.current?.click()}>
        {busy ? t`Đang mã hoá và lưu…` : t`Thêm tệp`}
      </Button>
    </>
  )
}
