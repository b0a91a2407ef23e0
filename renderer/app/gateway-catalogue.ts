/** Takes the gateway's procedures over into the catalogue all screens ask, as they come. */
import { useEffect, useState } from 'react'
import { catalogue } from '../../procedures/catalogue.ts'
import type { Written } from '../../procedures/documents/catalogue-source.ts'
import { publish } from '../../procedures/documents/published.ts'
import type { HeldCatalogue, Vault } from '../../sync/vault/vault-api.ts'

const ofBuild = catalogue.written
let published: ReturnType<typeof publish> | undefined
const builds = () => {
  published ??= publish(ofBuild)
  return published
}

/** SHA-256 of each document of this build: what need not be fetched. */
export const ownDocuments = async (): Promise<ReadonlySet<string>> => new Set((await builds()).map(({ sha256 }) => sha256))

/** Of a text that a damaged disk has changed nothing: it is left out as what cannot be opened is. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const takeOver = async ({ list, documents }: HeldCatalogue): Promise<string[]> => {
  const written = new Map((await builds()).map(({ sha256, ...document }): [string, Written] => [sha256, document]))
  const listed = new Set(list.documents.map(({ sha256 }) => sha256))
  const former: Written[] = []
  for (const { sha256, kind, key, text } of documents) {
    const document = { kind, key, json: parse(text) }
    if (listed.has(sha256)) written.set(sha256, document)
    else former.push(document)
  }
  return catalogue.take(
    list.documents.flatMap(({ sha256 }) => written.get(sha256) ?? []),
    former,
  )
}

/**
 * Null until what is stored of them has been taken over; then what this program cannot open of them, by code and version or id. Changes
 * whenever a new list has come.
 */
export const useGatewayCatalogue = (vault: Vault): readonly string[] | null => {
  const [leftOut, setLeftOut] = useState<readonly string[] | null>(null)
  useEffect(() => {
    let stopped = false
    const off = vault.catalogue.observe((held) => {
      // A list that cannot be taken over as a whole leaves the catalogue as it was, and keeps nobody from working.
      const taken =
        held === undefined ? Promise.resolve([]) : takeOver(held).catch(() => held.list.documents.map(({ key }) => key))
      // A new array each time, so that the lists are drawn anew.
      void taken.then((keys) => stopped || setLeftOut(keys))
    })
    return () => {
      stopped = true
      off()
    }
  }, [vault])
  return leftOut
}
