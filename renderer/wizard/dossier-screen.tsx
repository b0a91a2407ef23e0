import { t } from '@lingui/core/macro'
import { startTransition, useCallback, useEffect, useState } from 'react'
import { createActor } from 'xstate'
import type { Answers, AttachmentFacts } from '../../contracts/dossier.ts'
import { WizardDraft } from '../../contracts/draft.ts'
import type { Procedure } from '../../contracts/procedure.ts'
import type { StationApi, StationDescription } from '../../contracts/station-api.ts'
import { findProcedure } from '../../procedures/catalogue.ts'
import { nobody } from '../../procedures/reuse/known-people.ts'
import { deadlinesOf, matterOf, todayInVietnam } from '../../procedures/rules/index.ts'
import type { SyncClient, SyncStatus } from '../../sync/client/sync-client-api.ts'
import type { DraftChange, Operator, QueuedDeadline, Vault } from '../../sync/vault/vault-api.ts'
import { beforeLock } from '../app/flushers.ts'
import type { View } from '../app/session-machine.ts'
import type { Readers } from '../app/use-readers.ts'
import { storeMessage } from '../app/words.ts'
import { DoubleDialog } from '../outbox/double-dialog.tsx'
import { createDoubleQuestion, type DoubleQuestion } from '../outbox/double-question.ts'
import { openSupplementMessage } from '../outbox/outbox-words.ts'
import { initialsOf } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'
import { followTyping } from '../ui/follow-typing.ts'
import { type MachineMessage, Message } from '../ui/message.tsx'
import type { Visit } from '../visit/visit.ts'
import { WhoseDossierDialog } from '../visit/whose-dossier-dialog.tsx'
import { createAutosave, type SaveState } from './autosave.ts'
import { inOrderOf } from './change-papers.ts'
import { correctedAnswers, correctionFormOf } from './correction/correction-form.ts'
import { DossierPage } from './dossier-page.tsx'
import { knownFromDrafts } from './known-from-drafts.ts'
import { createLetters } from './letters.ts'
import { finishedContent, placesOf, toDraft } from './machine/wizard-context.ts'
import { createWizardMachine, type WizardEvent } from './machine/wizard-machine.ts'
import { nameIn } from './new-draft.ts'
import type { OpenDossier, SaveFault } from './open-dossier.ts'
import { createRunningWork } from './running-work.ts'
import { createSaveStore } from './save-store.ts'
import { saidBy, standingOf } from './told-to-visit.ts'

type Props = {
  draftId: string
  vault: Vault
  sync: SyncClient
  station: StationApi
  operator: Operator
  description: StationDescription
  network: SyncStatus['network']
  readers: Readers
  visit: Visit
  show: (view: View) => void
}

const openMessage = (type: string): MachineMessage => {
  if (type === 'disk-full' || type === 'store-closed') return storeMessage({ type })
  if (type === 'procedure-gone') {
    return {
      title: t`Báo người phụ trách`,
      body: t`Máy này không còn bản thủ tục mà bản nháp đã dùng. Bản nháp còn nguyên.`,
      code: 'NHAP-01',
    }
  }
  if (type === 'not-found') return { title: t`Xem ở Hàng chờ (F7)`, body: t`Hồ sơ này đã đóng gói.`, code: 'NHAP-03' }
  return {
    title: t`Về trang đầu và chọn bản nháp khác`,
    body: t`Không mở được bản nháp này bằng khoá của người đang làm việc.`,
    code: 'NHAP-02',
  }
}

/** What must not pass while the dossier waits in the queue; one that has passed is said before, and no longer. */
const queuedDeadlines = (procedure: Procedure, answers: Answers): QueuedDeadline[] => {
  const now = new Date()
  return deadlinesOf(procedure, answers, { today: todayInVietnam(now) }, now).flatMap(({ deadline, state, until }) =>
    until === undefined || state === 'late' ? [] : [{ id: deadline.id, until }],
  )
}

/** A supplement begins at the first of its pages, and each may be gone to: the dossier was finished once. */
const reopened = (procedure: Procedure, draft: WizardDraft): Pick<WizardDraft, 'place' | 'visited'> => {
  const places = placesOf(procedure)
  const begun = draft.visited.length > 0
  return { place: begun ? draft.place : (places[0] ?? 'review'), visited: places.filter((place) => place !== 'review' || begun) }
}

/** Opens a draft, keeps it on disk while it is worked on, and turns it into a packet at the end. */
export const DossierScreen = (props: Props) => {
  const [{ turn, trouble }, setOpened] = useState<{ turn: number; trouble: MachineMessage | null }>({ turn: 0, trouble: null })
  const onChanged = useCallback(
    (next: MachineMessage | null) => setOpened((before) => ({ turn: before.turn + 1, trouble: next })),
    [],
  )
  return <Dossier key={turn} {...props} trouble={trouble} onChanged={onChanged} />
}

type DossierProps = Props & {
  trouble: MachineMessage | null
  /** The vault has changed the draft: it is opened anew, with what there is to say. */
  onChanged: (trouble: MachineMessage | null) => void
}

const Dossier = ({
  draftId,
  vault,
  sync,
  station,
  operator,
  description,
  network,
  readers,
  visit,
  show,
  trouble,
  onChanged,
}: DossierProps) => {
  const pointPlace = description.enrolment?.pointPlace
  const [open, setOpen] = useState<OpenDossier | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [lostFiles, setLostFiles] = useState<readonly AttachmentFacts[]>([])
  const [double, setDouble] = useState<DoubleQuestion | null>(null)
  const [whose, setWhose] = useState<{ label: string; names: string[]; decide: (theirs: boolean | undefined) => void } | null>(
    null,
  )

  useEffect(() => {
    let gone = false
    let close: () => void = () => undefined

    const findLost = async (): Promise<AttachmentFacts[]> => {
      const found = await vault.lostAttachments(draftId)
      const lost = found.ok ? found.value : []
      if (!gone) setLostFiles(lost)
      return lost
    }

    const start = async (): Promise<void> => {
      const loaded = await vault.loadDraft(draftId)
      if (gone) return
      if (!loaded.ok) return setFailure(loaded.error.type)
      const lost = loaded.value.attachments.length === 0 ? [] : await findLost()
      if (gone) return
      const lostIds = new Set(lost.map(({ attachmentId }) => attachmentId))
      const readable = loaded.value.attachments.filter(({ attachmentId }) => !lostIds.has(attachmentId))
      const content = WizardDraft.safeParse(loaded.value.content)
      if (!content.success) return setFailure('unreadable')
      const whole = findProcedure(content.data.procedureCode, content.data.procedureVersion)
      if (whole === undefined) return setFailure('procedure-gone')
      const { supplement } = loaded.value
      const correction = supplement === undefined ? null : correctionFormOf(whole, supplement.basis)
      const procedure = correction?.procedure ?? whole

      const strangers = visit.dossiers()
      const begunElsewhere = content.data.visited.length > 0 && !strangers.some((each) => each.draftId === draftId)
      if (correction === null && begunElsewhere && strangers.length > 0) {
        const names = [...new Set(strangers.map(({ name }) => name).filter((name) => name !== ''))]
        const theirs = await new Promise<boolean | undefined>((decide) => setWhose({ label: loaded.value.label, names, decide }))
        if (gone) return
        if (theirs === undefined) return show({ name: 'home' })
        if (!theirs) visit.end()
        setWhose(null)
      }

      let training = loaded.value.training
      // A supplement says nothing new of anybody: it neither takes from other dossiers nor gives to them.
      const drafts = correction === null ? await knownFromDrafts(vault, { besides: draftId, training }) : nobody
      // A supplement's consents were given with the dossier.
      const standing = correction === null ? await station.call('standing', {}) : undefined
      const keepMonths = standing?.ok === true ? standing.value.keepMonths : null
      if (gone) return
      const beside = correction === null ? visit.open(draftId) : null
      const actor = createActor(createWizardMachine(procedure), {
        input: {
          operatorId: operator.operatorId,
          now: () => new Date(),
          pointPlace,
          keepMonths: keepMonths ?? undefined,
          // The vault knows which attachments are whole; the draft's own list may be one write behind.
          draft: {
            ...content.data,
            attachments: inOrderOf(content.data.attachments, readable),
            ...(correction === null ? {} : reopened(correction.procedure, content.data)),
          },
          ...(correction === null ? {} : { fixed: correction.fixed }),
        },
      })
      let onDisk: SaveState<SaveFault> = { type: 'saved', at: loaded.value.savedAt }
      const save = createSaveStore<SaveFault>(onDisk)
      const letters = createLetters({
        hand: (typed) => {
          startTransition(() => actor.send(typed))
          sayHowSaved()
        },
        following: followTyping,
      })
      /** A letter on its way to the wizard is on no disk. */
      const sayHowSaved = (): void => save.set(letters.waiting() && onDisk.type === 'saved' ? { type: 'writing' } : onDisk)
      const send = (event: WizardEvent): void => {
        letters.settle()
        actor.send(event)
      }
      let unsaved = false
      let sealed = false
      const tell = (): void => {
        // What was sealed says nothing else any more.
        if (!sealed) beside?.hear(saidBy(actor.getSnapshot().context, { training, unsaved }))
      }
      const autosave = createAutosave<DraftChange, SaveFault>({
        save: (change) => vault.saveDraft(draftId, change),
        onState: (state) => {
          onDisk = state
          sayHowSaved()
          const failed = state.type === 'failed'
          if (failed === unsaved) return
          unsaved = failed
          tell()
        },
        savedAt: loaded.value.savedAt,
      })
      const changeOf = (): DraftChange => {
        const { context } = actor.getSnapshot()
        const label = correction === null ? { label: nameIn(procedure, context.answers) } : {}
        return { content: toDraft(context), ...label, training }
      }
      let written = JSON.stringify(content.data)
      let sealing = false
      const work = createRunningWork()
      const question = createDoubleQuestion(setDouble)
      let shown = ''
      actor.subscribe((snapshot) => {
        const standing = JSON.stringify(standingOf(snapshot.context))
        if (standing !== shown) {
          shown = standing
          tell()
        }
        if (snapshot.matches('finished')) return
        const next = JSON.stringify(toDraft(snapshot.context))
        if (next !== written) {
          written = next
          autosave.changed(changeOf())
        }
        if (!snapshot.matches('finishing') || sealing) return
        sealing = true
        void work.add(seal()).finally(() => {
          sealing = false
        })
      })

      const seal = async (): Promise<void> => {
        await autosave.flush()
        const content = finishedContent(actor.getSnapshot().context)
        const { attachments, consents, confirmedWarnings } = content
        // Now, while the citizen who has the paper is here; and another page of it would let it pass without this one.
        if ((await findLost()).length > 0) {
          actor.send({ type: 'FINISH_FAILED', failure: { type: 'files-lost' } })
          return
        }
        const answers =
          correction === null || supplement === undefined
            ? content.answers
            : correctedAnswers(correction, supplement.basis.answers, content.answers)
        // Of a new dossier alone: what comes later belongs to the one there is.
        const matter =
          loaded.value.about === undefined ? matterOf(procedure, answers, { today: todayInVietnam(new Date()) }) : undefined
        const doubles = matter === undefined ? undefined : await vault.findDoubles(matter)
        const found = doubles?.ok === true ? doubles.value : []
        const reason = found.length === 0 ? undefined : await question.ask(found)
        if (found.length > 0 && reason === undefined) {
          actor.send({ type: 'FINISH_FAILED', failure: { type: 'kept-as-draft' } })
          return
        }
        const finished = await vault.finish({
          draftId,
          ...(matter === undefined ? {} : { matter }),
          ...(reason === undefined ? {} : { knownDouble: { slipCodes: found.map(({ slipCode }) => slipCode), reason } }),
          answers,
          consents,
          confirmedWarnings,
          attachmentIds: attachments.map((attachment) => attachment.attachmentId),
          deadlines: queuedDeadlines(procedure, answers),
          label: correction === null ? initialsOf(nameIn(procedure, answers)) : loaded.value.label,
        })
        if (!finished.ok) {
          const { type } = finished.error
          actor.send({
            type: 'FINISH_FAILED',
            failure: 'detail' in finished.error ? { type, detail: finished.error.detail } : { type },
          })
          return
        }
        autosave.stop()
        tell()
        sealed = true
        beside?.finished(finished.value.packetId)
        actor.send({ type: 'FINISHED' })
        show({ name: 'slip', packetId: finished.value.packetId })
      }

      const flush = async (): Promise<boolean> => {
        letters.settle()
        question.cancel()
        await work.settled()
        const durable = await autosave.flush()
        tell()
        await visit.kept()
        return durable
      }
      /** The vault changes the draft itself: what is on the screen is written first, and read again after it. */
      const change = async (act: () => ReturnType<Vault['renewSupplement']>): Promise<void> => {
        if (!(await flush())) return
        // Nothing is typed into a page that is about to be read again.
        setOpen(null)
        const done = await act()
        if (gone) return
        onChanged(done.ok ? null : openSupplementMessage(done.error))
      }
      const keep = (): Promise<boolean> => {
        letters.settle()
        return autosave.flush()
      }
      const onHide = (): void => {
        if (document.visibilityState === 'hidden') void keep()
      }
      const unregister = beforeLock(flush)
      document.addEventListener('visibilitychange', onHide)
      window.addEventListener('pagehide', onHide)
      close = () => {
        letters.settle()
        tell()
        unregister()
        document.removeEventListener('visibilitychange', onHide)
        window.removeEventListener('pagehide', onHide)
        void flush().finally(() => autosave.stop())
        actor.stop()
      }
      actor.start()
      setOpen({
        actor,
        send,
        type: (typed) => {
          letters.type(typed)
          sayHowSaved()
        },
        keep,
        save,
        work,
        flush,
        markTraining: () => {
          training = true
          autosave.changed(changeOf())
        },
        keepMonths,
        hearCard: beside?.hearCard ?? (() => undefined),
        known: { visit: beside?.known ?? nobody, drafts, training: beside?.training ?? false },
        supplement:
          supplement === undefined
            ? null
            : {
                state: supplement,
                procedure: whole,
                renew: () => void change(() => vault.renewSupplement({ draftId, fetch: sync.fetchSupplement })),
                settle: (field, keep) => void change(() => vault.settleConflict({ draftId, field, keep })),
              },
      })
    }
    void start()
    return () => {
      gone = true
      close()
    }
  }, [draftId, vault, sync, station, operator, pointPlace, visit, show, onChanged])

  if (failure !== null) {
    return (
      <main className="page" data-region="form">
        <div className="page-narrow stack">
          <Message kind="error" message={openMessage(failure)} />
          <div>
            <Button kind="primary" onPress={() => show({ name: 'home' })}>
              {t`Về trang đầu`}
            </Button>
          </div>
        </div>
      </main>
    )
  }
  if (whose !== null) return <WhoseDossierDialog label={whose.label} names={whose.names} onDecided={whose.decide} />
  if (open === null) return <p className="page-note" role="status">{t`Đang mở bản nháp…`}</p>
  return (
    <>
      <DossierPage
        open={open}
        trouble={trouble}
        lostFiles={lostFiles}
        onLostForgotten={() => setLostFiles([])}
        draftId={draftId}
        vault={vault}
        store={sync.citizenStore}
        station={station}
        description={description}
        network={network}
        readers={readers}
        show={show}
      />
      {double === null ? null : (
        <DoubleDialog doubles={double.doubles} operatorId={operator.operatorId} onDecided={double.decide} />
      )}
    </>
  )
}
