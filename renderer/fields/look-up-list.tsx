/**
 * The lines of a look-up in the page's top layer: neither the section that cuts off what it paints nor a scrolled page cuts them off. They
 * stand below their box, or above it and its label where there is more room. The keyboard stays in the box.
 */
import { useLayoutEffect, useRef } from 'react'

export type LookUpItem = {
  id: string
  /** What the line shows, and what stands beside it. */
  name: string
  beside?: string | undefined
  /** What stands in the control once it is chosen. */
  text: string
}

type Props<I extends LookUpItem> = {
  id: string
  labelledBy: string
  items: readonly I[]
  marked: string | undefined
  /** Where it stands. */
  box: HTMLElement
  onChoose: (item: I) => void
}

const gap = 4

const standAt = (list: HTMLElement, box: HTMLElement): void => {
  const { bottom, left, width } = box.getBoundingClientRect()
  const { top } = (box.closest('.field') ?? box).getBoundingClientRect()
  const [above, below] = [top - gap, window.innerHeight - bottom - gap]
  const isBelow = below >= above || below >= list.scrollHeight
  list.style.insetInlineStart = `${left}px`
  list.style.inlineSize = `${width}px`
  list.style.maxBlockSize = `min(20rem, ${Math.max(isBelow ? below : above, 0)}px)`
  list.style.insetBlockStart = isBelow ? `${bottom + gap}px` : 'auto'
  list.style.insetBlockEnd = isBelow ? 'auto' : `${window.innerHeight - top + gap}px`
}

export const LookUpList = <I extends LookUpItem>({ id, labelledBy, items, marked, box, onChoose }: Props<I>) => {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { current } = list
    if (current === null) return
    current.showPopover()
    const stand = (): void => standAt(current, box)
    stand()
    const onScroll = ({ target }: Event): void => {
      if (target !== current) stand()
    }
    window.addEventListener('scroll', onScroll, { capture: true, passive: true })
    window.addEventListener('resize', stand)
    return () => {
      window.removeEventListener('scroll', onScroll, { capture: true })
      window.removeEventListener('resize', stand)
    }
  }, [box])
  useLayoutEffect(() => {
    if (marked !== undefined) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [marked])
  return (
    <div
      ref={list}
      id={id}
      className="popover"
      popover="manual"
      role="listbox"
      aria-labelledby={labelledBy}
      onMouseDown={(event) => event.preventDefault()}
    >
      {items.map((item, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the box's
        <div
          key={item.id}
          id={`${id}-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={item.id === marked}
          onClick={() => onChoose(item)}
        >
          {item.name}
          {item.beside === undefined ? null : <span className="beside">{item.beside}</span>}
        </div>
      ))}
    </div>
  )
}
