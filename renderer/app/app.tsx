import { t } from '@lingui/core/macro'
import { useMachine } from '@xstate/react'
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import type { RescueProgress } from '../../sync/vault/vault-api.ts'
import { chooseLocale, currentLocale, type Locale } from '../locales/locale.ts'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'
import { EntryPage } from './entry-page.tsx'
import { flushAll } from './flushers.ts'
import { later } from './later.ts'
import { LocaleSwitchContext } from './locale-switch.ts'
import { type Services, sessionMachine, type View } from './session-machine.ts'
import { SignInPage } from './sign-in-page.tsx'
import { stationGoneMessage, storeMessage } from './words.ts'

/** Catalogue and wizard are most of the program and nothing that signing in needs: they come while the operator types the PIN. */
const { part: Workspace, prepare: prepareWorkspace } = later(async () => (await import('./workspace.tsx')).Workspace)
const { part: OperatorPage } = later(async () => (await import('./operator-page.tsx')).OperatorPage)
const { part: SetUpPage } = later(async () => (await import('./set-up-page.tsx')).SetUpPage)

export const App = ({ services }: { services: Services }) => {
  const [drawing, setDrawing] = useState<{ locale: Locale; count: number }>({ locale: currentLocale(), count: 0 })
  const switchTo = useCallback((locale: Locale) => {
    // The pages are drawn anew, so what is typed has to be on disk first.
    void flushAll().then(async (durable) => {
      if (!durable) return
      await chooseLocale(locale)
      setDrawing(({ count }) => ({ locale, count: count + 1 }))
    })
  }, [])
  const localeSwitch = useMemo(() => ({ locale: drawing.locale, switchTo }), [drawing.locale, switchTo])
  useEffect(() => void prepareWorkspace(), [])
  const [state, send] = useMachine(sessionMachine, { input: services })
  return (
    <LocaleSwitchContext value={localeSwitch}>
      <I18nProvider locale={drawing.locale === 'vi' ? 'vi-VN' : 'en-GB'}>
        <Suspense fallback={<p className="page-note" role="status">{t`Đang mở chương trình…`}</p>}>
          <Page key={drawing.count} state={state} send={send} />
        </Suspense>
      </I18nProvider>
    </LocaleSwitchContext>
  )
}

const RescueProgressPart = ({ progress: { done, total, cancel } }: { progress: RescueProgress }) => {
  const [copied, all] = [done.toLocaleString('vi'), total.toLocaleString('vi')]
  return (
    <>
      <progress className="busy-bar" max={total} value={done} aria-label={t`Đang cứu kho hồ sơ sang kho mới`} />
      <p>{t`Đã chép ${copied} trong ${all} mục. Kho nhiều hồ sơ cần vài phút.`}</p>
      <p>{t`Máy tắt giữa chừng thì lần mở sau chép lại từ đầu: kho cũ được giữ nguyên, không mất gì.`}</p>
      <div className="row">
        <Button onPress={cancel}>{t`Dừng chép`}</Button>
      </div>
    </>
  )
}

type SessionState = ReturnType<typeof useMachine<typeof sessionMachine>>[0]
type SessionSend = ReturnType<typeof useMachine<typeof sessionMachine>>[1]

const Page = ({ state, send }: { state: SessionState; send: SessionSend }) => {
  const { description, vault, sync, operator, operators, fault, services } = state.context
  const created = useCallback(() => send({ type: 'OPERATOR_CREATED' }), [send])
  const show = useCallback((view: View) => send({ type: 'SHOW', view }), [send])
  const lock = useCallback((idle: boolean) => send({ type: 'LOCK', idle }), [send])

  if (state.matches({ claiming: 'taken' })) {
    return (
      <EntryPage title={t`Trạm đang mở ở cửa sổ khác`} description={description}>
        <p>{t`Chỉ một cửa sổ được ghi, để không hồ sơ nào bị ghi chồng. Làm tiếp ở cửa sổ kia, hoặc đóng nó: cửa sổ này sẽ tự vào tiếp.`}</p>
      </EntryPage>
    )
  }
  if (state.matches({ running: 'stationGone' }) || state.matches({ running: 'losing' })) {
    const message = stationGoneMessage()
    return (
      <EntryPage title={message.title} description={description}>
        <p role="status" data-testid="station-gone">
          {message.body} <span className="note">({message.code})</span>
        </p>
      </EntryPage>
    )
  }
  if (state.matches({ running: 'storeFault' }) && fault !== null) {
    const message = storeMessage(fault)
    return (
      <EntryPage title={message.title} description={description}>
        <p role="alert">
          {message.body} <span className="note">({message.code})</span>
        </p>
        <div className="row">
          <Button kind="primary" onPress={() => send({ type: 'RETRY' })}>
            {t`Thử lại`}
          </Button>
          {fault.type === 'store-broken' ? (
            <Button onPress={() => send({ type: 'RESCUE' })}>{t`Giữ kho này lại, cứu sang kho mới`}</Button>
          ) : null}
          {fault.type === 'store-was-reset' ? (
            <Button onPress={() => send({ type: 'ACCEPT_RESET' })}>{t`Bắt đầu với kho trống`}</Button>
          ) : null}
        </div>
      </EntryPage>
    )
  }
  if (state.matches({ running: 'setUp' })) {
    return (
      <SetUpPage
        station={services.station}
        description={description}
        onEnrolled={(next) => send({ type: 'ENROLLED', description: next })}
      />
    )
  }
  if (vault !== null && (state.matches({ running: 'firstOperator' }) || state.matches({ running: 'addOperator' }))) {
    const first = state.matches({ running: 'firstOperator' })
    return (
      <OperatorPage
        vault={vault}
        description={description}
        first={first}
        lock={first ? null : lock}
        onCreated={created}
        onCancel={() => send({ type: 'CANCEL' })}
      />
    )
  }
  if (vault !== null && state.matches({ running: 'signIn' })) {
    return (
      <SignInPage
        vault={vault}
        operators={operators}
        description={description}
        lastOperatorId={state.context.viewOf}
        lockedByIdle={state.context.lockedByIdle}
        onSignedIn={(signedIn) => send({ type: 'SIGNED_IN', operator: signedIn })}
      />
    )
  }
  const working = state.matches({ running: 'working' }) || state.matches({ running: 'locking' })
  if (working && vault !== null && sync !== null && operator !== null && description !== null) {
    return (
      <Workspace
        vault={vault}
        sync={sync}
        station={services.station}
        operator={operator}
        description={description}
        view={state.context.view}
        show={show}
        lock={lock}
        addOperator={() => send({ type: 'ADD_OPERATOR' })}
      />
    )
  }
  const { rescuing } = state.context
  if (rescuing !== null) {
    return (
      <EntryPage title={t`Đang cứu kho hồ sơ sang kho mới`} description={description}>
        <RescueProgressPart progress={rescuing} />
      </EntryPage>
    )
  }
  return (
    <EntryPage title="Trạm" description={description}>
      <Message message={{ title: t`Đang mở kho hồ sơ trên máy`, body: t`Chỉ mất một lát.` }} />
    </EntryPage>
  )
}
