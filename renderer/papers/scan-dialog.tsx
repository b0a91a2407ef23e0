/** Pages by a scanner: chosen once, remembered for the day; each page is sealed as it comes. */
import { t } from '@lingui/core/macro'
import { useEffect, useRef, useState } from 'react'
import { Checkbox } from 'react-aria-components'
import type { DocumentScanFailure, DocumentScanner } from '../../contracts/document-scan.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { stationGoneMessage } from '../app/words.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceColumn } from '../ui/choice-column.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { scanMessage } from './scan-words.ts'

type Props = {
  title: string
  station: StationApi
  onPage: (name: string, bytes: Uint8Array<ArrayBuffer>) => Promise<boolean>
  onClose: () => void
}

/** What was chosen last, for the next paper: no personal data. */
let lastChoice: { scannerId: string; source: DocumentScanner['sources'][number]; colour: boolean } | null = null

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

export const ScanDialog = ({ title, station, onPage, onClose }: Props) => {
  const [scanners, setScanners] = useState<DocumentScanner[] | null>(null)
  const [scannerId, setScannerId] = useState(lastChoice?.scannerId ?? '')
  const [source, setSource] = useState<DocumentScanner['sources'][number]>(lastChoice?.source ?? 'flatbed')
  const [colour, setColour] = useState(lastChoice?.colour ?? true)
  const [pages, setPages] = useState(0)
  const [message, setMessage] = useState<MachineMessage | null>(null)
  const [running, setRunning] = useState(false)
  const job = useRef<string | null>(null)
  const left = useRef(false)

  const look = async (): Promise<void> => {
    setScanners(null)
    setMessage(null)
    const answer = await station.call('listDocumentScanners', {})
    if (left.current) return
    if (!answer.ok) {
      setScanners([])
      setMessage(stationGoneMessage())
      return
    }
    const found = answer.value.scanners
    setScanners(found)
    setScannerId((current) => (found.some((each) => each.id === current) ? current : (found[0]?.id ?? '')))
  }

  const stop = (): void => {
    const scanId = job.current
    job.current = null
    if (scanId !== null) void station.call('cancelScan', { scanId })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the layer opens; and the job ends with it
  useEffect(() => {
    left.current = false
    void look()
    return () => {
      left.current = true
      stop()
    }
  }, [])

  const chosen = scanners?.find((each) => each.id === scannerId)
  const from = chosen?.sources.includes(source) === true ? source : (chosen?.sources[0] ?? 'flatbed')

  const scan = async (): Promise<void> => {
    if (chosen === undefined) return
    lastChoice = { scannerId: chosen.id, source: from, colour }
    setMessage(null)
    setRunning(true)
    const failed = (failure: DocumentScanFailure): void => {
      if (failure.type !== 'cancelled') setMessage(scanMessage(failure))
    }
    try {
      const started = await station.call('startScan', { scannerId: chosen.id, source: from, resolution: 200, colour })
      if (!started.ok) return setMessage(stationGoneMessage())
      if (!started.value.ok) return failed(started.value.error)
      const { scanId } = started.value.value
      if (left.current) return void station.call('cancelScan', { scanId })
      job.current = scanId
      for (;;) {
        const page = await station.call('nextScannedPage', { scanId })
        if (job.current !== scanId) return
        if (!page.ok) return setMessage(stationGoneMessage())
        if (!page.value.ok) return failed(page.value.error)
        const scanned = page.value.value.page
        if (scanned === null) return
        if (!(await onPage(scanned.name, bytesOf(scanned.bytes)))) return onClose()
        setPages((count) => count + 1)
      }
    } finally {
      job.current = null
      setRunning(false)
    }
  }

  return (
    <Dialog title={t`Quét: ${title}`} onClose={onClose} testId="scan-dialog">
      {message === null ? null : <Message kind="warning" message={message} />}
      {scanners === null ? (
        <>
          <p role="status">{t`Đang tìm máy quét trong mạng và trên máy này…`}</p>
          <progress className="busy-bar" aria-label={t`Đang tìm máy quét trong mạng và trên máy này…`} />
        </>
      ) : scanners.length === 0 ? (
        <Message
          kind="warning"
          message={{
            title: t`Bật máy quét`,
            body: t`Chưa thấy máy quét nào. Bật máy, nối cùng mạng hoặc cắm USB rồi tìm lại. Vẫn chụp hoặc chọn tệp được.`,
            code: 'TEP-20',
          }}
        />
      ) : (
        <>
          <ChoiceColumn
            label={t`Máy quét`}
            value={scannerId}
            onChange={setScannerId}
            disabled={running}
            choices={scanners.map((each) => ({
              value: each.id,
              text: each.kind === 'folder' ? t`Thư mục ${each.name}` : each.name,
            }))}
          />
          {chosen !== undefined && chosen.sources.length > 1 ? (
            <ChoiceColumn<DocumentScanner['sources'][number]>
              label={t`Giấy nằm ở`}
              value={from}
              onChange={setSource}
              disabled={running}
              choices={[
                { value: 'flatbed', text: t`Mặt kính, một trang` },
                { value: 'feeder', text: t`Khay nạp, nhiều trang` },
              ]}
            />
          ) : null}
          {chosen?.kind === 'folder' ? (
            <p className="note">{t`Bấm Quét, rồi quét bằng chương trình của máy quét vào thư mục này. Trang mới tự vào hồ sơ và được xoá khỏi thư mục.`}</p>
          ) : (
            <Checkbox isSelected={colour} onChange={setColour} isDisabled={running} className="tick">
              {({ isSelected }) => (
                <>
                  <span className="box" aria-hidden="true">
                    {isSelected ? '✓' : ''}
                  </span>
                  {t`Quét màu`}
                </>
              )}
            </Checkbox>
          )}
        </>
      )}
      <p className="note" role="status">
        {pages === 0 ? (running ? t`Đang quét trang đầu…` : '') : t`Đã quét và lưu ${pages} trang.`}
      </p>
      <div className="row">
        {chosen === undefined ? null : (
          <Button kind="primary" testId="start-scan" disabled={running} onPress={() => void scan()}>
            {running ? t`Đang quét…` : pages === 0 ? t`Quét` : t`Quét tiếp`}
          </Button>
        )}
        <Button testId="scan-done" onPress={onClose}>
          {running ? t`Dừng quét` : t`Xong`}
        </Button>
        {scanners === null ? null : (
          <Button kind="quiet" disabled={running} onPress={() => void look()}>
            {t`Tìm lại máy quét`}
          </Button>
        )}
      </div>
    </Dialog>
  )
}
