/** Light, dark, or as the machine is set. Kept for this machine. */
export type Appearance = 'system' | 'light' | 'dark'
const storageKey = 'tram.appearance'

export const currentAppearance = (): Appearance => {
  const stored = localStorage.getItem(storageKey)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export const chooseAppearance = (appearance: Appearance): void => {
  localStorage.setItem(storageKey, appearance)
  showAppearance()
}

export const showAppearance = (): void => {
  const appearance = currentAppearance()
  if (appearance === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = appearance
}
