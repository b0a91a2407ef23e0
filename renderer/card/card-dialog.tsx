import { t } from '@lingui/core/macro'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Checkbox, Label, Radio, RadioGroup } from 'react-aria-components'
import type { CardFailure, CardProgress, CardReading } from '../../contracts/card.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { fillFromCard, findField, type OfferedValue, printedValue } from '../../procedures/rules/index.ts'
import type { Readers } from '../app/use-readers.ts'
import { stationGoneMessage } from '../app/words.ts'
import { say } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { WizardContext } from '../wizard/machine/wizard-context.ts'
import { cardMessage, progressWords, stageOf } from './card-words.ts'
import { type MrzProblem, readMrzLines, toCardAccess } from './mrz-input.ts'

type Props = {
  context: WizardContext
  station: StationApi
  readers: Readers
  simulated: boolean
  onFill: (values: OfferedValue[], reading: CardReading) => void
  onClose: () => void
}

type Phase =
  | { name: 'asking' }
  | { name: 'reading'; readId: string; progress: CardProgress | null }
  | { name: 'read'; reading: CardReading }
  | { name: 'failed'; message: MachineMessage }

const mask = (number: string): string => `…${number.slice(-3)}`

export const CardDialog = ({ context, station, readers, simulated, onFill, onClose }: Props) => {
  const [documentNumber, setDocumentNumber] = useState('')
  const [birthDate, setBirthDate] = useState('')
  const [expiryDate, setExpiryDate] = useState('')
  const [pasted, setPasted] = useState('')
  const [problems, setProblems] = useState<readonly MrzProblem[]>([])
  const [phase, setPhase] = useState<Phase>({ name: 'asking' })
  const active = useRef<string | null>(null)

  useEffect(
    () =>
      station.onEvent((event) => {
        if (event.type !== 'card-progress' || event.readId !== active.current) return
        setPhase({ name: 'reading', readId: event.readId, progress: event.progress })
      }),
    [station],
  )
  const cancel = (): void => {
    const readId = active.current
    active.current = null
    if (readId !== null) void station.call('cancelRead', { readId })
  }
  useEffect(
    () => () => {
      const readId = active.current
      if (readId !== null) void station.call('cancelRead', { readId })
    },
    [station],
  )

  const paste = (text: string): void => {
    setPasted(text)
    const lines = readMrzLines(text)
    if (lines === null) return
    setDocumentNumber(lines.documentNumber)
    setBirthDate(lines.birthDate)
    setExpiryDate(lines.expiryDate)
  }

  const read = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const access = toCardAccess({ documentNumber, birthDate, expiryDate })
    setProblems(access.ok ? [] : access.error.problems)
    if (!access.ok) return
    const readId = crypto.randomUUID()
    active.current = readId
    setPhase({ name: 'reading', readId, progress: null })
    const answer = await station.call('readCard', { readId, access: access.value })
    if (active.current !== readId) return
    active.current = null
    if (!answer.ok) setPhase({ name: 'failed', message: stationGoneMessage() })
    else if (answer.value.ok) setPhase({ name: 'read', reading: answer.value.value })
    else setPhase({ name: 'failed', message: cardMessage(answer.value.error) })
  }

  const close = (): void => {
    cancel()
    onClose()
  }
  const noReader: CardFailure | null =
    readers.list.length === 0 ? (readers.failure ?? { type: 'no-reader', detail: '', retry: true }) : null

  return (
    <Dialog title={t`Đọc thẻ căn cước`} onClose={close} testId="card-dialog">
      <Stages
        readerSeen={readers.list.length > 0}
        progress={phase.name === 'reading' ? phase.progress : null}
        done={phase.name === 'read'}
      />
      {simulated ? (
        <p className="training-line">{t`Đầu đọc mô phỏng: chỉ có thẻ của người mẫu, không phải người thật.`}</p>
      ) : null}
      {phase.name === 'failed' ? <Message kind="error" message={phase.message} /> : null}
      {phase.name === 'asking' && noReader !== null ? <Message kind="warning" message={cardMessage(noReader)} /> : null}
      {phase.name === 'reading' ? (
        <div className="stack" role="alert">
          <p>{phase.progress === null ? t`Đang tìm thẻ trên đầu đọc` : progressWords(phase.progress)}</p>
          <ReadingBar progress={phase.progress} />
          <div>
            <Button
              kind="quiet"
              onPress={() => {
                cancel()
                setPhase({ name: 'asking' })
              }}
            >
              {t`Dừng đọc`}
            </Button>
          </div>
        </div>
      ) : null}
      {phase.name === 'asking' || phase.name === 'failed' ? (
        <form className="stack" onSubmit={(event) => void read(event)} noValidate>
          <TextField
            label={t`Số thẻ`}
            hint={t`9 ký tự sau IDVNM ở mặt sau thẻ, hoặc 12 số ở mặt trước`}
            value={documentNumber}
            onChange={setDocumentNumber}
            digits
            autoFocus
            problem={problems.includes('document-number') ? t`Số thẻ phải có 9 ký tự, hoặc đủ 12 số của mặt trước.` : undefined}
          />
          <div className="pair">
            <TextField
              label={t`Ngày sinh`}
              hint={t`Ngày/tháng/năm, hoặc 6 số của chữ máy`}
              value={birthDate}
              onChange={setBirthDate}
              problem={problems.includes('birth-date') ? t`Ngày sinh phải là ngày có thật, ví dụ 03/09/1990.` : undefined}
            />
            <TextField
              label={t`Có giá trị đến`}
              hint={t`Ghi trên thẻ; có thể là "không thời hạn"`}
              value={expiryDate}
              onChange={setExpiryDate}
              problem={problems.includes('expiry-date') ? t`Ngày hết hạn phải là ngày có thật, ví dụ 03/09/2030.` : undefined}
            />
          </div>
          <details>
            <summary>{t`Dán cả ba dòng chữ máy`}</summary>
            <label className="visually-hidden" htmlFor="mrz-lines">
              {t`Ba dòng chữ máy ở mặt sau thẻ`}
            </label>
            <textarea
              id="mrz-lines"
              className="control digits"
              rows={3}
              spellCheck={false}
              value={pasted}
              onChange={(event) => paste(event.target.value)}
            />
          </details>
          <div className="row">
            <Button kind="primary" type="submit" hint="Enter">
              {phase.name === 'failed' ? t`Đọc lại` : t`Đọc thẻ`}
            </Button>
          </div>
          <p className="note">{t`Không có thẻ? Đóng lại và gõ tay vẫn làm tiếp được.`}</p>
        </form>
      ) : null}
      {phase.name === 'read' ? (
        <ReadResult
          context={context}
          reading={phase.reading}
          onFill={(values) => onFill(values, phase.reading)}
          onClose={close}
        />
      ) : null}
    </Dialog>
  )
}

const Stages = ({ readerSeen, progress, done }: { readerSeen: boolean; progress: CardProgress | null; done: boolean }) => {
  const stage = done
    ? 4
    : progress === null
      ? readerSeen
        ? 2
        : 1
      : stageOf(progress) + (progress.step === 'waiting-for-card' ? 1 : 0)
  const names = [t`Đầu đọc`, t`Thẻ`, t`Đang đọc`]
  return (
    <ol className="stages plain-list">
      {names.map((name, index) => (
        <li key={name} {...(index + 1 === stage ? { 'aria-current': 'step' } : {})}>
          {index + 1} {name} {index + 1 < stage ? <span aria-hidden="true">✓</span> : null}
        </li>
      ))}
    </ol>
  )
}

const ReadingBar = ({ progress }: { progress: CardProgress | null }) => {
  if (progress === null || progress.bytesExpected === 0) return null
  const share = Math.min(100, Math.round((progress.bytesRead / progress.bytesExpected) * 100))
  return (
    <div className="bar" role="progressbar" aria-label={t`Đã đọc`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share}>
      <div className="fill" style={{ inlineSize: `${share}%` }} />
    </div>
  )
}

type ResultProps = { context: WizardContext; reading: CardReading; onFill: (values: OfferedValue[]) => void; onClose: () => void }

const ReadResult = ({ context, reading, onFill, onClose }: ResultProps) => {
  const { procedure, answers } = context
  const persons = procedure.persons.filter((person) => fillFromCard(procedure, person.id, reading.person).length > 0)
  const here = procedure.steps.find((step) => step.id === context.place)?.person
  const [person, setPerson] = useState(persons.find((each) => each.id === here)?.id ?? persons[0]?.id ?? '')
  const offered = fillFromCard(procedure, person, reading.person)
  const present = (fieldId: string): string => {
    const field = findField(procedure, fieldId)
    return field === undefined ? '' : printedValue(field, answers)
  }
  // What somebody typed is never overwritten unless it is ticked on purpose.
  const startsTicked = ({ fieldId }: OfferedValue): boolean =>
    present(fieldId) === '' || answers[fieldId]?.provenance.source !== 'typed'
  const [choices, setChoices] = useState<Record<string, boolean>>({})
  const isTicked = (value: OfferedValue): boolean => choices[value.fieldId] ?? startsTicked(value)
  const ticked = offered.filter(isTicked)
  const { fullName, birthDate, sex, personalNumber } = reading.person
  const facts = [fullName, birthDate, sex, personalNumber === undefined ? undefined : mask(personalNumber)].filter(
    (each) => each !== undefined,
  )
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        onFill(ticked)
      }}
    >
      <p data-testid="card-person">
        <strong>{facts.join(' · ')}</strong>
      </p>
      <p className="note">{t`Chip chưa được kiểm tra chữ ký: đối chiếu thẻ bằng mắt.`}</p>
      {reading.specimen ? <p className="training-line">{t`Thẻ người mẫu: hồ sơ này là hồ sơ tập huấn.`}</p> : null}
      {persons.length > 1 ? (
        <RadioGroup
          className="field"
          value={person}
          onChange={(next) => {
            setPerson(next)
            setChoices({})
          }}
        >
          <Label>{t`Thẻ này là của ai?`}</Label>
          <div className="choices">
            {persons.map((each) => (
              <Radio key={each.id} value={each.id} className="choice">
                {({ isSelected }) => (
                  <>
                    <span aria-hidden="true">{isSelected ? '◉' : '○'}</span>
                    {say(each.label)}
                  </>
                )}
              </Radio>
            ))}
          </div>
        </RadioGroup>
      ) : null}
      <fieldset className="field" data-testid="card-fields">
        <legend>{t`Sẽ điền ${ticked.length} ô`}</legend>
        <div className="tick-grid">
          {offered.map((value) => {
            const field = findField(procedure, value.fieldId)
            const now = present(value.fieldId)
            return (
              <Checkbox
                key={value.fieldId}
                className="tick"
                isSelected={isTicked(value)}
                onChange={(chosen) => setChoices({ ...choices, [value.fieldId]: chosen })}
              >
                {({ isSelected }) => (
                  <>
                    <span className="box" aria-hidden="true">
                      {isSelected ? '✓' : ''}
                    </span>
                    <span>
                      {field === undefined ? value.fieldId : say(field.label)}: <strong>{value.value}</strong>
                      {now !== '' && now !== value.value ? <span className="note"> {t`(đang ghi: ${now})`}</span> : null}
                    </span>
                  </>
                )}
              </Checkbox>
            )
          })}
        </div>
      </fieldset>
      <div className="row">
        <Button kind="primary" type="submit" hint="Enter" autoFocus>
          {t`Điền vào hồ sơ`}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t`Chỉ xem`}
        </Button>
      </div>
    </form>
  )
}
