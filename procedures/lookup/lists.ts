/** The code lists as entries of a look-up, and a look-up over them alone: small, ready at once, the same order as in the one over everything. */
import { type CodeListEntry, codeLists } from '../code-lists/index.ts'
import { createLookup, type Lookup, type LookupEntry } from './lookup.ts'

export type ListedValue = { type: 'listed'; entry: CodeListEntry }

export const codeListEntries = (): LookupEntry<ListedValue>[] =>
  Object.values(codeLists).flatMap((list) =>
    list.entries.map((entry): LookupEntry<ListedValue> => {
      return { list: list.id, name: entry.name, aliases: entry.aliases, value: { type: 'listed', entry } }
    }),
  )

/** As many as fit the open list without scrolling. */
export const mostListed = 8

const lookups = new Map<string, Lookup<ListedValue>>()

const lookupOf = (listId: string): Lookup<ListedValue> => {
  const made = lookups.get(listId) ?? createLookup(codeListEntries().filter(({ list }) => list === listId))
  lookups.set(listId, made)
  return made
}

/** What a list shows while its name is typed, the likeliest first; everything while nothing is. */
export const completeListed = (listId: string, typed: string): CodeListEntry[] => {
  const all = codeLists[listId]?.entries ?? []
  if (typed.trim() === '') return [...all]
  // A name in full opens the whole list, itself first.
  const exact = all.find(({ name }) => name === typed)
  if (exact !== undefined) return [exact, ...all.filter((entry) => entry !== exact)]
  return lookupOf(listId)
    .search(typed, { limit: mostListed })
    .map(({ entry }) => entry.value.entry)
}
