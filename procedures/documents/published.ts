/** A catalogue's documents as they are published (contracts/catalogue.ts): each text under its SHA-256. */
import type { CatalogueEntry, CatalogueList } from '../../contracts/catalogue.ts'
import type { Written } from './catalogue-source.ts'

export type Published = CatalogueEntry & Written & { text: string }

/** Of a text, in hexadecimal. */
export const sha256OfText = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Of two blocks of one id the later, as `blocksOf` takes them. */
export const publish = (written: readonly Written[]): Promise<Published[]> => {
  const last = new Map(written.map((document) => [`${document.kind} ${document.key}`, document]))
  return Promise.all(
    [...last.values()].map(async ({ kind, key, json }) => {
      const text = JSON.stringify(json)
      return { kind, key, json, text, sha256: await sha256OfText(text) }
    }),
  )
}

export const listOf = (published: readonly Published[]): CatalogueList => ({
  format: 'tram-catalogue-1',
  documents: published.map(({ kind, key, sha256 }) => ({ kind, key, sha256 })),
})
