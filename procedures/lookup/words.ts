/**
 * How text is compared in a look-up: word by word, without capitals, apostrophes, and without minding on which vowel a tone mark stands
 * (hòa, hoà). Marks that are missing may be anything; marks that differ are another word. NFC and NFD are the same text.
 *
 * Invariant: `letters` and `vowels` are of the same length, letter for letter.
 */

/** One word three ways: `letters` without any mark, `vowels` with the marks of the letters (ê, ơ, đ), `tone` by itself. */
export type Word = { letters: string; vowels: string; tone: string }

const tones = /[\u0300\u0301\u0303\u0309\u0323]/g

const read = (text: string): Word => {
  const apart = text.normalize('NFD').toLowerCase()
  const tone = [...apart.matchAll(tones)].map(([mark]) => mark).join('')
  const vowels = [...apart.replace(tones, '').normalize('NFC')]
  const letters = vowels.map((letter) => (letter === 'đ' ? 'd' : (letter.normalize('NFD')[0] ?? letter)))
  return { letters: letters.join(''), vowels: vowels.join(''), tone }
}

const wordByText = new Map<string, Word>()

/** The same few thousand words come again and again; queries are not kept, or a day of typing would be. */
export const readWord = (text: string): Word => wordByText.get(text) ?? read(text)

const remember = (text: string): Word => {
  const word = readWord(text)
  wordByText.set(text, word)
  return word
}

/** H’Mông is one word, so is 3.321; everything else that is neither letter nor number parts words. */
const apart = (text: string): string[] => {
  const plain = text.normalize('NFC')
  const joined = /['’‘ʼ`´.]/.test(plain)
    ? plain.replace(/(?<=\p{L})['’‘ʼ`´](?=\p{L})/gu, '').replace(/(?<=\d)[.](?=\d)/g, '')
    : plain
  return joined.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
}

export const readWords = (text: string): Word[] => apart(text).map(readWord)

/** As `readWords`, for the data itself. */
export const rememberWords = (text: string): Word[] => apart(text).map(remember)

export const lettersOf = (text: string): string =>
  readWords(text)
    .map((word) => word.letters)
    .join(' ')

/** How a word that was typed agrees with a word of the data, whose letters it equals or begins: 2 as written, 1 with marks left out, 0 otherwise. */
export const agreement = (typed: Word, known: Word): 0 | 1 | 2 => {
  let same = true
  for (let place = 0; place < typed.vowels.length; place += 1) {
    if (typed.vowels[place] === known.vowels[place]) continue
    if (typed.vowels[place] !== known.letters[place]) return 0
    same = false
  }
  if (typed.tone !== '' && typed.tone !== known.tone) return 0
  return same && typed.tone === known.tone ? 2 : 1
}
