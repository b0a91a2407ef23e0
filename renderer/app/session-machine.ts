/**
 * The session of a kiosk: from the start to a signed-in operator and back to the lock.
 *
 * Invariants: one window writes; nobody works while the station does not answer; locking waits for the last save, then forgets the keys,
 * and does not lock while that save fails; a store that failed is let go of, so that trying again opens it anew;
 * the sync client runs from the moment the store is open, whether anybody is signed in or not.
 */
import { assign, fromCallback, fromPromise, setup } from 'xstate'
import type { StationApi, StationDescription } from '../../contracts/station-api.ts'
import type { CreateSyncClient, SyncClient } from '../../sync/client/sync-client-api.ts'
import type { OpenFault, OpenVault, Operator, RescueProgress, StoreFault, Vault } from '../../sync/vault/vault-api.ts'
import type { WindowClaim } from './single-window.ts'

export type Services = {
  station: StationApi
  openVault: OpenVault
  createSyncClient: CreateSyncClient
  claimWindow(): WindowClaim
  /** True when every change is on disk. */
  flush(): Promise<boolean>
}

export type View =
  | { name: 'home' }
  | { name: 'dossier'; draftId: string }
  | { name: 'slip'; packetId: string }
  | { name: 'outbox' }

export type SessionContext = {
  services: Services
  description: StationDescription | null
  vault: Vault | null
  sync: SyncClient | null
  operators: Operator[]
  operator: Operator | null
  fault: OpenFault | StoreFault | null
  acceptReset: boolean
  /** The damaged store is set aside with the next opening, once. */
  rescue: boolean
  /** How far it is, while it goes on. */
  rescuing: RescueProgress | null
  view: View
  /** Whose view it is: another operator starts at home. */
  viewOf: string | null
  lockedByIdle: boolean
}

export type SessionEvent =
  | { type: 'WINDOW_FREE' }
  | { type: 'WINDOW_TAKEN' }
  | { type: 'STATION_LOST' }
  | { type: 'STATION_BACK' }
  | { type: 'ENROLLED'; description: StationDescription }
  | { type: 'OPERATOR_CREATED' }
  | { type: 'SIGNED_IN'; operator: Operator }
  | { type: 'LOCK'; idle?: boolean }
  | { type: 'ACCEPT_RESET' }
  | { type: 'RESCUE' }
  | { type: 'RESCUING'; progress: RescueProgress }
  | { type: 'RETRY' }
  | { type: 'ADD_OPERATOR' }
  | { type: 'CANCEL' }
  | { type: 'SHOW'; view: View }

type OpenInput = SessionContext & { watchRescue: (progress: RescueProgress) => void }

type Failure = { fault: OpenFault | StoreFault }
const isFailure = (cause: unknown): cause is Failure => typeof cause === 'object' && cause !== null && 'fault' in cause
const faultOf = (cause: unknown): OpenFault | StoreFault =>
  isFailure(cause) ? cause.fault : { type: 'store-broken', detail: cause instanceof Error ? cause.message : 'unknown' }
/** A packet with many files takes its time to be sealed. */
const flushWithinMs = 15_000

export const sessionMachine = setup({
  types: { context: {} as SessionContext, events: {} as SessionEvent, input: {} as Services },
  actors: {
    window: fromCallback<SessionEvent, Services>(({ input, sendBack }) => {
      const claim = input.claimWindow()
      void claim.ahead.then((ahead) => ahead && sendBack({ type: 'WINDOW_TAKEN' }))
      void claim.held.then(() => sendBack({ type: 'WINDOW_FREE' }))
    }),
    reach: fromCallback<SessionEvent, Services>(({ input, sendBack }) =>
      input.station.onReachable((reachable) => sendBack({ type: reachable ? 'STATION_BACK' : 'STATION_LOST' })),
    ),
    describe: fromPromise<StationDescription, Services>(async ({ input }) => {
      const answer = await input.station.call('describe', {})
      if (!answer.ok) throw new Error(answer.error.detail)
      return answer.value
    }),
    open: fromPromise<{ vault: Vault; sync: SyncClient; operators: Operator[] }, OpenInput>(async ({ input, signal }) => {
      let { vault, sync } = input
      /** The station went while the store opened: nobody waits for this one, and another is opened when it is back. */
      const closeIfLeft = (opened: Vault): void => {
        if (!signal.aborted || input.vault !== null) return
        opened.close()
        throw new Error('opened for nobody')
      }
      if (vault === null) {
        const opened = await input.services.openVault({
          station: input.services.station,
          acceptReset: input.acceptReset,
          rescue: input.rescue,
          watchRescue: input.watchRescue,
          ...(input.description?.storeMended === undefined ? {} : { mended: input.description.storeMended }),
        })
        if (!opened.ok) throw { fault: opened.error } satisfies Failure
        vault = opened.value
        closeIfLeft(vault)
      }
      const operators = await vault.listOperators()
      if (!operators.ok) {
        if (input.vault === null) vault.close()
        throw { fault: operators.error } satisfies Failure
      }
      closeIfLeft(vault)
      if (sync === null) {
        const gatewayUrl = input.description?.gatewayUrl
        if (gatewayUrl === undefined) throw new Error('the store is opened after the station was asked')
        const { catalogue: store } = vault
        const own = async () => (await import('./gateway-catalogue.ts')).ownDocuments()
        sync = input.services.createSyncClient({ vault, station: input.services.station, gatewayUrl, catalogue: { store, own } })
        sync.start()
      }
      return { vault, sync, operators: operators.value }
    }),
    flush: fromPromise<boolean, Services>(
      async ({ input }) =>
        await Promise.race([input.flush(), new Promise<false>((resolve) => setTimeout(() => resolve(false), flushWithinMs))]),
    ),
  },
  actions: {
    forgetKeys: ({ context }) => context.vault?.lock(),
    letGoOfStore: ({ context }) => {
      void context.sync?.stop()
      context.vault?.close()
    },
    show: assign(({ event }) => (event.type === 'SHOW' ? { view: event.view } : {})),
  },
  guards: {
    enrolled: ({ context }) => context.description?.enrolment != null,
    noOperator: ({ context }) => context.operators.length === 0,
  },
}).createMachine({
  id: 'session',
  context: ({ input }) => ({
    services: input,
    description: null,
    vault: null,
    sync: null,
    operators: [],
    operator: null,
    fault: null,
    acceptReset: false,
    rescue: false,
    rescuing: null,
    view: { name: 'home' },
    viewOf: null,
    lockedByIdle: false,
  }),
  initial: 'claiming',
  states: {
    claiming: {
      invoke: { id: 'window', src: 'window', input: ({ context }) => context.services },
      initial: 'asking',
      states: { asking: {}, taken: {} },
      on: { WINDOW_FREE: 'running', WINDOW_TAKEN: '.taken' },
    },
    running: {
      invoke: { src: 'reach', input: ({ context }) => context.services },
      on: { STATION_LOST: '.losing' },
      initial: 'describing',
      states: {
        describing: {
          invoke: {
            src: 'describe',
            input: ({ context }) => context.services,
            onDone: { target: 'described', actions: assign({ description: ({ event }) => event.output }) },
            onError: 'stationGone',
          },
        },
        described: { always: [{ guard: 'enrolled', target: 'opening' }, { target: 'setUp' }] },
        setUp: {
          on: { ENROLLED: { target: 'opening', actions: assign({ description: ({ event }) => event.description }) } },
        },
        opening: {
          invoke: {
            src: 'open',
            input: ({ context, self }) => ({
              ...context,
              watchRescue: (progress) => self.send({ type: 'RESCUING', progress }),
            }),
            onDone: {
              target: 'opened',
              actions: assign({
                vault: ({ event }) => event.output.vault,
                sync: ({ event }) => event.output.sync,
                operators: ({ event }) => event.output.operators,
                fault: null,
              }),
            },
            onError: { target: 'storeFault', actions: assign({ fault: ({ event }) => faultOf(event.error) }) },
          },
          on: { RESCUING: { actions: assign({ rescuing: ({ event }) => event.progress }) } },
          exit: assign({ rescue: false, rescuing: null }),
        },
        opened: { always: [{ guard: 'noOperator', target: 'firstOperator' }, { target: 'signIn' }] },
        storeFault: {
          entry: ['letGoOfStore', assign({ vault: null, sync: null })],
          on: {
            RETRY: 'opening',
            ACCEPT_RESET: { target: 'opening', actions: assign({ acceptReset: true }) },
            RESCUE: { target: 'opening', actions: assign({ rescue: true }) },
          },
        },
        firstOperator: { on: { OPERATOR_CREATED: 'opening' } },
        signIn: {
          on: {
            SIGNED_IN: {
              target: 'working',
              actions: assign(({ context, event }) => ({
                operator: event.operator,
                lockedByIdle: false,
                view: context.viewOf === event.operator.operatorId ? context.view : ({ name: 'home' } satisfies View),
                viewOf: event.operator.operatorId,
              })),
            },
          },
        },
        working: {
          on: {
            SHOW: { actions: 'show' },
            LOCK: { target: 'locking', actions: assign({ lockedByIdle: ({ event }) => event.idle ?? false }) },
            ADD_OPERATOR: 'addOperator',
          },
        },
        addOperator: {
          on: {
            OPERATOR_CREATED: 'working',
            CANCEL: 'working',
            LOCK: { target: 'locking', actions: assign({ lockedByIdle: ({ event }) => event.idle ?? false }) },
          },
        },
        locking: {
          invoke: {
            src: 'flush',
            input: ({ context }) => context.services,
            onDone: [
              { guard: ({ event }) => event.output, target: 'locked' },
              { target: 'working', actions: assign({ lockedByIdle: false }) },
            ],
            onError: { target: 'working', actions: assign({ lockedByIdle: false }) },
          },
          // A packet sealed meanwhile shows its slip.
          on: { SHOW: { actions: 'show' } },
        },
        locked: { entry: ['forgetKeys', assign({ operator: null })], always: 'opening' },
        losing: {
          entry: assign({ lockedByIdle: false }),
          invoke: { src: 'flush', input: ({ context }) => context.services, onDone: 'stationGone', onError: 'stationGone' },
          on: { STATION_LOST: {}, SHOW: { actions: 'show' } },
        },
        stationGone: {
          entry: ['forgetKeys', assign({ operator: null })],
          on: { STATION_BACK: 'describing', STATION_LOST: {} },
          after: { 4000: 'describing' },
        },
      },
    },
  },
})
