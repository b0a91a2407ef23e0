/**
 * The one box of the form in which what is typed is looked up: places, lists, addresses. The combobox pattern of the ARIA Authoring Practices
 * with a list of its own and the text left to the control. Proposals follow the typing; what Enter or Tab takes is the line that is marked.
 * In a closed list the first line is marked from the first letter on, elsewhere nothing is until the clerk goes down to it. While an input
 * program composes, its keys are its own.
 */
import { t } from '@lingui/core/macro'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { followTyping } from '../ui/follow-typing.ts'
import { describedBy, FieldFrame, type FieldProps, hasError, labelId } from './field-frame.tsx'
import { type LookUpItem, LookUpList } from './look-up-list.tsx'
import { useTyped } from './use-typed.ts'

type Props<I extends LookUpItem> = Omit<FieldProps, 'onType'> & {
  id: string
  /** The same function as long as it proposes the same. */
  propose: (text: string) => readonly I[]
  onType: (text: string) => void
  onChoose: (text: string, item: I) => void
  /** Nothing but what is listed may stand here. */
  closed?: boolean
  /** Whether there is a list to open by mouse; elsewhere proposals come with the typing alone. */
  opens?: boolean
  /** Below the control. */
  children?: ReactNode
}

/** What is looked up, whether the typing alone asks for it, and the line that was gone to. */
type Asked = { text: string; typed?: true; marked?: string | undefined }

const none: readonly never[] = []

export const LookUpBox = <I extends LookUpItem>(props: Props<I>) => {
  const { field, answer, findings, id, propose, onType, onChoose, closed = false, opens = true, children } = props
  const { control, text, type, put, leave } = useTyped(answer?.value ?? '', onType)
  /** Something was typed that no line was taken for. */
  const typing = useRef(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [box, setBox] = useState<HTMLDivElement | null>(null)
  const [following] = useState(() =>
    followTyping(() => {
      const now = text()
      setAsked(now === '' ? null : { text: now, typed: true })
    }),
  )
  useEffect(() => following.cancel, [following])

  const query = asked?.text
  const typed = asked?.typed
  const items = useMemo(() => {
    const lines = query === undefined ? none : propose(query)
    // Who has typed the one line there is needs no list over the fields that come next.
    return typed === true && lines.length === 1 && lines[0]?.text === query ? none : lines
  }, [query, typed, propose])
  const markIn = (lines: readonly I[], now: Asked | null): I | undefined =>
    lines.find(({ id: line }) => line === now?.marked) ?? (closed && now?.text.trim() !== '' ? lines[0] : undefined)
  const marked = markIn(items, asked)
  const count = items.length
  const isOpen = count > 0
  const listId = `${id}-list`

  const ask = (next: Asked | null): void => {
    following.cancel()
    setAsked(next)
  }
  const choose = (item: I): void => {
    ask(null)
    typing.current = false
    put(item.text)
    onChoose(item.text, item)
  }
  /** Whether the key was the list's and does nothing else. It goes by what stands in the control, also when the list is a letter behind. */
  const takes = ({ key, altKey }: KeyboardEvent): boolean => {
    const now = following.due() ? { text: text() } : asked
    const lines = now === asked ? items : propose(text())
    const item = markIn(lines, now)
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      const down = key === 'ArrowDown'
      if (altKey) ask(down ? { text: text() } : null)
      else if (now === null || lines.length === 0) ask({ text: text(), marked: propose(text()).at(down ? 0 : -1)?.id })
      else {
        const from = item === undefined ? (down ? -1 : 0) : lines.indexOf(item)
        ask({ text: now.text, marked: lines.at((from + (down ? 1 : -1)) % lines.length)?.id })
      }
      return true
    }
    if (lines.length === 0 || altKey || !(key === 'Enter' || key === 'Tab' || key === 'Escape')) return false
    if (item === undefined || key === 'Escape') ask(null)
    else choose(item)
    return key !== 'Tab'
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { ctrlKey, metaKey, nativeEvent } = event
    if (ctrlKey || metaKey || nativeEvent.isComposing || nativeEvent.keyCode === 229 || !takes(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <FieldFrame {...props} control={id}>
      <div className="combo" ref={setBox}>
        <input
          {...control}
          id={id}
          className={opens ? 'control opens' : 'control'}
          type="text"
          role="combobox"
          autoComplete="off"
          spellCheck={false}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          {...(isOpen ? { 'aria-controls': listId } : {})}
          {...(isOpen && marked !== undefined ? { 'aria-activedescendant': `${listId}-${items.indexOf(marked)}` } : {})}
          aria-required={props.required}
          aria-invalid={hasError(findings)}
          {...describedBy(props)}
          onChange={(event) => {
            typing.current = true
            type(event.target.value)
            following.follow()
          }}
          onKeyDown={onKeyDown}
          onBlur={() => {
            // Who has typed a line of the list in full has taken it.
            const line = closed && typing.current ? propose(text()).find((each) => each.text === text()) : undefined
            if (line !== undefined) choose(line)
            leave()
            ask(null)
          }}
        />
        {opens ? (
          <button
            type="button"
            className="combo-open"
            tabIndex={-1}
            aria-label={t`Mở danh sách`}
            // The keyboard stays in the control.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              box?.querySelector('input')?.focus()
              ask(isOpen ? null : { text: text() })
            }}
          >
            <span aria-hidden="true">▾</span>
          </button>
        ) : null}
        <span className="visually-hidden" role="status">
          {isOpen ? t`Có ${count} mục để chọn.` : ''}
        </span>
        {isOpen && box !== null ? (
          <LookUpList id={listId} labelledBy={labelId(field)} items={items} marked={marked?.id} box={box} onChoose={choose} />
        ) : null}
      </div>
      {children}
    </FieldFrame>
  )
}
