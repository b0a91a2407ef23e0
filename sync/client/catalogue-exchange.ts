/**
 * Brings the gateway's procedures to this kiosk (contracts/catalogue.ts): those it has not got yet, one at a time, beside all else that
 * goes over the line. The lease names the list, the list names the documents, and each name is a SHA-256: nothing else is kept.
 *
 * Invariants: what was fetched before a line broke is not fetched again; a list that is not whole changes nothing for anybody.
 */
import { CatalogueList } from '../../contracts/catalogue.ts'
import { toHex, toUtf8 } from '../packet/base64url.ts'
import type { CatalogueStore } from '../vault/vault-api.ts'
import type { GatewayHttp } from './gateway-http.ts'

/** `own`: the SHA-256 of each document in this build. */
export type CatalogueSide = { store: CatalogueStore; own(): Promise<ReadonlySet<string>> }

const sha256 = async (text: string) => toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', toUtf8(text))))

export const createCatalogueExchange = ({ store, own }: CatalogueSide, http: Pick<GatewayHttp, 'catalogueText'>) => {
  let whole: string | undefined
  let running: Promise<void> | undefined

  const fetchText = async (name: string): Promise<{ text: string; json: unknown } | undefined> => {
    const answer = await http.catalogueText(name)
    if (!answer.ok || answer.value === undefined) return undefined
    const text = JSON.stringify(answer.value)
    return (await sha256(text)) === name ? { text, json: answer.value } : undefined
  }

  const listUnder = async (name: string): Promise<CatalogueList | undefined> => {
    const held = await store.list(name)
    if (held.ok && held.value !== undefined) return held.value
    const parsed = CatalogueList.safeParse((await fetchText(name))?.json)
    return parsed.success ? parsed.data : undefined
  }

  /** Whatever is missing at its end is asked for again with the next lease. */
  const bring = async (name: string): Promise<void> => {
    const list = await listUnder(name)
    if (list === undefined) return
    const ours = await own()
    const wanted = list.documents.filter((entry) => !ours.has(entry.sha256))
    const missing = await store.missing(wanted.map((entry) => entry.sha256))
    if (!missing.ok) return
    const absent = new Set(missing.value)
    for (const entry of wanted) {
      if (!absent.has(entry.sha256)) continue
      const fetched = await fetchText(entry.sha256)
      if (fetched === undefined || !(await store.keep({ ...entry, text: fetched.text })).ok) return
    }
    if ((await store.complete(name, list)).ok) whole = name
  }

  return {
    /** `name`: of the list, as the lease has it. */
    keepUp: (name: string | null): void => {
      if (name === null || name === whole) return
      running ??= bring(name).finally(() => {
        running = undefined
      })
    },
    /** Once the line is closed nothing of it goes on for long. */
    ended: (): Promise<void> => running ?? Promise.resolve(),
  }
}
