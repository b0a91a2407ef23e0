/** The three stages of a reading, what is being done now, and how long it still takes. The words change by themselves. */
import { t } from '@lingui/core/macro'
import { useEffect, useState } from 'react'
import { type CardProgress, longestCardWaitMs } from '../../contracts/card.ts'
import { Button } from '../ui/button.tsx'
import { nameOfMrz, progressWords, stageOf } from './card-words.ts'
import type { ReadingState } from './use-card-reading.ts'

type StagesProps = { readerSeen: boolean; cardSeen: boolean; state: ReadingState }

export const Stages = ({ readerSeen, cardSeen, state }: StagesProps) => {
  const stage =
    state.name === 'read' ? 4 : state.name === 'reading' ? stageOf(state.progress) : !readerSeen ? 1 : cardSeen ? 3 : 2
  return (
    <ol className="stages plain-list" data-testid="card-stages" data-stage={stage}>
      {[t`Đầu đọc`, t`Thẻ`, t`Đọc chip`].map((name, index) => (
        <li key={name} {...(index + 1 === stage ? { 'aria-current': 'step' } : {})}>
          {index + 1} {name} {index + 1 < stage ? <span aria-hidden="true">✓</span> : null}
        </li>
      ))}
    </ol>
  )
}

const useNow = (): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return now
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000))

/** What is said of the time: a wait always has its end in sight. Null while nothing can be known yet. */
const timeWords = (state: Extract<ReadingState, { name: 'reading' }>, now: number): string | null => {
  const { progress, stepSince, bytesSince } = state
  if (progress === null || progress.step === 'waiting-for-card') {
    const left = seconds(longestCardWaitMs - (now - stepSince))
    return t`máy chờ thẻ thêm ${left} giây`
  }
  if (progress.step === 'pausing') {
    const left = seconds((progress.pauseMs ?? 0) - (now - stepSince))
    return t`thử tiếp sau ${left} giây`
  }
  const { bytesRead, bytesExpected } = progress
  if (bytesSince === null || bytesExpected === 0 || bytesRead < bytesExpected / 10) return null
  const left = seconds(((now - bytesSince) / bytesRead) * (bytesExpected - bytesRead))
  return bytesRead >= bytesExpected ? null : t`còn khoảng ${left} giây`
}

export const Running = ({ state, onStop }: { state: Extract<ReadingState, { name: 'reading' }>; onStop: () => void }) => {
  const time = timeWords(state, useNow())
  const { progress, text } = state
  const { fullName, birthDate, sex, personalNumber } = text?.person ?? {}
  const facts = [
    fullName ?? nameOfMrz(text?.mrz.name ?? ''),
    birthDate,
    sex,
    personalNumber === undefined ? undefined : `…${personalNumber.slice(-3)}`,
  ]
  return (
    <div className="stack" data-testid="card-running">
      <p>
        <span role="status">{progress === null ? t`Đang tìm thẻ trên đầu đọc` : progressWords(progress)}</span>
        {time === null ? null : <span className="note"> · {time}</span>}
      </p>
      <ReadingBar progress={progress} />
      {text === null ? null : (
        <p data-testid="card-text">
          <strong>{facts.filter((fact) => fact !== undefined).join(' · ')}</strong>
          <span className="note"> {t`Chưa kiểm tra xong, chưa điền ô nào.`}</span>
        </p>
      )}
      <div>
        <Button kind="quiet" onPress={onStop}>
          {t`Dừng đọc`}
        </Button>
      </div>
    </div>
  )
}

const ReadingBar = ({ progress }: { progress: CardProgress | null }) => {
  const share =
    progress === null || progress.bytesExpected === 0
      ? 0
      : Math.min(100, Math.round((progress.bytesRead / progress.bytesExpected) * 100))
  return (
    <div className="bar" role="progressbar" aria-label={t`Đã đọc`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={share}>
      <div className="fill" style={{ inlineSize: `${share}%` }} />
    </div>
  )
}
