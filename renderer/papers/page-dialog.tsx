import { t } from '@lingui/core/macro'
import { useEffect, useState } from 'react'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Message } from '../ui/message.tsx'
import { type Crop, changePage, noCrop, type PageChange } from './page-image.ts'
import { PageView } from './page-view.tsx'
import { fileMessage } from './paper-words.ts'
import type { PaperFiles } from './use-paper-files.ts'

type Props = { file: AttachmentFacts; files: PaperFiles; onClose: () => void }
type Bytes = Uint8Array<ArrayBuffer>

/** By this part of a side one press cuts. */
const cutStep = 0.02
const deepestCut = 0.4
const untouched: PageChange = { quarterTurns: 0, crop: noCrop }

const isUntouched = ({ quarterTurns, crop }: PageChange): boolean =>
  quarterTurns === 0 && Object.values(crop).every((side) => side === 0)

const turned = (turns: PageChange['quarterTurns'], by: 1 | 3): PageChange['quarterTurns'] => {
  const all = [0, 1, 2, 3] as const
  return all[(turns + by) % 4] ?? 0
}

/** One page at a time: see it, turn it, cut its sides. By buttons alone, so that it works without a mouse. */
export const PageDialog = ({ file, files, onClose }: Props) => {
  const [original, setOriginal] = useState<Bytes | null>(null)
  const [shown, setShown] = useState<Bytes | null>(null)
  const [failed, setFailed] = useState(false)
  const [change, setChange] = useState<PageChange>(untouched)
  const { read } = files
  const picture = file.mediaType !== 'application/pdf'

  // biome-ignore lint/correctness/useExhaustiveDependencies: one reading for a file; `read` is made anew at each drawing
  useEffect(() => {
    let current = true
    void read(file.attachmentId).then((bytes) => {
      if (!current) return
      setOriginal(bytes)
      setFailed(bytes === null)
    })
    return () => {
      current = false
    }
  }, [file.attachmentId])

  useEffect(() => {
    let current = true
    if (original === null) return
    if (isUntouched(change)) setShown(original)
    else
      void changePage(original, change).then((changed) => {
        if (current) setShown(changed.ok ? changed.value.bytes : original)
      })
    return () => {
      current = false
    }
  }, [original, change])

  const cut = (side: keyof Crop, by: number): void =>
    setChange(({ quarterTurns, crop }) => ({
      quarterTurns,
      crop: { ...crop, [side]: Math.min(deepestCut, Math.max(0, Math.round((crop[side] + by) * 100) / 100)) },
    }))
  const turn = (by: 1 | 3): void => setChange(({ quarterTurns }) => ({ quarterTurns: turned(quarterTurns, by), crop: noCrop }))

  const save = async (): Promise<void> => {
    if (isUntouched(change) || (await files.change(file, change))) onClose()
  }
  const sides: [keyof Crop, string][] = [
    ['top', t`trên`],
    ['bottom', t`dưới`],
    ['left', t`trái`],
    ['right', t`phải`],
  ]

  return (
    <Dialog title={file.fileName} onClose={onClose} testId="page-dialog" wide>
      {failed ? (
        <Message kind="error" message={fileMessage(file.fileName, { type: 'unreadable', mediaType: file.mediaType })} />
      ) : (
        <div className="page-editor">
          <PageView bytes={shown} mediaType={isUntouched(change) ? file.mediaType : 'image/jpeg'} name={file.fileName} />
          {picture ? (
            <div className="stack page-acts">
              <Button onPress={() => turn(3)}>{t`Xoay trái`}</Button>
              <Button onPress={() => turn(1)} testId="turn-right">
                {t`Xoay phải`}
              </Button>
              <p className="note">{t`Cắt bớt mép`}</p>
              {sides.map(([side, word]) => (
                <div key={side} className="row">
                  <span className="page-side">{word}</span>
                  <Button small onPress={() => cut(side, -cutStep)}>
                    <span aria-hidden="true">−</span>
                    <span className="visually-hidden">{t`Bớt cắt mép ${word}`}</span>
                  </Button>
                  <Button small onPress={() => cut(side, cutStep)}>
                    <span aria-hidden="true">+</span>
                    <span className="visually-hidden">{t`Cắt thêm mép ${word}`}</span>
                  </Button>
                  <span className="note">{Math.round(change.crop[side] * 100)} %</span>
                </div>
              ))}
              <Button kind="quiet" onPress={() => setChange(untouched)}>
                {t`Như lúc đầu`}
              </Button>
            </div>
          ) : null}
        </div>
      )}
      <div className="row">
        <Button kind="primary" testId="page-done" disabled={files.busy !== null} onPress={() => void save()}>
          {isUntouched(change) ? t`Xong` : t`Dùng trang đã sửa`}
        </Button>
      </div>
    </Dialog>
  )
}
