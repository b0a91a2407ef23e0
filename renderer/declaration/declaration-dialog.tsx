/** The declaration as it prints, before it is sealed: to read together, to print for a hand signature. Nothing of it is written to disk here. */
import { t } from '@lingui/core/macro'
import { useEffect, useRef, useState } from 'react'
import type { Answers } from '../../contracts/dossier.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { Day } from '../../procedures/rules/index.ts'
import { PageView } from '../papers/page-view.tsx'
import boldFont from '../slip/fonts/noto-sans-bold.ttf'
import regularFont from '../slip/fonts/noto-sans-regular.ttf'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Message } from '../ui/message.tsx'
import { declarationOf } from './declaration.ts'

type Props = { procedure: Procedure; answers: Answers; day: Day; onClose: () => void }

const load = async (address: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(address)).arrayBuffer())

export const DeclarationDialog = ({ procedure, answers, day, onClose }: Props) => {
  const [pdf, setPdf] = useState<Uint8Array<ArrayBuffer> | null>(null)
  const [failed, setFailed] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const { today } = day
  useEffect(() => {
    let left = false
    const make = async (): Promise<void> => {
      // The PDF library is large and seldom needed.
      const { renderDeclarationPdf } = await import('./declaration-pdf.ts')
      const fonts = { regular: await load(regularFont), bold: await load(boldFont) }
      const made = await renderDeclarationPdf(declarationOf(procedure, answers, { today }, 'counter'), fonts)
      if (!left) setPdf(made)
    }
    make().catch(() => setFailed(true))
    return () => {
      left = true
    }
  }, [procedure, answers, today])

  const print = (): void => frame.current?.querySelector('iframe')?.contentWindow?.print()
  return (
    <Dialog title={procedure.declaration.title.vi} onClose={onClose} testId="declaration-dialog" wide>
      {failed ? (
        <Message
          kind="error"
          message={{
            title: t`Mở lại tờ khai`,
            body: t`Chưa dựng được tờ khai trên máy này. Những gì đã khai còn nguyên.`,
            code: 'PHI-02',
          }}
        />
      ) : (
        <div ref={frame} className="declaration" data-testid={pdf === null ? 'declaration-waits' : 'declaration'}>
          <PageView bytes={pdf} mediaType="application/pdf" name={procedure.declaration.title.vi} />
        </div>
      )}
      <p className="note">{t`Nộp trực tuyến không cần tờ giấy này. In khi nộp trực tiếp, qua bưu điện, hoặc cần chữ ký tay.`}</p>
      {navigator.pdfViewerEnabled ? (
        <div>
          <Button kind="primary" disabled={pdf === null} onPress={print}>
            {t`In tờ khai`}
          </Button>
        </div>
      ) : null}
    </Dialog>
  )
}
