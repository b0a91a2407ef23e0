import { t } from '@lingui/core/macro'
import { useSelector } from '@xstate/react'
import { type FocusEvent, memo, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { AttachmentFacts } from '../../contracts/dossier.ts'
import type { Finding } from '../../contracts/procedure.ts'
import type { StationApi, StationDescription } from '../../contracts/station-api.ts'
import type { CardHeard } from '../../contracts/visit.ts'
import { learnHeard, withoutKept } from '../../procedures/reuse/known-kept.ts'
import { stepOfField, todayInVietnam } from '../../procedures/rules/index.ts'
import type { CardShown, CitizenStoreClient, SyncStatus } from '../../sync/client/sync-client-api.ts'
import type { Vault } from '../../sync/vault/vault-api.ts'
import type { View } from '../app/session-machine.ts'
import { useKeys } from '../app/use-keys.ts'
import type { Readers } from '../app/use-readers.ts'
import { CardDialog } from '../card/card-dialog.tsx'
import { LostFiles } from '../papers/lost-files.tsx'
import { PapersStep } from '../papers/papers-step.tsx'
import { Button } from '../ui/button.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { useLatest } from '../ui/use-latest.ts'
import { changePapers } from './change-papers.ts'
import { SupplementPanel } from './correction/supplement-panel.tsx'
import { HelpSide } from './help-side.tsx'
import { isKept, placesOf } from './machine/wizard-context.ts'
import type { WizardEvent } from './machine/wizard-machine.ts'
import type { OpenDossier } from './open-dossier.ts'
import { ReviewStep } from './review-step.tsx'
import { SaveLine } from './save-line.tsx'
import { StepForm } from './step-form.tsx'
import { placeTitle, StepList } from './step-list.tsx'
import { StorePanel } from './store-panel.tsx'
import { focusField, Summary } from './summary.tsx'
import { useWizardContext } from './use-wizard-context.ts'
import { VersionLine } from './version-line.tsx'

type Props = {
  open: OpenDossier
  /** Why the agency's newest version could not be fetched. */
  trouble: MachineMessage | null
  /** Papers the disk does not give any more, until a person says that others are in their place. */
  lostFiles: readonly AttachmentFacts[]
  onLostForgotten: () => void
  draftId: string
  vault: Vault
  store: CitizenStoreClient
  station: StationApi
  description: StationDescription
  network: SyncStatus['network']
  readers: Readers
  show: (view: View) => void
}

type ActsProps = { back: string; next: string; onCard: () => void; onBack: () => void; onNext: () => void }

const BottomActs = memo(({ back, next, onCard, onBack, onNext }: ActsProps) => (
  <div className="row bottom-acts">
    <span className="note key-hints">
      <kbd>F1</kbd> {t`Trợ giúp`}
    </span>
    <Button kind="quiet" hint="F4" onPress={onCard}>
      {t`Đọc thẻ`}
    </Button>
    <Button hint="Alt ←" onPress={onBack}>
      {back}
    </Button>
    <Button kind="primary" hint="Ctrl Enter" onPress={onNext} testId="next">
      {next}
    </Button>
  </div>
))

export const DossierPage = ({
  open,
  trouble,
  lostFiles,
  onLostForgotten,
  draftId,
  vault,
  store,
  station,
  description,
  network,
  readers,
  show,
}: Props) => {
  const { actor, send: say, type, keep, save, work, flush, markTraining } = open
  const context = useWizardContext(actor)
  const sealing = useSelector(actor, (snapshot) => snapshot.matches('finishing'))
  const [attempt, setAttempt] = useState(0)
  const [focused, setFocused] = useState<string | null>(null)
  /** The open card dialog, with the code that opened it, when a code did. */
  const [card, setCard] = useState<{ scanned?: string } | null>(null)
  /** A card whose holder may be asked whether what the gateway keeps of him is to be fetched. */
  const [shown, setShown] = useState<{ card: CardShown; heard: CardHeard } | null>(null)
  const [confirmed, setConfirmed] = useState(0)
  const [known, setKnown] = useState(open.known)
  const heading = useRef<HTMLHeadingElement>(null)
  const held = useRef(false)
  const mainPart = useRef<HTMLElement>(null)
  const { place, procedure } = context
  const places = placesOf(procedure)
  const index = places.indexOf(place)
  const title = placeTitle(context, place)
  const { [place]: found } = context.findings
  const { confirmedWarnings } = context
  const findings = useMemo(
    () => (found ?? []).filter((finding) => finding.severity === 'error' || !isKept({ confirmedWarnings }, finding)),
    [found, confirmedWarnings],
  )
  const errors = findings.filter((finding) => finding.severity === 'error').length

  useEffect(() => {
    document.title = errors > 0 ? t`Lỗi: ${title} · Trạm` : `${title} · Trạm`
    return () => {
      document.title = 'Trạm'
    }
  }, [errors, title])

  useEffect(() => {
    mainPart.current?.scrollTo({ top: 0 })
    setAttempt(0)
    setFocused(null)
    // The first may be asked of others only, or be handed in and fixed.
    const fields = procedure.steps.find((step) => step.id === place)?.fields ?? []
    if (!fields.some(({ id }) => focusField(id, 'nearest'))) heading.current?.focus()
  }, [place, procedure])

  useEffect(() => {
    // Why it was not sent stands at the top, and the button at the bottom.
    if (context.failure !== null) mainPart.current?.scrollTo({ top: 0 })
  }, [context.failure])

  const send = useCallback(
    (event: WizardEvent): void => {
      say(event)
      if (event.type === 'COMMIT') void keep()
    },
    [say, keep],
  )
  const goTo = useCallback((to: string): void => say({ type: 'GO_TO', place: to }), [say])
  const go = (event: WizardEvent): void => {
    say(event)
    void keep()
    if (actor.getSnapshot().context.place === place) setAttempt((count) => count + 1)
  }
  const onNext = (): void => {
    const next = (): void => go(place === 'review' ? { type: 'FINISH' } : { type: 'NEXT' })
    if (!work.busy()) {
      next()
      return
    }
    if (sealing || held.current) return
    held.current = true
    void work.settled().then(() => {
      held.current = false
      if (actor.getSnapshot().context.place === place) next()
    })
  }
  const toHome = (): void => {
    // While the newest words are not on disk the save line says what to do; nobody leaves them behind.
    void flush().then((durable) => {
      if (durable) show({ name: 'home' })
    })
  }
  const onBack = (): void => {
    if (index === 0 && !context.returnToReview) {
      toHome()
      return
    }
    say({ type: 'BACK' })
  }
  const onGo = (finding: Finding): void => {
    const fieldId = finding.fields[0]
    const target =
      finding.paper === undefined
        ? finding.consent === undefined
          ? fieldId
          : `consent-${finding.consent}`
        : `paper-${finding.paper}`
    if (target === undefined) return
    const there =
      finding.paper !== undefined
        ? 'papers'
        : finding.consent !== undefined || fieldId === undefined
          ? 'review'
          : stepOfField(procedure, fieldId)?.id
    if (there === undefined || there === place) focusField(target)
    else {
      say({ type: 'GO_TO', place: there })
      requestAnimationFrame(() => focusField(target))
    }
  }

  /** A supplement's pages were all seen: any of them can be gone to. */
  const toTarget = (target: string): void => {
    const paper = target.startsWith('paper-')
    const there = paper ? 'papers' : stepOfField(procedure, target)?.id
    if (there === undefined || there === place) focusField(target)
    else {
      say({ type: 'GO_TO', place: there })
      requestAnimationFrame(() => focusField(target))
    }
  }
  /** One that went bad since the page was opened is in the wizard's list still. */
  const onForgotten = (): void => {
    const gone = new Set(lostFiles.map(({ attachmentId }) => attachmentId))
    changePapers(open, (current) => current.filter(({ attachmentId }) => !gone.has(attachmentId)))
    void keep()
    onLostForgotten()
  }
  const openCard = useCallback(() => setCard({}), [])
  const onTakeOver = useCallback(
    (event: WizardEvent): void => {
      send(event)
      if (open.known.training) markTraining()
      void keep()
    },
    [send, open, markTraining, keep],
  )
  /** To the help and, from there, back to the field it is about. */
  const help = (): void => {
    const side = document.querySelector<HTMLElement>('.help')
    if (side === null || side.contains(document.activeElement)) {
      if (focused === null || !focusField(focused, 'nearest')) heading.current?.focus()
    } else side.focus()
  }
  const latestGo = useLatest(onGo)
  const latestBack = useLatest(onBack)
  const latestNext = useLatest(onNext)
  useKeys([
    ['F1', help],
    ['F4', () => setCard({})],
    ['F8', () => setCard({})],
    ['Ctrl Enter', onNext],
    ['Alt ←', onBack],
    ['Ctrl S', () => void keep().then(() => setConfirmed((count) => count + 1))],
  ])
  // A card's code opens the dialog wherever the clerk is in the form; an open dialog takes its codes itself.
  useEffect(
    () =>
      station.onEvent((event) => {
        if (event.type !== 'scan' || !event.scan.ok) return
        const { text } = event.scan.value
        setCard((open) => open ?? { scanned: text })
      }),
    [station],
  )
  const onFocus = (event: FocusEvent): void => {
    const field = event.target.closest('[data-field]')?.getAttribute('data-field')
    if (field !== null && field !== undefined) setFocused(field)
  }

  const nextLabel = place !== 'review' ? t`Tiếp tục` : network === 'online' ? t`Gửi hồ sơ` : t`Lưu, gửi khi có mạng`
  const number = index + 1
  const total = places.length

  return (
    <div className="dossier">
      <StepList context={context} onGo={goTo} />
      <main ref={mainPart} className="dossier-main" data-region="form" data-testid="wizard" data-place={place} onFocus={onFocus}>
        <p className="note">
          {t`Bước ${number} trong ${total}`} · {procedure.declaration.form} · {t`mã thủ tục ${procedure.code}`}
        </p>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {trouble === null ? null : <Message kind="warning" message={trouble} />}
        {lostFiles.length === 0 ? null : <LostFiles files={lostFiles} vault={vault} onForgotten={onForgotten} />}
        {open.supplement === null ? (
          <VersionLine procedure={procedure} today={todayInVietnam(context.now())} />
        ) : (
          <SupplementPanel
            procedure={open.supplement.procedure}
            state={open.supplement.state}
            onGo={toTarget}
            onRenew={open.supplement.renew}
            onSettle={open.supplement.settle}
          />
        )}
        <Summary findings={findings} attempt={attempt} onGo={latestGo} />
        {shown === null ? null : (
          // What is kept goes into fields; where none are asked nothing is said of it.
          <div hidden={place === 'papers' || place === 'review'}>
            <StorePanel
              key={shown.card.readId}
              card={shown.card}
              name={shown.heard.person.fullName ?? ''}
              operatorId={context.operatorId}
              store={store}
              onKept={(kept) => {
                const heard = { ...shown.heard, kept }
                open.hearCard(heard)
                setKnown({ ...known, visit: learnHeard(known.visit, heard) })
              }}
              onErased={() => {
                open.hearCard(shown.heard)
                setKnown({ ...known, visit: withoutKept(known.visit) })
              }}
              onClose={() => setShown(null)}
            />
          </div>
        )}
        {place === 'papers' ? (
          <PapersStep
            context={context}
            draftId={draftId}
            vault={vault}
            station={station}
            work={work}
            onChanged={(change) => {
              changePapers(open, change)
              void keep()
            }}
          />
        ) : place === 'review' ? (
          <ReviewStep context={context} send={send} correction={open.supplement !== null} />
        ) : (
          <StepForm context={context} send={send} type={type} known={known} onTakeOver={onTakeOver} />
        )}
      </main>
      <HelpSide context={context} focused={focused} />
      <footer className="bottom" data-region="bottom">
        <SaveLine store={save} confirmed={confirmed} />
        <BottomActs
          back={context.returnToReview ? t`Về trang kiểm tra` : t`Quay lại`}
          next={sealing ? t`Đang đóng gói…` : nextLabel}
          onCard={openCard}
          onBack={latestBack}
          onNext={latestNext}
        />
      </footer>
      {card === null ? null : (
        <CardDialog
          context={context}
          station={station}
          readers={readers}
          simulated={description.simulatedReader}
          scanned={card.scanned}
          onClose={() => setCard(null)}
          store={open.keepMonths !== null && network !== 'offline' ? store : undefined}
          onFill={({ values, origin, person, specimen, shown: cardShown }) => {
            say({ type: 'FILL', values, origin })
            const read = { ...origin, at: new Date().toISOString(), operatorId: context.operatorId }
            const heard = { person, read, specimen }
            open.hearCard(heard)
            setKnown({ ...known, visit: learnHeard(known.visit, heard) })
            if (cardShown !== undefined) setShown({ card: cardShown, heard })
            if (specimen) markTraining()
            void keep()
            setCard(null)
          }}
        />
      )}
    </div>
  )
}
