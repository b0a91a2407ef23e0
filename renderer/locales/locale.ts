/** The language of the screens: Vietnamese first, English second. The choice is kept for this machine. */
import { i18n } from '@lingui/core'
import type { LocalizedText } from '../../contracts/encoding.ts'
import { messages as vietnamese } from './vi.po'

export type Locale = 'vi' | 'en'
const storageKey = 'tram.locale'

i18n.load({ vi: vietnamese })

const stored = (): Locale => (globalThis.localStorage?.getItem(storageKey) === 'en' ? 'en' : 'vi')

/** English is fetched when it is asked for; Vietnamese stays where it cannot be had. */
const activate = async (locale: Locale): Promise<void> => {
  const english = locale === 'en' ? await import('./en.po').catch(() => null) : null
  if (english !== null) i18n.load('en', english.messages)
  const active = english === null ? 'vi' : 'en'
  i18n.activate(active)
  document.documentElement.lang = active
}

export const activateStoredLocale = (): Promise<void> => activate(stored())

export const chooseLocale = (locale: Locale): Promise<void> => {
  localStorage.setItem(storageKey, locale)
  return activate(locale)
}

export const currentLocale = (): Locale => (i18n.locale === 'en' ? 'en' : 'vi')

/** A text of the catalogue in the language of the screen; Vietnamese where there is no translation. */
export const say = (text: LocalizedText): string => (currentLocale() === 'en' ? (text.en ?? text.vi) : text.vi)
