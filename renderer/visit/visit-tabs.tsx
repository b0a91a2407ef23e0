/** The dossiers of this visit, above everything else: where each stands, one key to each, and the end of the visit. */
import { t } from '@lingui/core/macro'
import { useSyncExternalStore } from 'react'
import type { OutboxEntry } from '../../sync/vault/vault-api.ts'
import type { View } from '../app/session-machine.ts'
import { useKeys } from '../app/use-keys.ts'
import { say } from '../locales/locale.ts'
import { wordsOf } from '../outbox/outbox-words.ts'
import { Button } from '../ui/button.tsx'
import type { Visit, VisitDossier } from './visit.ts'
import './visit-tabs.css'

type Props = {
  visit: Visit
  entries: readonly OutboxEntry[]
  view: View
  /** Goes there once everything is on the disk. */
  onGo: (view: View) => void
  onHome: () => void
  onEnd: () => void
}

type Standing = { sign: string; words: string; tone: string }

const standingOf = (dossier: VisitDossier, entry: OutboxEntry | undefined, isOpen: boolean): Standing => {
  if (entry !== undefined) {
    const { sign, label, tone } = wordsOf(entry)
    return { sign, words: label, tone }
  }
  if (dossier.packetId !== undefined) return { sign: '◌', words: t`Đã đóng gói`, tone: 'queued' }
  if (dossier.unsaved === true) return { sign: '!', words: t`Chưa lưu được`, tone: 'attention' }
  const { errors, step } = dossier
  if (errors > 0) return { sign: '!', words: t`${errors} chỗ cần sửa`, tone: 'attention' }
  const { number, total } = step
  return { sign: '✎', words: isOpen ? t`Bước ${number}/${total}` : t`Bước ${number}/${total}, đã lưu`, tone: '' }
}

const keys = ['Ctrl 1', 'Ctrl 2', 'Ctrl 3', 'Ctrl 4', 'Ctrl 5', 'Ctrl 6', 'Ctrl 7', 'Ctrl 8'] as const

const viewOf = ({ draftId, packetId }: VisitDossier): View =>
  packetId === undefined ? { name: 'dossier', draftId } : { name: 'slip', packetId }

/** Of more tabs than the line holds. */
const intoView = (tab: HTMLElement | null): void => tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })

const isShown = (view: View, { draftId, packetId }: VisitDossier): boolean =>
  (view.name === 'dossier' && view.draftId === draftId) || (view.name === 'slip' && view.packetId === packetId)

export const VisitTabs = ({ visit, entries, view, onGo, onHome, onEnd }: Props) => {
  const dossiers = useSyncExternalStore(visit.onChange, visit.dossiers)
  useKeys(
    keys.map((key, index) => [
      key,
      () => {
        const dossier = dossiers[index]
        if (dossier !== undefined && !isShown(view, dossier)) onGo(viewOf(dossier))
      },
    ]),
  )
  if (dossiers.length === 0) return null
  return (
    <nav className="visit-tabs" data-region="visit" aria-label={t`Hồ sơ của lượt này`} data-testid="visit">
      <ul>
        {dossiers.map((dossier, index) => {
          const entry = entries.find(({ packetId }) => packetId === dossier.packetId)
          const shown = isShown(view, dossier)
          const { sign, words, tone } = standingOf(dossier, entry, shown)
          const key = keys[index]
          return (
            <li key={dossier.draftId}>
              <button
                ref={shown ? intoView : undefined}
                type="button"
                className="visit-tab"
                aria-current={shown ? 'page' : undefined}
                aria-keyshortcuts={key?.replace('Ctrl ', 'Control+')}
                data-testid="visit-tab"
                onClick={() => (shown ? undefined : onGo(viewOf(dossier)))}
              >
                <span className="visit-tab-name">
                  {key === undefined ? null : <kbd>{index + 1}</kbd>}
                  <span>{say(dossier.procedure.name)}</span>
                </span>
                <span className="visit-tab-standing">
                  <span className={tone === '' ? 'state' : `state ${tone}`}>
                    <span aria-hidden="true">{sign} </span>
                    {words}
                  </span>
                  <span className="visit-tab-person">{dossier.name === '' ? t`Chưa ghi tên` : dossier.name}</span>
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      <div className="visit-acts">
        {view.name === 'home' ? null : (
          <Button small kind="quiet" hint="Ctrl K" onPress={onHome}>
            {t`Hồ sơ khác`}
          </Button>
        )}
        <Button small hint="F2" onPress={onEnd} testId="end-visit">
          {t`Xong với ông/bà này`}
        </Button>
      </div>
    </nav>
  )
}
