import { createContext, useContext } from 'react'
import type { Locale } from '../locales/locale.ts'

export type LocaleSwitch = { locale: Locale; switchTo(locale: Locale): void }

/** Switching draws the page anew in the other language; what was typed is on disk and comes back. */
export const LocaleSwitchContext = createContext<LocaleSwitch>({ locale: 'vi', switchTo: () => undefined })
export const useLocaleSwitch = (): LocaleSwitch => useContext(LocaleSwitchContext)
