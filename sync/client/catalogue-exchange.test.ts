import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listOf, type Published, publish, sha256OfText } from '../../procedures/documents/published.ts'
import { createCatalogueStore } from '../vault/catalogue-store.ts'
import { TramDatabase } from '../vault/database.ts'
import type { HeldCatalogue } from '../vault/vault-api.ts'
import { createCatalogueExchange } from './catalogue-exchange.ts'

let database: TramDatabase
let texts: Map<string, string>
let asked: string[]
let broken: Set<string>
let own: Set<string>

beforeEach(() => {
  database = new TramDatabase(crypto.randomUUID())
  texts = new Map()
  asked = []
  broken = new Set()
  own = new Set()
})
afterEach(() => database.close())

const http = {
  catalogueText: async (sha256: string) => {
    asked.push(sha256)
    const text = texts.get(sha256)
    if (text === undefined || broken.has(sha256))
      return { ok: false as const, error: { type: 'call-failed' as const, failure: { kind: 'network' as const } } }
    return { ok: true as const, value: JSON.parse(text) as unknown }
  },
}
const start = () => createCatalogueExchange({ store: createCatalogueStore(database), own: async () => own }, http)
const bring = async (exchange: ReturnType<typeof start>, list: string | null) => {
  exchange.keepUp(list)
  await exchange.ended()
}
const held = (): Promise<HeldCatalogue | undefined> =>
  new Promise((resolve) => {
    const off = createCatalogueStore(database).observe((found) => {
      resolve(found)
      queueMicrotask(() => off())
    })
  })

/** Puts a list of these at the gateway; returns its name. */
const atGateway = async (...documents: { key: string; [word: string]: string }[]): Promise<[string, Published[]]> => {
  const published = await publish(documents.map((json) => ({ kind: 'guidance', key: json.key, json })))
  const list = JSON.stringify(listOf(published))
  const name = await sha256OfText(list)
  for (const { sha256, text } of published) texts.set(sha256, text)
  texts.set(name, list)
  return [name, published]
}
const [one, two, three] = [
  { key: 'one', text: 'Một' },
  { key: 'two', text: 'Hai' },
  { key: 'three', text: 'Ba' },
]
const keysOf = (found: HeldCatalogue | undefined) => found?.documents.map(({ key }) => key).toSorted()

describe('the gateway’s catalogue', () => {
  it('is fetched but for what the build has, once', async () => {
    const [name, published] = await atGateway(one, two, three)
    own.add(published[1]?.sha256 ?? '')
    const exchange = start()
    await bring(exchange, null)
    expect(await held()).toBeUndefined()
    await bring(exchange, name)
    expect(asked).toEqual([name, published[0]?.sha256, published[2]?.sha256])
    const found = await held()
    expect(found?.list.documents.map(({ key }) => key)).toEqual(['one', 'two', 'three'])
    expect(keysOf(found)).toEqual(['one', 'three'])
    expect(found?.documents.find(({ key }) => key === 'three')?.text).toBe(JSON.stringify(three))
    await bring(exchange, name)
    await bring(start(), name)
    expect(asked).toHaveLength(3)
  })

  it('goes on where the line broke, and changes nothing before it is whole', async () => {
    const [first] = await atGateway(one)
    await bring(start(), first)
    const [name, published] = await atGateway(one, two, three)
    broken.add(published[2]?.sha256 ?? '')
    const exchange = start()
    await bring(exchange, name)
    expect((await held())?.list.documents).toHaveLength(1)
    broken.clear()
    asked = []
    await bring(exchange, name)
    expect(asked).toEqual([name, published[2]?.sha256])
    expect((await held())?.list.documents).toHaveLength(3)
  })

  it('keeps nothing whose text is not the one that was asked for', async () => {
    const [name, published] = await atGateway(one, two)
    const real = texts.get(published[1]?.sha256 ?? '') ?? ''
    texts.set(published[1]?.sha256 ?? '', JSON.stringify({ ...two, text: 'Hai, sửa giữa đường' }))
    await bring(start(), name)
    expect(await held()).toBeUndefined()
    texts.set(published[1]?.sha256 ?? '', real)
    const list = texts.get(name) ?? ''
    texts.set(name, JSON.stringify(listOf(published.slice(0, 1))))
    await bring(start(), name)
    expect(await held()).toBeUndefined()
    texts.set(name, list)
    await bring(start(), name)
    expect(keysOf(await held())).toEqual(['one', 'two'])
  })

  it('is fetched anew where the store lost a part of it', async () => {
    const [name, published] = await atGateway(one, two)
    await bring(start(), name)
    await database.catalogue.delete(published[0]?.sha256 ?? '')
    asked = []
    await bring(start(), name)
    expect(asked).toEqual([published[0]?.sha256])
    expect(keysOf(await held())).toEqual(['one', 'two'])
  })

  it('keeps what a former list named, for drafts begun with it', async () => {
    const [first] = await atGateway(one, two)
    await bring(start(), first)
    const [second] = await atGateway(two)
    await bring(start(), second)
    const found = await held()
    expect(found?.list.documents.map(({ key }) => key)).toEqual(['two'])
    expect(keysOf(found)).toEqual(['one', 'two'])
    expect(await database.catalogue.filter(({ kind }) => kind === 'list').count()).toBe(1)
  })
})
