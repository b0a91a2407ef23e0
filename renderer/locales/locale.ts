/** The language of the screens: Vietnamese first, English second. The choice is kept for this machine. */
import { i18n } from '@lingui/core'
import type { LocalizedText } from '../../contracts/encoding.ts'
import { messages as english } from './en.po'
import { messages as vietnamese } from './vi.po'

export type Locale = 'vi' | 'en'
const storageKey = 'tram.locale'

i18n.load({ vi: vietnamese, en: english })

const stored = (): Locale => (globalThis.localStorage?.getItem(storageKey) === 'en' ? 'en' : 'vi')

export const activateStoredLocale = (): void => activate(stored())

const activate = (locale: Locale): void => {
  i18n.activate(locale)
  document.documentElement.lang = locale
}

export const chooseLocale = (locale: Locale): void => {
  localStorage.setItem(storageKey, locale)
  activate(locale)
}

export const currentLocale = (): Locale => (i18n.locale === 'en' ? 'en' : 'vi')

/** A text of the catalogue in the language of the screen; Vietnamese where there is no translation. */
export const say = (text: LocalizedText): string => (currentLocale() === 'en' ? (text.en ?? text.vi) : text.vi)
