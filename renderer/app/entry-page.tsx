import { t } from '@lingui/core/macro'
import type { ReactNode } from 'react'
import type { StationDescription } from '../../contracts/station-api.ts'
import { Button } from '../ui/button.tsx'
import { type Appearance, chooseAppearance, currentAppearance } from './appearance.ts'
import { useLocaleSwitch } from './locale-switch.ts'

type Props = { title: string; description: StationDescription | null; children: ReactNode; foot?: ReactNode }

const nextAppearance: Record<Appearance, Appearance> = { system: 'light', light: 'dark', dark: 'system' }

export const AppearanceSwitches = () => {
  const { locale, switchTo } = useLocaleSwitch()
  const appearance = currentAppearance()
  const names: Record<Appearance, string> = { system: t`theo máy`, light: t`sáng`, dark: t`tối` }
  const name = names[appearance]
  return (
    <div className="row">
      <Button
        kind="quiet"
        small
        onPress={() => {
          chooseAppearance(nextAppearance[appearance])
          switchTo(locale)
        }}
      >
        {t`Màu: ${name}`}
      </Button>
      <Button kind="quiet" small onPress={() => switchTo(locale === 'vi' ? 'en' : 'vi')}>
        <span lang={locale === 'vi' ? 'en' : 'vi'}>{locale === 'vi' ? 'English' : 'Tiếng Việt'}</span>
      </Button>
    </div>
  )
}

/** A page before anyone works: one heading, one thing to do. */
export const EntryPage = ({ title, description, children, foot }: Props) => {
  const enrolment = description?.enrolment ?? null
  const today = new Intl.DateTimeFormat('vi', {
    timeZone: 'Asia/Ho_Chi_Minh',
    weekday: 'long',
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).format(new Date())
  return (
    <div className="entry">
      <header className="entry-top">
        <span className="word-mark">Trạm</span>
        {enrolment === null ? null : (
          <span className="note">
            {enrolment.pointName} · {enrolment.stationName}
          </span>
        )}
        <span className="note entry-day" lang="vi">
          {today}
        </span>
      </header>
      <main className="entry-main">
        <div className="card stack entry-card">
          <h1>{title}</h1>
          {children}
        </div>
        {foot}
      </main>
      <footer className="entry-foot">
        <TrainingLine description={description} />
        <AppearanceSwitches />
      </footer>
    </div>
  )
}

export const TrainingLine = ({ description }: { description: StationDescription | null }) =>
  description?.enrolment?.demo === true ? (
    <p className="training-line" data-testid="training-line">
      {t`Máy tập huấn: hồ sơ không gửi tới cơ quan thật`}
    </p>
  ) : (
    <span />
  )
