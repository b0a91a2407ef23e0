import { describe, expect, it } from 'vitest'
import { createActor, waitFor } from 'xstate'
import { err, ok } from '../../contracts/result.ts'
import type { StationApi, StationDescription } from '../../contracts/station-api.ts'
import type { OpenVault, Operator } from '../../sync/vault/vault-api.ts'
import { type Services, sessionMachine } from './session-machine.ts'

const operator: Operator = { operatorId: '7b0c9f5e-0000-4000-8000-000000000001', name: 'Hoàng Thị Ưng Mẫu', role: 'supervisor' }
const description: StationDescription = {
  shell: 'loopback',
  version: '0.1.0',
  gatewayUrl: 'http://127.0.0.1:1',
  deviceSecret: 'file',
  simulatedReader: true,
  enrolment: {
    stationId: '7b0c9f5e-0000-4000-8000-000000000002',
    pointName: 'Bưu điện Mẫu',
    stationName: 'Quầy 2',
    demo: true,
    keys: {
      sealing: { keyId: 'k', publicKey: 'AA' },
      receipts: { keyId: 'k', publicKey: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } },
    },
  },
}

const notUsed = (): never => {
  throw new Error('the session does not use it')
}

const setUp = (
  options: {
    operators?: Operator[]
    ahead?: boolean
    openFault?: 'store-was-reset'
    listing?: { broken: boolean }
    flush?: () => Promise<boolean>
    /** The store takes its time. */
    opening?: () => Promise<void>
  } = {},
) => {
  const log: string[] = []
  let reach: (reachable: boolean) => void = () => undefined
  let free: () => void = () => undefined
  let { openFault } = options
  const station: StationApi = {
    call: async (method) => (method === 'describe' ? ok(description) : notUsed()),
    onEvent: () => () => undefined,
    onReachable: (listener) => {
      reach = listener
      return () => undefined
    },
  } as StationApi
  const vault = {
    listOperators: async () =>
      options.listing?.broken === true ? err({ type: 'store-closed' }) : ok(options.operators ?? [operator]),
    lock: () => log.push('keys forgotten'),
    close: () => log.push('closed'),
  }
  const openVault: OpenVault = async ({ acceptReset, rescue, watchRescue }) => {
    if (rescue === true) {
      log.push('rescued')
      watchRescue?.({ done: 16, total: 40, cancel: () => undefined })
    }
    await options.opening?.()
    log.push(acceptReset === true ? 'opened empty' : 'opened')
    if (openFault !== undefined && acceptReset !== true) return err({ type: openFault })
    openFault = undefined
    // Only what the session itself calls.
    return ok(vault as unknown as Awaited<ReturnType<OpenVault>> extends { value: infer V } ? V : never)
  }
  const services: Services = {
    station,
    openVault,
    createSyncClient: () => ({
      start: () => log.push('sync started'),
      stop: async () => {
        log.push('sync stopped')
      },
      status: { get: notUsed, subscribe: notUsed },
      sendNow: async () => undefined,
      recall: async () => undefined,
      fetchSupplement: notUsed,
      keepDouble: notUsed,
      citizenStore: { challenge: notUsed, ask: notUsed },
      forwardCourier: notUsed,
      takeReceipts: notUsed,
      acknowledgeRollback: async () => undefined,
      acknowledgeForgottenThere: async () => undefined,
    }),
    claimWindow: () => ({
      ahead: Promise.resolve(options.ahead ?? false),
      held: options.ahead === true ? new Promise((resolve) => (free = () => resolve())) : Promise.resolve(),
    }),
    flush: async () => {
      log.push('flushed')
      return (await options.flush?.()) ?? true
    },
  }
  const actor = createActor(sessionMachine, { input: services })
  actor.start()
  return { actor, log, lose: () => reach(false), back: () => reach(true), free: () => free() }
}

describe('the session', () => {
  it('comes to the sign-in page with the sync client running', async () => {
    const { actor, log } = setUp()
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(log).toEqual(['opened', 'sync started'])
    actor.stop()
  })

  it('asks for a first operator where there is none', async () => {
    const { actor } = setUp({ operators: [] })
    await waitFor(actor, (state) => state.matches({ running: 'firstOperator' }))
    actor.stop()
  })

  it('opens no store while another window works, and goes on when that one ends', async () => {
    const { actor, log, free } = setUp({ ahead: true })
    await waitFor(actor, (state) => state.matches({ claiming: 'taken' }))
    expect(log).toEqual([])
    free()
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.stop()
  })

  it('writes what is unsaved before it forgets the keys, and leads the same operator back to the same place', async () => {
    const { actor, log } = setUp()
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.send({ type: 'SIGNED_IN', operator })
    actor.send({ type: 'SHOW', view: { name: 'dossier', draftId: 'd' } })
    actor.send({ type: 'LOCK', idle: true })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(log.slice(2)).toEqual(['flushed', 'keys forgotten'])
    expect(actor.getSnapshot().context).toMatchObject({ operator: null, lockedByIdle: true })
    actor.send({ type: 'SIGNED_IN', operator })
    expect(actor.getSnapshot().context.view).toEqual({ name: 'dossier', draftId: 'd' })
    actor.stop()
  })

  it('does not lock while the last save fails, nor says that all is saved', async () => {
    let durable = false
    const { actor, log } = setUp({ flush: async () => durable })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.send({ type: 'SIGNED_IN', operator })
    actor.send({ type: 'LOCK', idle: true })
    await waitFor(actor, (state) => state.matches({ running: 'working' }))
    expect(log).not.toContain('keys forgotten')
    expect(actor.getSnapshot().context).toMatchObject({ operator, lockedByIdle: false })
    durable = true
    actor.send({ type: 'LOCK', idle: true })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(log).toContain('keys forgotten')
    expect(actor.getSnapshot().context.lockedByIdle).toBe(true)
    actor.stop()
  })

  it('keeps the slip of a packet that was sealed while the kiosk locked', async () => {
    const { actor } = setUp({
      flush: async () => {
        actor.send({ type: 'SHOW', view: { name: 'slip', packetId: 'p' } })
        return true
      },
    })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.send({ type: 'SIGNED_IN', operator })
    actor.send({ type: 'SHOW', view: { name: 'dossier', draftId: 'd' } })
    actor.send({ type: 'LOCK' })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(actor.getSnapshot().context.view).toEqual({ name: 'slip', packetId: 'p' })
    actor.stop()
  })

  it('lets go of a store that failed, and opens it anew when told to try again', async () => {
    const listing = { broken: false }
    const { actor, log } = setUp({ listing })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.send({ type: 'SIGNED_IN', operator })
    listing.broken = true
    actor.send({ type: 'LOCK' })
    await waitFor(actor, (state) => state.matches({ running: 'storeFault' }))
    expect(log.slice(-2)).toEqual(['sync stopped', 'closed'])
    expect(actor.getSnapshot().context).toMatchObject({ vault: null, sync: null })
    listing.broken = false
    actor.send({ type: 'RETRY' })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(log.slice(-2)).toEqual(['opened', 'sync started'])
    actor.stop()
  })

  it('leads another operator to the first page', async () => {
    const { actor } = setUp()
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.send({ type: 'SIGNED_IN', operator })
    actor.send({ type: 'SHOW', view: { name: 'outbox' } })
    actor.send({ type: 'LOCK' })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.send({ type: 'SIGNED_IN', operator: { ...operator, operatorId: '7b0c9f5e-0000-4000-8000-000000000003' } })
    expect(actor.getSnapshot().context.view).toEqual({ name: 'home' })
    actor.stop()
  })

  it('locks when the station is lost and goes on by itself when it is back', async () => {
    const { actor, log, lose, back } = setUp()
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    actor.send({ type: 'SIGNED_IN', operator })
    lose()
    await waitFor(actor, (state) => state.matches({ running: 'stationGone' }))
    expect(log.slice(2)).toEqual(['flushed', 'keys forgotten'])
    back()
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(log.filter((line) => line === 'sync started')).toHaveLength(1)
    actor.stop()
  })

  it('closes a store that opens for nobody any more: the station went meanwhile', async () => {
    const waiting: (() => void)[] = []
    const { actor, log, lose, back } = setUp({ opening: () => new Promise((resolve) => waiting.push(resolve)) })
    await waitFor(actor, (state) => state.matches({ running: 'opening' }))
    lose()
    await waitFor(actor, (state) => state.matches({ running: 'stationGone' }))
    back()
    await waitFor(actor, (state) => state.matches({ running: 'opening' }))
    for (const open of waiting) open()
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(log.filter((line) => line === 'opened')).toHaveLength(2)
    expect(log.filter((line) => line === 'closed')).toHaveLength(1)
    expect(log.filter((line) => line === 'sync started')).toHaveLength(1)
    actor.stop()
  })

  it('knows how far the copying of a damaged store is until it is done', async () => {
    const waiting: (() => void)[] = []
    const opening = () => new Promise<void>((resolve) => waiting.push(resolve))
    const { actor } = setUp({ openFault: 'store-was-reset', opening })
    await waitFor(actor, (state) => state.matches({ running: 'opening' }))
    waiting[0]?.()
    await waitFor(actor, (state) => state.matches({ running: 'storeFault' }))
    actor.send({ type: 'RESCUE' })
    const { context } = await waitFor(actor, (state) => state.context.rescuing !== null)
    expect(context.rescuing).toMatchObject({ done: 16, total: 40 })
    waiting[1]?.()
    const { context: after } = await waitFor(actor, (state) => state.matches({ running: 'storeFault' }))
    expect(after.rescuing).toBeNull()
    actor.stop()
  })

  it('sets a damaged store aside once, also when the station goes meanwhile', async () => {
    const waiting: (() => void)[] = []
    const opening = () => (waiting.length > 2 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve)))
    const { actor, log, lose, back } = setUp({ openFault: 'store-was-reset', opening })
    await waitFor(actor, (state) => state.matches({ running: 'opening' }))
    waiting[0]?.()
    await waitFor(actor, (state) => state.matches({ running: 'storeFault' }))
    actor.send({ type: 'RESCUE' })
    lose()
    await waitFor(actor, (state) => state.matches({ running: 'stationGone' }))
    back()
    await waitFor(actor, (state) => state.matches({ running: 'opening' }))
    for (const open of waiting) open()
    expect(log.filter((line) => line === 'rescued')).toHaveLength(1)
    actor.stop()
  })

  it('never opens an empty store in place of a lost one without being told to', async () => {
    const { actor, log } = setUp({ openFault: 'store-was-reset' })
    await waitFor(actor, (state) => state.matches({ running: 'storeFault' }))
    expect(actor.getSnapshot().context.fault).toEqual({ type: 'store-was-reset' })
    actor.send({ type: 'ACCEPT_RESET' })
    await waitFor(actor, (state) => state.matches({ running: 'signIn' }))
    expect(log).toEqual(['opened', 'opened empty', 'sync started'])
    actor.stop()
  })
})
