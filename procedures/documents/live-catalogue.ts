/**
 * The catalogue of a kiosk: the gateway's documents as far as they have come, and what else this build knows.
 *
 * Invariants
 * - Where the gateway has a document of the same code and version, or of the same id, its text holds: it is the one dossiers are judged by.
 *   Its documents are opened with its blocks, those of the build alone with the build's.
 * - A document that this build cannot open is left out and named; the one in its place before goes on.
 * - A version that left the gateway's list is offered no more, and still opens the drafts that were begun with it.
 */
import { Block } from '../../contracts/procedure-document.ts'
import {
  type Catalogue,
  type CatalogueSource,
  catalogueOf,
  type Documents,
  documentsOf,
  type Written,
} from './catalogue-source.ts'

export type LiveCatalogue = Catalogue & {
  /** `listed`: all of the gateway's list, in its order; `former`: what earlier lists had. Returns the keys of what cannot be opened. */
  take(listed: readonly Written[], former: readonly Written[]): string[]
}

const sourceOf = (written: readonly Written[]): CatalogueSource => {
  const of = (kind: Written['kind']) =>
    Object.fromEntries(written.filter((document) => document.kind === kind).map(({ key, json }) => [key, json]))
  return { procedures: of('procedure'), guidance: of('guidance'), blocks: of('block') }
}

const without = <T extends { key: string }>(documents: readonly T[], others: readonly { key: string }[]): T[] => {
  const keys = new Set(others.map(({ key }) => key))
  return documents.filter(({ key }) => !keys.has(key))
}

export const createLiveCatalogue = (...own: CatalogueSource[]): LiveCatalogue => {
  const ours = documentsOf(...own)
  const ownProcedures = new Map(ours.procedures.map((document) => [document.json, document]))
  const ownGuidance = new Map(ours.guidance.map((document) => [document.json, document]))
  const ownBlocks = new Set(ours.blocks.map(({ json }) => json))
  let current = catalogueOf(ours)

  /** Those that open. Nothing is tried that this build was made with: it was tried then. */
  const opened = (written: readonly Written[], blocks: readonly Written[]): { documents: Documents; leftOut: string[] } => {
    const [procedures, guidance, leftOut]: [Documents['procedures'][number][], Documents['guidance'][number][], string[]] = [
      [],
      [],
      [],
    ]
    const blocksAreOurs = blocks.every(({ json }) => ownBlocks.has(json))
    const take = (document: Written) => {
      const mine = blocksAreOurs ? ownProcedures.get(document.json) : undefined
      if (mine !== undefined) return void procedures.push(mine)
      const advice = ownGuidance.get(document.json)
      if (advice !== undefined) return void guidance.push(advice)
      const arrived = documentsOf(sourceOf([document, ...blocks]))
      for (const { open } of [...arrived.procedures, ...arrived.guidance]) open()
      procedures.push(...arrived.procedures)
      guidance.push(...arrived.guidance)
    }
    for (const document of written) {
      try {
        take(document)
      } catch {
        leftOut.push(document.key)
      }
    }
    return { documents: { procedures, guidance, blocks }, leftOut }
  }

  return {
    get written() {
      return current.written
    },
    get procedures() {
      return current.procedures
    },
    get guidance() {
      return current.guidance
    },
    find: (code, version) => current.find(code, version),
    findGuidance: (id) => current.findGuidance(id),
    findListed: (code, version) => current.findListed(code, version),
    inForce: (code, day) => current.inForce(code, day),
    offeredOn: (day) => current.offeredOn(day),
    parseAll: () => current.parseAll(),
    take: (listed, former) => {
      const isBlock = ({ kind, json }: Written) => kind === 'block' && Block.safeParse(json).success
      const blocks = listed.filter(isBlock)
      const formerBlocks = without(former.filter(isBlock), blocks)
      const { documents, leftOut } = opened(
        listed.filter(({ kind }) => kind !== 'block'),
        blocks,
      )
      const gone = opened(
        former.filter(({ kind }) => kind === 'procedure'),
        [...blocks, ...formerBlocks],
      )
      current = catalogueOf(
        {
          procedures: [...documents.procedures, ...without(ours.procedures, documents.procedures)],
          guidance: [...documents.guidance, ...without(ours.guidance, documents.guidance)],
          blocks: [...without(ours.blocks, blocks), ...blocks],
        },
        gone.documents.procedures,
      )
      return leftOut
    },
  }
}
