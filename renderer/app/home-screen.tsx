import { t } from '@lingui/core/macro'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ListedGuidance, ListedProcedure } from '../../contracts/procedure.ts'
import type { StationDescription } from '../../contracts/station-api.ts'
import { catalogue } from '../../procedures/catalogue.ts'
import { recordsCalled } from '../../procedures/lookup/records.ts'
import { todayInVietnam } from '../../procedures/rules/index.ts'
import type { DraftSummary, Operator, OutboxEntry, StoreFault, Vault } from '../../sync/vault/vault-api.ts'
import { currentLocale, say } from '../locales/locale.ts'
import { endangered } from '../outbox/endangered.ts'
import { groupOf } from '../outbox/outbox-group.ts'
import { RescueNote } from '../outbox/rescue-note.tsx'
import { vietnamTime } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Message } from '../ui/message.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { newDraft } from '../wizard/new-draft.ts'
import { GuidanceDialog } from './guidance-dialog.tsx'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { OthersWork } from './others-work.tsx'
import { procedureName } from './procedure-name.ts'
import type { View } from './session-machine.ts'
import { useMinute } from './use-minute.ts'
import { fewestDossiers, type Room } from './use-room.ts'
import { storeMessage } from './words.ts'

type Props = {
  vault: Vault
  room: Room | null
  operator: Operator
  entries: OutboxEntry[]
  visit: Visit
  description: StationDescription
  /** How many of the gateway's procedures need a newer program. */
  unopened: number
  show: (view: View) => void
  showKeys: () => void
}

/** A full day's work at a point. */
const dossiersADay = 40

const RoomMessage = ({ dossiers, refused }: { dossiers: number; refused: boolean }) => {
  const days = Math.floor(dossiers / dossiersADay)
  const left =
    dossiers === 0
      ? t`Máy không còn chỗ cho hồ sơ mới.`
      : days === 0
        ? t`Máy còn chỗ cho khoảng ${dossiers} hồ sơ, chưa đủ một ngày làm việc.`
        : t`Máy còn chỗ cho khoảng ${dossiers} hồ sơ, ${days} ngày làm việc nếu mỗi ngày 40 hồ sơ.`
  return (
    <Message
      kind={refused ? 'error' : 'warning'}
      message={{
        title: t`Gửi bớt hồ sơ trước khi nhận thêm`,
        body: `${left} ${t`Các hồ sơ đang có vẫn an toàn. Nối mạng để gửi hồ sơ đang chờ, chuyển hàng chờ sang USB (F7), hoặc xoá bớt tệp khác trên ổ đĩa.`}`,
        code: 'MAY-02',
      }}
    />
  )
}

const isToday = (instant: string): boolean => vietnamTime(instant).day === vietnamTime(new Date().toISOString()).day

/**
 * What is in force by this machine's date; of the rest the newest version, because a machine's clock may be years off and the gateway
 * decides by its own. The wizard says that such a version has ended.
 */
const offeredNow = (day: string): ListedProcedure[] => {
  const inForce = catalogue.offeredOn(day)
  const known = new Set(inForce.map(({ code }) => code))
  const newest = new Map<string, ListedProcedure>()
  for (const procedure of catalogue.procedures) {
    const other = newest.get(procedure.code)
    if (procedure.draft || known.has(procedure.code)) continue
    if (other === undefined || other.effectiveFrom < procedure.effectiveFrom) newest.set(procedure.code, procedure)
  }
  const offered = new Map([...inForce, ...newest.values()].map((procedure) => [procedure.code, procedure]))
  return [...new Set(catalogue.procedures.map(({ code }) => code))].flatMap((code) => offered.get(code) ?? [])
}

const isGuidance = (record: ListedProcedure | ListedGuidance): record is ListedGuidance => 'id' in record
const isProcedure = (record: ListedProcedure | ListedGuidance): record is ListedProcedure => !isGuidance(record)

export const HomeScreen = ({ vault, room, operator, entries, visit, description, unopened, show, showKeys }: Props) => {
  const [query, setQuery] = useState('')
  const [drafts, setDrafts] = useState<DraftSummary[]>([])
  const [fault, setFault] = useState<StoreFault | null>(null)
  const [others, setOthers] = useState<Operator[]>([])
  const [handing, setHanding] = useState<DraftSummary | null>(null)
  const [guidance, setGuidance] = useState<ListedGuidance | null>(null)
  /** A new dossier was asked for while there is no room for one. */
  const [refused, setRefused] = useState(false)
  const page = useRef<HTMLElement>(null)
  const [discarding, setDiscarding] = useState<DraftSummary | null>(null)
  useEffect(() => vault.observeDrafts(setDrafts), [vault])
  useEffect(() => {
    void vault.listOperators().then((found) => {
      if (found.ok) setOthers(found.value.filter((each) => each.operatorId !== operator.operatorId))
    })
  }, [vault, operator])

  const now = useMinute()
  const inVisit = useSyncExternalStore(visit.onChange, () => visit.dossiers().length)

  const searching = query.trim() !== ''
  const offered = offeredNow(todayInVietnam(new Date()))
  // Of what can be done here nobody needs to be told where else to go.
  const done = new Set(offered.map(({ code }) => code))
  const elsewhere = catalogue.guidance.filter(({ code }) => code === undefined || !done.has(code))
  const { byName, bySaying } = recordsCalled(searching ? [...offered, ...elsewhere] : offered, query)
  const named = byName.filter(isProcedure)
  const found = [...named, ...bySaying.filter(isProcedure)]
  const advised = [...byName, ...bySaying].filter(isGuidance)
  const [only] = named.length === 1 || found.length === 1 ? found : []

  const full = room !== null && room.dossiers < fewestDossiers
  const begin = async ({ code, version }: ListedProcedure): Promise<void> => {
    const procedure = catalogue.find(code, version)
    if (full) {
      setRefused(true)
      page.current?.scrollTo({ top: 0 })
    }
    if (full || procedure === undefined) return
    const made = await vault.createDraft(newDraft(procedure, description.enrolment?.demo === true))
    if (made.ok) show({ name: 'dossier', draftId: made.value.draftId })
    else if (made.error.type !== 'locked') setFault(made.error)
  }

  const discard = async (draft: DraftSummary): Promise<void> => {
    const done = await vault.discardDraft(draft.draftId)
    if (done.ok) visit.drop(draft.draftId)
    else if (done.error.type !== 'locked' && done.error.type !== 'not-found') setFault(done.error)
    setDiscarding(null)
  }

  const today = entries.filter((entry) => isToday(entry.queuedAt)).length
  const waiting = entries.filter((entry) => groupOf(entry) === 'waiting').length
  const urgent = entries.filter((entry) => endangered(entry, now).length > 0).length
  const attention = entries.filter((entry) => groupOf(entry) === 'attention').length

  return (
    <main ref={page} className="page home" data-region="form">
      <div className="home-work stack">
        <h1>{t`Làm thủ tục`}</h1>
        {inVisit === 0 ? null : (
          <p className="note">{t`Lượt này đã có ${inVisit} hồ sơ. Hồ sơ sau của cùng gia đình lấy lại được những gì đã khai.`}</p>
        )}
        {fault === null ? null : <Message kind="error" message={storeMessage(fault)} />}
        <RescueNote vault={vault} />
        {room !== null && (full || room.nearlyFull) ? <RoomMessage dossiers={room.dossiers} refused={full && refused} /> : null}
        <form
          className="search-line"
          onSubmit={(event) => {
            event.preventDefault()
            if (only !== undefined) void begin(only)
          }}
        >
          <TextField
            label={t`Tìm thủ tục`}
            hint={t`Gõ như người dân nói, không dấu cũng được: "khai sinh", "cat khau", "1.001193"`}
            value={query}
            onChange={setQuery}
            autoFocus
          />
          <span className="key" aria-hidden="true">
            Ctrl K
          </span>
        </form>
        {found.length + advised.length === 0 ? (
          <p role="status">{t`Không có thủ tục nào khớp. Xoá bớt chữ, hoặc gõ mã thủ tục.`}</p>
        ) : (
          <ul className={`plain-list card procedures${searching ? '' : ' all'}`}>
            {found.map((procedure) => (
              <li key={`${procedure.code} ${procedure.version}`} className="procedure">
                <div>
                  <h2>{say(procedure.name)}</h2>
                  <p className="note">
                    {procedure.code} · {say(procedure.agency)}
                    {procedure.kind === 'partial' && !searching ? ` · ${t`in ra là bản kê khai`}` : ''}
                  </p>
                  {searching ? <p className="note sentence">{say(procedure.timeLimit.text)}</p> : null}
                  {procedure.kind === 'partial' && searching ? (
                    <p className="note">{t`Mẫu tờ khai chưa được kiểm chứng đủ: in ra là bản kê khai.`}</p>
                  ) : null}
                </div>
                <Button
                  {...(procedure === only ? { kind: 'primary', hint: 'Enter' } : { small: true })}
                  onPress={() => void begin(procedure)}
                >
                  {t`Làm hồ sơ mới`}
                </Button>
              </li>
            ))}
            {advised.map((each) => (
              <li key={each.id} className="procedure">
                <div>
                  <h2>{say(each.name)}</h2>
                  <p className="note">
                    {each.code === undefined ? '' : `${each.code} · `}
                    {say(each.agency)}
                  </p>
                </div>
                <Button small kind="quiet" onPress={() => setGuidance(each)}>
                  {t`Xem cần gì, nộp ở đâu`}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {!searching && elsewhere.length > 0 ? (
          <p className="note">{t`Còn ${elsewhere.length} thủ tục có hướng dẫn: gõ tên để tìm.`}</p>
        ) : null}
        {unopened > 0 && (!searching || found.length + advised.length === 0) ? (
          <p className="note">{t`Máy chủ còn ${unopened} thủ tục mà chương trình trên máy này chưa mở được: cần cập nhật chương trình.`}</p>
        ) : null}
      </div>
      <aside className="home-side stack" data-region="help" aria-label={t`Bản nháp và hôm nay`}>
        <section aria-labelledby="drafts-title" className="card stack">
          <h2 id="drafts-title">{t`Bản nháp đang soạn`}</h2>
          {drafts.length === 0 ? (
            <p className="note">{t`Chưa có bản nháp nào.`}</p>
          ) : (
            <ul className="plain-list drafts">
              {drafts.map((draft) => {
                const saved = vietnamTime(draft.savedAt)
                const left = draft.hoursLeft
                return (
                  <li key={draft.draftId} data-testid="draft">
                    <div>
                      <p>
                        <strong>{draft.label === '' ? t`Chưa ghi tên` : draft.label}</strong> ·{' '}
                        {procedureName(draft.procedureCode, draft.procedureVersion)}
                      </p>
                      <p className="note">
                        <span aria-hidden="true">✎ </span>
                        {t`Lưu trên máy này lúc ${saved.time}, ${saved.day}. Chưa gửi.`}
                      </p>
                      {left === undefined ? null : (
                        <p className="state attention wrap">
                          <span aria-hidden="true">! </span>
                          {t`Làm tiếp trong ${left} giờ nữa; quá hạn máy sẽ xoá bản nháp này.`}
                        </p>
                      )}
                    </div>
                    <div className="row">
                      <Button small onPress={() => show({ name: 'dossier', draftId: draft.draftId })}>
                        {t`Làm tiếp`}
                      </Button>
                      {others.length === 0 ? null : (
                        <Button small kind="quiet" onPress={() => setHanding(draft)}>
                          {t`Chuyển`}
                        </Button>
                      )}
                      <Button small kind="quiet" onPress={() => setDiscarding(draft)}>
                        {t`Xoá`}
                      </Button>
                    </div>
                  </li>
                )
              })}
            </ul>
          )}
        </section>
        {operator.role === 'supervisor' ? <OthersWork vault={vault} operatorId={operator.operatorId} /> : null}
        <div className="card stack">
          <h2>{t`Hôm nay`}</h2>
          <ul className="plain-list">
            <li>{t`${today} hồ sơ làm xong`}</li>
            <li>{t`${waiting} chờ gửi`}</li>
            <li>{t`${attention} cần xem lại`}</li>
          </ul>
          {urgent === 0 ? null : (
            <p className="state attention wrap" data-testid="urgent">
              <span aria-hidden="true">! </span>
              {t`${urgent} hồ sơ chờ gửi sắp hết hạn hoặc đã quá hạn: xem cách khác ở Hàng chờ`}
            </p>
          )}
          <Button hint="F7" onPress={() => show({ name: 'outbox' })}>
            {t`Hàng chờ, hôm nay`}
          </Button>
        </div>
        <Button kind="quiet" small hint="Ctrl /" onPress={showKeys}>
          {t`Xem bảng phím`}
        </Button>
      </aside>
      {handing === null ? null : (
        <HandOverDialog
          vault={vault}
          draft={handing}
          others={others}
          onGiven={() => visit.drop(handing.draftId)}
          onClose={() => setHanding(null)}
        />
      )}
      {guidance === null ? null : <GuidanceDialog id={guidance.id} onClose={() => setGuidance(null)} />}
      {discarding === null ? null : (
        <Dialog title={t`Xoá bản nháp này?`} onClose={() => setDiscarding(null)}>
          <p>
            <strong lang={currentLocale()}>{discarding.label}</strong>
          </p>
          <p>{t`Xoá rồi không lấy lại được. Hồ sơ này chưa được gửi đi đâu.`}</p>
          <div className="row">
            <Button kind="primary" onPress={() => setDiscarding(null)} autoFocus>
              {t`Giữ lại`}
            </Button>
            <Button onPress={() => void discard(discarding)}>{t`Xoá hẳn`}</Button>
          </div>
        </Dialog>
      )}
    </main>
  )
}
