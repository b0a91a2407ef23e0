import { t } from '@lingui/core/macro'
import { useCallback, useEffect, useState } from 'react'
import type { StationApi, StationDescription } from '../../contracts/station-api.ts'
import type { SyncClient, SyncStatus } from '../../sync/client/sync-client-api.ts'
import type { Operator, OutboxEntry, Vault } from '../../sync/vault/vault-api.ts'
import { OutboxScreen } from '../outbox/outbox-screen.tsx'
import { SlipScreen } from '../slip/slip-screen.tsx'
import { openVisit } from '../visit/kept-visit.ts'
import type { Visit } from '../visit/visit.ts'
import { VisitTabs } from '../visit/visit-tabs.tsx'
import { DossierScreen } from '../wizard/dossier-screen.tsx'
import { beforeLock, flushAll } from './flushers.ts'
import { useGatewayCatalogue } from './gateway-catalogue.ts'
import { HomeScreen } from './home-screen.tsx'
import { KeyList } from './key-list.tsx'
import type { View } from './session-machine.ts'
import { TopBar } from './top-bar.tsx'
import { useIdle } from './use-idle.ts'
import { focusNextRegion, useKeys } from './use-keys.ts'
import { useReaders } from './use-readers.ts'
import { useRoom } from './use-room.ts'

type Props = {
  vault: Vault
  sync: SyncClient
  station: StationApi
  operator: Operator
  description: StationDescription
  view: View
  show: (view: View) => void
  lock: (idle: boolean) => void
  addOperator: () => void
}

const useSyncStatus = (sync: SyncClient): SyncStatus => {
  const [status, setStatus] = useState(sync.status.get())
  useEffect(() => {
    setStatus(sync.status.get())
    return sync.status.subscribe(setStatus)
  }, [sync])
  return status
}

/** Null until what was kept of the visit before a lock is read: with the procedures it was begun with, so not before `ready`. */
const useVisit = (vault: Vault, ready: boolean): Visit | null => {
  const [visit, setVisit] = useState<Visit | null>(null)
  useEffect(() => {
    let unregister: (() => void) | undefined
    let gone = false
    if (!ready) return
    void openVisit(vault).then((opened) => {
      if (gone) return
      setVisit(opened)
      unregister = beforeLock(() => opened.kept().then(() => true))
    })
    return () => {
      gone = true
      unregister?.()
    }
  }, [vault, ready])
  return visit
}

/** Once the page of before is gone. */
const focusSearch = (): void => {
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('.search-line input')?.focus())
}

export const Workspace = ({ vault, sync, station, operator, description, view, show, lock, addOperator }: Props) => {
  const [entries, setEntries] = useState<OutboxEntry[]>([])
  const [keysShown, setKeysShown] = useState(false)
  const unopened = useGatewayCatalogue(vault)
  const visit = useVisit(vault, unopened !== null)
  const status = useSyncStatus(sync)
  const readers = useReaders(station)
  const room = useRoom(station)
  useEffect(() => vault.observeOutbox(setEntries), [vault])
  // Removed by the gateway while at work: what is typed is saved, then the kiosk locks.
  useEffect(() => vault.onRemoved(() => lock(false)), [vault, lock])
  useIdle(useCallback(() => lock(true), [lock]))
  const leave = (go: () => void): void => {
    void flushAll().then((durable) => {
      if (durable) go()
    })
  }
  const home = (): void =>
    leave(() => {
      show({ name: 'home' })
      focusSearch()
    })
  const outbox = (): void => leave(() => show({ name: 'outbox' }))
  const done = (): void =>
    leave(() => {
      visit?.end()
      home()
    })
  useKeys([
    ['F2', done],
    ['F6', () => focusNextRegion(1)],
    ['Shift F6', () => focusNextRegion(-1)],
    ['F7', outbox],
    ['Ctrl K', home],
    ['Ctrl L', () => lock(false)],
    ['Ctrl /', () => setKeysShown(true)],
  ])
  const entry = view.name === 'slip' ? entries.find((each) => each.packetId === view.packetId) : undefined

  return (
    <div className="workspace">
      <TopBar
        description={description}
        operator={operator}
        status={status}
        entries={entries}
        readers={readers}
        onHome={home}
        onOutbox={outbox}
        onLock={() => lock(false)}
        onAddOperator={() => leave(addOperator)}
      />
      {visit === null ? null : (
        <VisitTabs visit={visit} entries={entries} view={view} onGo={(to) => leave(() => show(to))} onHome={home} onEnd={done} />
      )}
      {visit === null ? <p className="page-note" role="status">{t`Đang mở lượt đang làm…`}</p> : null}
      {visit !== null && view.name === 'home' ? (
        <HomeScreen
          room={room}
          vault={vault}
          operator={operator}
          entries={entries}
          visit={visit}
          show={show}
          showKeys={() => setKeysShown(true)}
          description={description}
          unopened={unopened?.length ?? 0}
        />
      ) : null}
      {visit !== null && view.name === 'dossier' ? (
        <DossierScreen
          sync={sync}
          key={view.draftId}
          draftId={view.draftId}
          vault={vault}
          station={station}
          operator={operator}
          description={description}
          network={status.network}
          readers={readers}
          visit={visit}
          show={show}
        />
      ) : null}
      {view.name === 'outbox' ? (
        <OutboxScreen entries={entries} operator={operator} status={status} sync={sync} vault={vault} show={show} />
      ) : null}
      {view.name === 'slip' && entry !== undefined ? <SlipScreen entry={entry} description={description} show={show} /> : null}
      {view.name === 'slip' && entry === undefined ? <p className="page-note" role="status">{t`Đang mở phiếu…`}</p> : null}
      {keysShown ? <KeyList onClose={() => setKeysShown(false)} /> : null}
    </div>
  )
}
