import { useEffect, useRef } from 'react'
import { type KeyName, keyOf } from './keymap.ts'

export type KeyActions = readonly (readonly [KeyName, () => void])[]

const dialogOpen = (): boolean => document.querySelector('.veil') !== null

/** Keys of a screen. An open dialog has the keyboard for itself. */
export const useKeys = (actions: KeyActions): void => {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const name = keyOf(event)
      if (name === null || dialogOpen()) return
      const action = latest.current.find(([key]) => key === name)?.[1]
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    // while capturing: widgets such as radio groups keep their key presses from going up
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [])
}

const focusable = 'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex="0"]'

/** F6: to the next region of the page, in the order top, steps, form, help, bottom. */
export const focusNextRegion = (direction: 1 | -1): void => {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  if (regions.length === 0) return
  const current = regions.findIndex((region) => region.contains(document.activeElement))
  for (let step = 1; step <= regions.length; step += 1) {
    const region = regions[(current + direction * step + regions.length * 2) % regions.length]
    const target = region?.matches(focusable) === true ? region : (region?.querySelector<HTMLElement>(focusable) ?? null)
    if (target !== null) {
      target.focus()
      return
    }
  }
}
