import { useLayoutEffect, useRef } from 'react'
import { type KeyName, keyOf } from './keymap.ts'

export type KeyActions = readonly (readonly [KeyName, () => void])[]

const dialogOpen = (): boolean => document.querySelector('.veil') !== null

/** Keys of a screen. An open dialog has the keyboard for itself. */
export const useKeys = (actions: KeyActions): void => {
  const latest = useRef(actions)
  latest.current = actions
  // As soon as the screen is there, not after its picture: a quick hand presses the next key at once.
  useLayoutEffect(() => {
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

/** Where the keyboard was when F6 left a region. */
const lastIn = new WeakMap<Element, HTMLElement>()

/** F6: to the next region of the page, in the order top, steps, form, help, bottom; there to where it was left. */
export const focusNextRegion = (direction: 1 | -1): void => {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')]
  if (regions.length === 0) return
  const { activeElement } = document
  const current = regions.findIndex((region) => region.contains(activeElement))
  const left = regions[current]
  if (left !== undefined && activeElement instanceof HTMLElement) lastIn.set(left, activeElement)
  for (let step = 1; step <= regions.length; step += 1) {
    const region = regions[(current + direction * step + regions.length * 2) % regions.length]
    if (region === undefined) continue
    const before = lastIn.get(region)
    const first = region.matches(focusable) ? region : region.querySelector<HTMLElement>(focusable)
    const target = before !== undefined && region.contains(before) ? before : first
    if (target !== null) {
      target.focus()
      return
    }
  }
}
