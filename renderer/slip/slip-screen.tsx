import { t } from '@lingui/core/macro'
import { useEffect, useRef, useState } from 'react'
import { encode } from 'uqr'
import type { StationDescription } from '../../contracts/station-api.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'
import type { View } from '../app/session-machine.ts'
import { useKeys } from '../app/use-keys.ts'
import { wordsOf } from '../outbox/outbox-words.ts'
import { Button } from '../ui/button.tsx'
import boldFont from './fonts/noto-sans-bold.ttf'
import regularFont from './fonts/noto-sans-regular.ttf'
import { makeSlip, type Slip } from './slip.ts'

type Props = { entry: OutboxEntry; description: StationDescription; show: (view: View) => void }

const load = async (address: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(address)).arrayBuffer())

/** The slip on screen looks as the paper does; the paper is a PDF which anyone can print or keep. */
export const SlipScreen = ({ entry, description, show }: Props) => {
  const procedure = findProcedure(entry.procedureCode, entry.procedureVersion)
  const { name } = entry.progress.state
  const held = name === 'needs-attention' || name === 'refused'
  const slip = makeSlip({
    pointName: description.enrolment?.pointName ?? '',
    stationName: description.enrolment?.stationName ?? '',
    slipCode: entry.slipCode,
    procedureName: procedure?.name.vi ?? entry.procedureCode,
    initials: entry.label ?? '',
    queuedAt: entry.queuedAt,
    training: entry.training,
    official: entry.official ?? null,
    held,
  })
  const content = JSON.stringify(slip)
  const [address, setAddress] = useState<string | null>(null)
  const link = useRef<HTMLAnchorElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])

  useEffect(() => {
    let made: string | null = null
    let gone = false
    const make = async (): Promise<void> => {
      const { renderSlipPdf } = await import('./slip-pdf.ts')
      const current: Slip = JSON.parse(content)
      const bytes = await renderSlipPdf(current, { regular: await load(regularFont), bold: await load(boldFont) })
      if (gone) return
      made = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'application/pdf' }))
      setAddress(made)
    }
    void make()
    return () => {
      gone = true
      setAddress(null)
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [content])

  const print = (): void => link.current?.click()
  useKeys([
    ['Ctrl P', print],
    ['Alt ←', () => show({ name: 'home' })],
  ])
  const words = wordsOf(entry)
  const title = held
    ? t`Xem lại hồ sơ này ở Hàng chờ`
    : entry.official !== undefined
      ? t`Cơ quan đã tiếp nhận`
      : t`Đã lưu xong trên máy này`

  return (
    <main className="page slip-page" data-region="form" data-testid="slip-page" data-state={name}>
      <div className="stack slip-words">
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        <p className={`state ${words.tone}`} role="status" data-testid="slip-state">
          <span aria-hidden="true">{words.sign} </span>
          {words.label}
        </p>
        <p>{words.sentence}</p>
        {entry.official?.simulated === true ? (
          <p className="message warning">{t`Mô phỏng: cơ quan và mã hồ sơ này không có thật.`}</p>
        ) : null}
        <p>{t`Đưa phiếu cho người dân. Phiếu chỉ có chữ viết tắt của tên; mã QR chỉ chứa mã.`}</p>
        <div className="row">
          {address === null ? (
            <span role="status">{t`Đang làm phiếu…`}</span>
          ) : (
            <a
              ref={link}
              className={`button ${held ? 'quiet' : 'primary'}`}
              href={address}
              target="_blank"
              rel="noopener"
              download={`phieu-${slip.qr}.pdf`}
              data-testid="slip-pdf"
            >
              {t`In phiếu`}{' '}
              <span className="key" aria-hidden="true">
                Ctrl P
              </span>
            </a>
          )}
          <Button kind={held ? 'primary' : 'quiet'} hint="F7" onPress={() => show({ name: 'outbox' })}>
            {t`Hàng chờ`}
          </Button>
          <Button kind="quiet" hint="Alt ←" onPress={() => show({ name: 'home' })}>
            {t`Trang đầu`}
          </Button>
        </div>
      </div>
      <SlipPicture slip={slip} />
    </main>
  )
}

const SlipPicture = ({ slip }: { slip: Slip }) => {
  const { data, size } = encode(slip.qr, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <article className="slip" lang="vi" aria-label={slip.title} data-testid="slip">
      <h2>{slip.title}</h2>
      <p className="centre">{slip.place}</p>
      <div className={`slip-frame ${slip.frame.style}`}>
        {slip.frame.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {slip.frame.code === null ? null : (
          <p className="slip-official" data-testid="official-code">
            {slip.frame.code}
          </p>
        )}
      </div>
      {slip.marks.map((mark) => (
        <p key={mark} className="centre slip-mark">
          {mark}
        </p>
      ))}
      {slip.code === null ? null : (
        <>
          <p>{slip.code.label}</p>
          <p className="slip-code" data-testid="slip-code">
            {slip.code.value}
          </p>
        </>
      )}
      <hr />
      {slip.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <div className="slip-foot">
        <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={slip.qr} shapeRendering="crispEdges">
          <title>{slip.qr}</title>
          <path d={path} fill="currentColor" />
        </svg>
        <div>
          {slip.beside.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      </div>
    </article>
  )
}
