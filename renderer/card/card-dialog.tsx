/**
 * Reading a citizen's card: the clerk scans its QR or types its 12 digits or their last six, and nothing else.
 *
 *     asking ──(number)──▶ reading ──▶ read ──▶ filled
 *       ▲  ▲──(wrong number, card lost …)──┘
 *       └── a scanned QR starts the reading by itself; without a reader it may be filled in as data entry
 */
import { t } from '@lingui/core/macro'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { CardFailure, CardPerson } from '../../contracts/card.ts'
import type { StoreChallenge } from '../../contracts/citizen-store.ts'
import type { ScannerStatus } from '../../contracts/scan.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import type { CardQr } from '../../procedures/identity/card-qr.ts'
import {
  doubtsOfNumber,
  groupedNumber,
  type NumberProblem,
  readIdentityNumber,
} from '../../procedures/identity/identity-number.ts'
import type { OfferedValue } from '../../procedures/rules/index.ts'
import type { CardShown, CitizenStoreClient } from '../../sync/client/sync-client-api.ts'
import type { Readers } from '../app/use-readers.ts'
import { stationGoneMessage } from '../app/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { WizardContext } from '../wizard/machine/wizard-context.ts'
import type { ValueOrigin } from '../wizard/machine/wizard-edits.ts'
import { accessOf, scannedOf } from './card-access.ts'
import { Running, Stages } from './card-stages.tsx'
import { cardMessage, doubtWords, numberProblemWords, troubleMessage } from './card-words.ts'
import { ChipResult } from './chip-result.tsx'
import { personOfQr } from './compare-sources.ts'
import { FillForm } from './fill-form.tsx'
import { type ReadCode, readCode } from './read-code.ts'
import { ScannerSetup } from './scanner-setup.tsx'
import { useCardReading } from './use-card-reading.ts'
import { useScanner } from './use-scanner.ts'

/** `person` is the whole card: the next form may ask more of its holder. `shown`: its holder is here, and the gateway can be asked for him. */
export type CardFill = {
  values: OfferedValue[]
  origin: ValueOrigin
  person: CardPerson
  specimen: boolean
  shown?: CardShown | undefined
}

type Props = {
  context: WizardContext
  station: StationApi
  readers: Readers
  simulated: boolean
  /** A code that was scanned while no dialog was open. */
  scanned?: string | undefined
  /** Where the gateway keeps what citizens let be kept, and can be reached. */
  store?: CitizenStoreClient | undefined
  onFill: (fill: CardFill) => void
  onClose: () => void
}

type View = 'card' | 'qr' | 'scanner'

/** Personal numbers of specimens begin with 000, which no province has. */
const isSpecimen = (person: CardPerson): boolean => person.personalNumber?.startsWith('000') === true

export const CardDialog = ({ context, station, readers, simulated, scanned, store, onFill, onClose }: Props) => {
  const [view, setView] = useState<View>('card')
  const [number, setNumber] = useState('')
  const [birthDate, setBirthDate] = useState('')
  const [issueDate, setIssueDate] = useState('')
  const [qr, setQr] = useState<CardQr | null>(null)
  const [trouble, setTrouble] = useState<Extract<ReadCode, { type: 'trouble' }> | null>(null)
  const [problem, setProblem] = useState<NumberProblem | { type: 'old-number' } | null>(null)
  const [trial, setTrial] = useState<ReadCode | null>(null)
  const reading = useCardReading(station)
  const { state } = reading
  /** Fetched while the number is typed. */
  const challenge = useRef<Promise<StoreChallenge | undefined> | undefined>(undefined)
  useEffect(() => {
    challenge.current = store?.challenge()
  }, [store])
  const form = useRef<HTMLFormElement>(null)
  const readerSeen = readers.list.length > 0

  const begin = (digits: string, code: CardQr | null): void => {
    setProblem(null)
    reading.start(accessOf(digits, code, { birthDate, issueDate }), scannedOf(digits, code), challenge.current)
  }

  const takeCode = (code: ReadCode): void => {
    if (view === 'scanner') {
      setTrial(code)
      return
    }
    // While a chip is read or looked at, another code would be another person's.
    if (state.name === 'reading' || state.name === 'read') return
    setView('card')
    setProblem(null)
    setTrouble(code.type === 'trouble' ? code : null)
    setQr(code.type === 'card-qr' ? code.qr : null)
    const digits = code.type === 'card-qr' ? code.qr.personalNumber : code.number
    setNumber(digits === undefined ? '' : groupedNumber(digits))
    if (code.type === 'trouble' || digits === undefined || !readerSeen) return
    begin(digits, code.type === 'card-qr' ? code.qr : null)
  }
  const scanner = useScanner(station, takeCode)
  const first = useRef(scanned)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the code that opened the dialog is taken once
  useEffect(() => {
    const text = first.current
    first.current = undefined
    if (text !== undefined) takeCode(readCode(text))
  }, [])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTrouble(null)
    const end = number.replace(/[\s.-]/g, '')
    const read = readIdentityNumber(number)
    if (/^\d{6}$/.test(end)) begin(end, null)
    else if (!read.ok) setProblem(read.error)
    else if (read.value.kind === 'old-number') setProblem({ type: 'old-number' })
    else begin(read.value.digits, qr)
  }
  const change = (text: string): void => {
    setNumber(text)
    setProblem(null)
    if (qr !== null && text.replace(/\D/g, '') !== qr.personalNumber) setQr(null)
  }
  const openSetup = (): void => {
    setTrial(null)
    setView('scanner')
  }
  const focusNumber = (): void => form.current?.querySelector('input')?.focus()
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'F8' || state.name === 'reading') return
    event.preventDefault()
    setView('card')
    if (state.name === 'read') reading.clear()
    requestAnimationFrame(focusNumber)
  }

  const typed = readIdentityNumber(number)
  const digits = typed.ok && typed.value.kind === 'personal-number' ? typed.value.digits : undefined
  const doubts =
    digits === undefined || isSpecimen({ personalNumber: digits })
      ? []
      : doubtsOfNumber(digits, qr ?? {}, new Date().getFullYear())
  const failure: CardFailure | null = state.name === 'failed' ? state.failure : null
  const noReader: CardFailure | null = readerSeen ? null : (readers.failure ?? { type: 'no-reader', detail: '', retry: true })
  const filling = view === 'qr' || (view === 'card' && state.name === 'read')
  const asking = view === 'card' && state.name !== 'reading' && state.name !== 'read'

  return (
    <Dialog
      title={view === 'scanner' ? t`Máy quét mã` : t`Đọc thẻ căn cước`}
      onClose={onClose}
      testId="card-dialog"
      wide={filling}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens for F8 */}
      <div className="stack" onKeyDown={onKeyDown}>
        {view === 'scanner' || state.name === 'read' ? null : (
          <Stages readerSeen={readerSeen} cardSeen={readers.list.some((reader) => reader.cardPresent)} state={state} />
        )}
        {simulated && view !== 'scanner' && !filling ? (
          <p className="training-line">{t`Đầu đọc mô phỏng: chỉ có thẻ của người mẫu, không phải người thật.`}</p>
        ) : null}
        {view === 'scanner' ? (
          <ScannerSetup station={station} status={scanner} trial={trial} onClose={() => setView('card')} />
        ) : null}
        {asking && failure !== null ? <Message kind="error" message={cardMessage(failure, digits)} /> : null}
        {asking && state.name === 'station-gone' ? <Message kind="error" message={stationGoneMessage()} /> : null}
        {asking && trouble !== null ? <Message kind="warning" message={troubleMessage(trouble.trouble)} /> : null}
        {asking && failure === null && noReader !== null ? <Message kind="warning" message={cardMessage(noReader)} /> : null}
        {view !== 'scanner' && state.name === 'reading' ? <Running state={state} onStop={reading.clear} /> : null}
        {asking ? (
          <form ref={form} className="stack" onSubmit={submit} noValidate>
            <TextField
              label={t`12 số trên thẻ`}
              hint={t`Quét mã QR in trên thẻ, hoặc gõ 6 số cuối (hay cả 12 số) rồi Enter`}
              value={number}
              onChange={change}
              digits
              autoFocus
              problem={problem === null ? undefined : numberProblemWords(problem)}
            />
            {qr === null ? null : (
              <p className="note" data-testid="card-qr">
                {t`Từ QR: ${qr.fullName} · ${qr.birthDate} · ${qr.sex}. QR chỉ để nhập liệu, chưa chứng minh là ai.`}
              </p>
            )}
            {doubts.map((doubt) => (
              <p className="field" key={doubt.type} role="status">
                <span className="doubt">{doubtWords(doubt)}</span>
              </p>
            ))}
            {failure?.type === 'dates-needed' || birthDate !== '' || issueDate !== '' ? (
              <div className="pair">
                <TextField label={t`Ngày sinh`} hint={t`Ngày/tháng/năm như trên thẻ`} value={birthDate} onChange={setBirthDate} />
                <TextField label={t`Ngày cấp`} hint={t`Ngày/tháng/năm như trên thẻ`} value={issueDate} onChange={setIssueDate} />
              </div>
            ) : null}
            <div className="row">
              <Button kind="primary" type="submit" hint="Enter">
                {failure === null ? t`Đọc thẻ` : t`Đọc lại`}
              </Button>
              {qr === null ? null : <Button onPress={() => setView('qr')}>{t`Chỉ điền theo QR`}</Button>}
              <Button kind="quiet" hint="F8" onPress={focusNumber}>
                {t`Quét QR`}
              </Button>
              <Button kind="quiet" onPress={openSetup}>
                {t`Máy quét…`}
              </Button>
            </div>
            <ScannerLine status={scanner} />
            <SpecimenCodes station={station} specimens={scanner?.specimens} />
            <p className="note">{t`Không có thẻ? Đóng lại và gõ tay vẫn làm tiếp được.`}</p>
          </form>
        ) : null}
        {view === 'qr' && qr !== null ? (
          <div className="stack" data-testid="qr-result">
            <p>
              <strong>{t`Điền theo QR: ${qr.fullName}`}</strong>{' '}
              <span className="note">{t`QR chỉ để nhập liệu, chưa chứng minh là ai. So từng ô với thẻ.`}</span>
            </p>
            <FillForm
              context={context}
              person={personOfQr(qr)}
              autoFocus
              onFill={(values) =>
                onFill({ values, origin: { source: 'qr' }, person: personOfQr(qr), specimen: isSpecimen(personOfQr(qr)) })
              }
              onClose={() => setView('card')}
            />
          </div>
        ) : null}
        {view === 'card' && state.name === 'read' ? (
          <ChipResult
            context={context}
            reading={state.reading}
            qr={qr}
            onFill={(values, chip) =>
              onFill({
                values,
                origin: { source: 'card', chip },
                person: state.reading.person,
                specimen: state.reading.specimen,
                shown: chip.samePerson === 'yes' ? state.shown : undefined,
              })
            }
            onClose={onClose}
          />
        ) : null}
      </div>
    </Dialog>
  )
}

/** How the scanner is, where somebody chose one; a station without any is not told that it has none. */
const ScannerLine = ({ status }: { status: ScannerStatus | null }) => {
  if (status === null || status.specimens !== undefined) return null
  if (status.state === 'ready') return <p className="note" role="status">{t`Máy quét sẵn sàng: ${status.name}`}</p>
  if (status.failure === undefined || status.configuration.type !== 'serial') return null
  return <Message kind="warning" message={troubleMessage(status.failure.type)} />
}

/** On a training station the scanner is simulated: somebody must hold a specimen's code in front of it. */
const SpecimenCodes = ({ station, specimens }: { station: StationApi; specimens: readonly string[] | undefined }) =>
  specimens === undefined ? null : (
    <div className="row" data-testid="specimen-codes">
      <span className="note">{t`Quét thử mã của thẻ mẫu:`}</span>
      {specimens.map((name, specimen) => (
        <Button key={name} small kind="quiet" onPress={() => void station.call('presentSpecimenCode', { specimen })}>
          {name}
        </Button>
      ))}
    </div>
  )
