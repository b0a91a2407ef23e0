/**
 * Keys of the clerk's mode. A key acts only when it was really pressed: while an input program composes, every key is its own; Backspace is
 * never touched; single letters and Ctrl Shift / Alt Z (switches of Vietnamese input programs) stay free.
 */
export type KeyPress = {
  key: string
  code: string
  ctrlKey: boolean
  altKey: boolean
  shiftKey: boolean
  metaKey: boolean
  isComposing: boolean
  keyCode: number
}

export const keyNames = [
  'F1',
  'F2',
  'F4',
  'F6',
  'Shift F6',
  'F7',
  'F8',
  'Ctrl Enter',
  'Alt ←',
  'Alt 1',
  'Alt 2',
  'Alt 3',
  'Alt 4',
  'Ctrl 1',
  'Ctrl 2',
  'Ctrl 3',
  'Ctrl 4',
  'Ctrl 5',
  'Ctrl 6',
  'Ctrl 7',
  'Ctrl 8',
  'Ctrl K',
  'Ctrl L',
  'Ctrl S',
  'Ctrl P',
  'Ctrl /',
  'Esc',
] as const
export type KeyName = (typeof keyNames)[number]

const known: ReadonlySet<string> = new Set(keyNames)
const isKeyName = (name: string): name is KeyName => known.has(name)

const base = (press: KeyPress): string => {
  // By place of the key, so that Ctrl K is found under every layout and input program.
  if (press.code.startsWith('Key')) return press.code.slice(3)
  if (press.code === 'Slash') return '/'
  if (/^Digit[1-8]$/.test(press.code) && (press.altKey || press.ctrlKey)) return press.code.slice(5)
  if (press.key === 'ArrowLeft') return '←'
  if (press.key === 'Escape') return 'Esc'
  return press.key
}

/** The name of the pressed key, or null when it is none of ours. 229 is what an input program's keys report in Chromium. */
export const keyOf = (press: KeyPress): KeyName | null => {
  if (press.isComposing || press.keyCode === 229 || press.metaKey) return null
  const name = `${press.ctrlKey ? 'Ctrl ' : ''}${press.altKey ? 'Alt ' : ''}${press.shiftKey ? 'Shift ' : ''}${base(press)}`
  return isKeyName(name) ? name : null
}
