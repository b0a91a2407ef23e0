import { afterEach, describe, expect, it, vi } from 'vitest'
import { createStationClient } from './station-client.ts'
import { findBridge } from './station-transports.ts'

const description = {
  shell: 'loopback',
  version: '0.1.0',
  gatewayUrl: 'http://127.0.0.1:1',
  deviceSecret: 'file',
  simulatedReader: true,
  enrolment: null,
}

const setUp = (answer: () => Promise<unknown>) => {
  let emit: (event: unknown) => void = () => undefined
  const client = createStationClient({
    send: answer,
    events: (onEvent) => {
      emit = onEvent
      return () => undefined
    },
  })
  const reach: boolean[] = []
  client.onReachable((reachable) => reach.push(reachable))
  return { client, reach, emit: (event: unknown) => emit(event) }
}

describe('the station client', () => {
  afterEach(() => vi.useRealTimers())

  it('gives what the station answered, parsed', async () => {
    const { client } = setUp(async () => description)
    expect(await client.call('describe', {})).toEqual({ ok: true, value: description })
    client.stop()
  })

  it('takes an answer of another shape for a lost station and asks again until it is back', async () => {
    vi.useFakeTimers()
    let answer: unknown = { shell: 'html' }
    const { client, reach } = setUp(async () => answer)
    expect(await client.call('describe', {})).toMatchObject({ ok: false, error: { type: 'station-unavailable' } })
    answer = description
    await vi.advanceTimersByTimeAsync(3_100)
    expect(reach).toEqual([true, false, true])
    client.stop()
  })

  it('ends a call that is never answered', async () => {
    vi.useFakeTimers()
    const { client } = setUp(() => new Promise(() => undefined))
    const call = client.call('describe', {})
    await vi.advanceTimersByTimeAsync(15_100)
    expect(await call).toMatchObject({ ok: false })
    client.stop()
  })

  it('passes on well-formed events only, and a stopping station as a lost one', () => {
    const { client, emit, reach } = setUp(async () => description)
    const heard: unknown[] = []
    client.onEvent((event) => heard.push(event))
    emit({ type: 'unheard-of' })
    emit({ type: 'readers', readers: [] })
    emit({ type: 'station-stopping' })
    expect(heard).toEqual([{ type: 'readers', readers: [] }, { type: 'station-stopping' }])
    expect(reach).toEqual([true, false])
    client.stop()
  })

  it('finds the bridge only where it is whole', () => {
    expect(findBridge({})).toBeNull()
    expect(findBridge({ tram: { invoke: () => 0 } })).toBeNull()
    expect(findBridge({ tram: { invoke: () => 0, subscribe: () => 0 } })).not.toBeNull()
  })
})
