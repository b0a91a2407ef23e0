/**
 * One look-up over any number of named things: code lists, communes, units of before. Pure; made once, then asked.
 *
 * Every word of the query must be found in an entry: in its name, another of its names, or the names of what it lies in; as a whole word
 * or as the beginning of one. Order of what is found, as a person at a counter expects it: marks as written before marks left out before
 * marks that differ; whole names before beginnings; names before surroundings; today's before former; near before far.
 */
import { type Meaning, meaningsOf, numberedUnit } from './abbreviations.ts'
import { agreement, readWords, rememberWords, type Word } from './words.ts'

export type LookupEntry<T> = {
  /** Which list it is of. */
  list: string
  name: string
  /** Words at the start of the name that only say what kind it is (`Xã`): they count less than the name proper. */
  kindWords?: number
  /** Kinds it was of before. */
  otherKinds?: readonly string[]
  aliases?: readonly string[]
  /** What it lies in, narrow to wide: district, province. */
  within?: readonly string[]
  /** 0 for what is in force; more is shown later. */
  order?: number
  value: T
}

export type LookupHit<T> = {
  entry: LookupEntry<T>
  score: number
  /** The alias by which it was found, when the name alone would not have been. */
  alias?: string
}

export type LookupOptions<T> = {
  lists?: readonly string[]
  limit?: number
  /** Entries that are to stand before their equals: those of the point's own province. */
  near?: (value: T) => boolean
}

export type Lookup<T> = { search: (query: string, options?: LookupOptions<T>) => LookupHit<T>[]; size: number }

type Token = { word: Word; entries: number[]; weights: number[] }

const nameWeight = 100
const aliasWeight = 92
const joinedWeight = 90
const kindWeight = 55
const surroundings = [50, 46, 40] as const

const maxQueryWords = 10

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= '0' && character <= '9'

const quality = (typed: Word, token: Token): number => {
  const { length } = typed.letters
  const whole = length === token.word.letters.length
  // One number is not the beginning of another: "phường 1" is not "phường 12".
  if (!whole && isDigit(typed.letters[length - 1]) && isDigit(token.word.letters[length])) return 0
  const agrees = agreement(typed, token.word)
  return (whole ? 1 : 0.8) * (agrees === 2 ? 1 : agrees === 1 ? 0.96 : 0.5)
}

/** Letters that differ by one slip of the finger: one changed, left out, added, or two exchanged. */
const isSlip = (typed: string, known: string): boolean => {
  const longer = typed.length - known.length
  if (longer > 1 || longer < -1) return false
  let start = 0
  while (start < typed.length && typed[start] === known[start]) start += 1
  let end = 0
  const least = Math.min(typed.length, known.length) - start
  while (end < least && typed[typed.length - 1 - end] === known[known.length - 1 - end]) end += 1
  const rest = Math.max(typed.length, known.length) - start - end
  return rest <= 1 || (rest === 2 && longer === 0 && typed[start] === known[start + 1] && typed[start + 1] === known[start])
}

/** A name by its letters; `text` has a blank at either end, so that whole words are found in it and it in others. */
type Letters = { words: string[]; text: string }
type Named = { proper: Letters; aliases: Letters[] }

const lettersIn = (words: readonly Word[]): Letters => {
  const letters = words.map((word) => word.letters)
  return { words: letters, text: ` ${letters.join(' ')} ` }
}

/** Every word of the entries with where it occurs, in the order of letters; and the names by letters. */
const indexOf = <T>(entries: readonly LookupEntry<T>[]): { tokens: Token[]; names: Named[] } => {
  const tokens = new Map<string, Token>()
  const tokenOf = (word: Word): Token => {
    const key = `${word.vowels}/${word.tone}`
    const known = tokens.get(key)
    if (known !== undefined) return known
    const token = { word, entries: [], weights: [] }
    tokens.set(key, token)
    return token
  }
  const put = (token: Token, entry: number, weight: number): void => {
    token.entries.push(entry)
    token.weights.push(weight)
  }
  const wordsByText = new Map<string, { words: Word[]; tokens: Token[] }>()
  const read = (text: string): { words: Word[]; tokens: Token[] } => {
    const known = wordsByText.get(text)
    if (known !== undefined) return known
    const words = rememberWords(text)
    const searched = [...words]
    // M’Drắk is also found as "m drak".
    if (/\p{L}['’‘ʼ]\p{L}/u.test(text)) searched.push(...readWords(text.replace(/['’‘ʼ]/g, ' ')))
    const [kind, number] = words
    if (words.length === 2 && kind !== undefined && /^\d+$/.test(number?.letters ?? '')) {
      searched.push(numberedUnit(kind.letters, number?.letters ?? ''))
    }
    const found = { words, tokens: searched.map(tokenOf) }
    wordsByText.set(text, found)
    return found
  }
  const putJoined = (words: readonly Word[], entry: number): void => {
    if (words.length < 2) return
    const letters = words.map((word) => word.letters).join('')
    put(tokenOf({ letters, vowels: letters, tone: '' }), entry, joinedWeight)
  }
  const names = entries.map((entry, index): Named => {
    const kindWords = entry.kindWords ?? 0
    const name = read(entry.name)
    for (const [place, token] of name.tokens.entries()) put(token, index, place < kindWords ? kindWeight : nameWeight)
    for (const kind of entry.otherKinds ?? []) for (const token of read(kind).tokens) put(token, index, kindWeight)
    const proper = name.words.slice(kindWords)
    putJoined(proper, index)
    const aliases = (entry.aliases ?? []).map((alias) => {
      const known = read(alias)
      for (const token of known.tokens) put(token, index, aliasWeight)
      putJoined(known.words, index)
      return lettersIn(known.words)
    })
    entry.within?.forEach((text, place) => {
      for (const token of read(text).tokens) put(token, index, surroundings[place] ?? 40)
    })
    return { proper: lettersIn(proper), aliases }
  })
  const inOrder = [...tokens.values()].sort((one, other) =>
    one.word.letters < other.word.letters ? -1 : one.word.letters > other.word.letters ? 1 : 0,
  )
  return { tokens: inOrder, names }
}

export const createLookup = <T>(entries: readonly LookupEntry<T>[]): Lookup<T> => {
  const { tokens, names } = indexOf(entries)

  const firstFrom = (letters: string): number => {
    let low = 0
    let high = tokens.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((tokens[middle]?.word.letters ?? '') < letters) low = middle + 1
      else high = middle
    }
    return low
  }

  const gather = (typed: Word, slips: boolean): Float32Array => {
    const best = new Float32Array(entries.length)
    const take = (token: Token, share: number): void => {
      for (let at = 0; at < token.entries.length; at += 1) {
        const entry = token.entries[at] ?? 0
        const score = (token.weights[at] ?? 0) * share
        if (score > (best[entry] ?? 0)) best[entry] = score
      }
    }
    for (let at = firstFrom(typed.letters); at < tokens.length; at += 1) {
      const token = tokens[at]
      if (token === undefined || !token.word.letters.startsWith(typed.letters)) break
      take(token, quality(typed, token))
    }
    if (slips && typed.letters.length >= 4) {
      const first = typed.letters[0] ?? ''
      for (let at = firstFrom(first); at < tokens.length; at += 1) {
        const token = tokens[at]
        if (token === undefined || !token.word.letters.startsWith(first)) break
        if (isSlip(typed.letters, token.word.letters)) take(token, 0.4)
      }
    }
    return best
  }

  /** The best way of reading one place of the query: of each way all words must be there, and the weakest decides. */
  const scoreMeaning = ({ ways }: Meaning, slips: boolean): Float32Array => {
    const scored = ways.map((words) =>
      words
        .map((word) => gather(word, slips))
        .reduce((weakest, scores) => {
          for (let at = 0; at < weakest.length; at += 1) weakest[at] = Math.min(weakest[at] ?? 0, scores[at] ?? 0)
          return weakest
        }),
    )
    return scored.reduce((best, scores) => {
      for (let at = 0; at < best.length; at += 1) best[at] = Math.max(best[at] ?? 0, scores[at] ?? 0)
      return best
    })
  }

  const nameBonus = ({ words, text }: Letters, query: Letters, queryWords: ReadonlySet<string>): number => {
    if (text.length > query.text.length) return text.startsWith(query.text.slice(0, -1)) ? 20 : 0
    if (text === query.text) return 90
    for (const word of words) if (!queryWords.has(word)) return 0
    return query.text.includes(text) ? 40 + 4 * words.length : 25
  }

  const find = (words: readonly Word[], options: LookupOptions<T>, slips: boolean): LookupHit<T>[] => {
    const meanings = meaningsOf(words)
    const scoreByWord = new Map<string, Float32Array>()
    const scores = meanings.map((meaning) => {
      const key = meaning.ways.map((way) => way.map((word) => word.vowels + word.tone).join(' ')).join('/')
      const score = scoreByWord.get(key) ?? scoreMeaning(meaning, slips)
      scoreByWord.set(key, score)
      return score
    })
    const query = lettersIn(words)
    const queryWords = new Set([...words, ...meanings.flatMap(({ ways }) => ways.flat())].map((word) => word.letters))
    const lists = options.lists === undefined ? undefined : new Set(options.lists)
    const limit = options.limit ?? 20
    const top: LookupHit<T>[] = []
    const insert = (hit: LookupHit<T>): void => {
      let place = top.length
      while (place > 0 && (top[place - 1]?.score ?? 0) < hit.score) place -= 1
      top.splice(place, 0, hit)
      if (top.length > limit) top.pop()
    }
    entries.forEach((entry, index) => {
      let sum = 0
      for (const each of scores) {
        const score = each[index] ?? 0
        if (score === 0) return
        sum += score
      }
      if (lists !== undefined && !lists.has(entry.list)) return
      const name = names[index]
      if (name === undefined) return
      let bonus = nameBonus(name.proper, query, queryWords)
      let alias: string | undefined
      name.aliases.forEach((letters, place) => {
        const byAlias = nameBonus(letters, query, queryWords) - 6
        if (byAlias <= bonus) return
        bonus = byAlias
        alias = entry.aliases?.[place]
      })
      const near = options.near?.(entry.value) === true ? 12 : 0
      const score = sum / scores.length + bonus + near - 8 * (entry.order ?? 0)
      const worst = top[limit - 1]
      if (worst === undefined || worst.score < score) insert({ entry, score, ...(alias === undefined ? {} : { alias }) })
    })
    return top
  }

  return {
    size: entries.length,
    search: (query, options = {}) => {
      const words = readWords(query).slice(0, maxQueryWords)
      if (words.length === 0) return []
      const found = find(words, options, false)
      return found.length > 0 ? found : find(words, options, true)
    },
  }
}
