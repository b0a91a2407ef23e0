/**
 * The one box of the form in which what is typed is looked up: places, lists, agencies. Proposals follow the typing; what Enter takes is the
 * line that is marked. In a closed list the first line is marked from the start, elsewhere nothing is until the clerk goes down to it.
 */
import { t } from '@lingui/core/macro'
import { memo, useContext, useEffect, useRef, useState } from 'react'
import {
  Button as AriaButton,
  ComboBox,
  ComboBoxStateContext,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from 'react-aria-components'
import { describedBy, type FieldProps, hasError, labelId } from './field-frame.tsx'

export type LookUpItem = { id: string; name: string; text: string; beside?: string | undefined }

type Props = Pick<FieldProps, 'field' | 'findings'> & {
  id: string
  text: string
  /** The same list as long as it says the same, and the same functions: the widget is dear to draw. */
  items: readonly LookUpItem[]
  type: (text: string) => void
  onChoose: (id: string) => void
  /** Nothing but what is listed may stand here: Enter takes the first line. */
  closed?: boolean
}

/** The widget forgets its mark with each letter, after this has run: the mark is put once it has. */
const FirstMarked = ({ items, text }: { items: readonly LookUpItem[]; text: string }) => {
  const state = useContext(ComboBoxStateContext)
  const latest = useRef(state)
  const isOpen = state?.isOpen === true
  const first = items[0]?.id
  useEffect(() => {
    latest.current = state
  })
  useEffect(() => {
    if (!isOpen || first === undefined || text.trim() === '') return
    let gone = false
    queueMicrotask(() => {
      if (!gone) latest.current?.selectionManager.setFocusedKey(first)
    })
    return () => {
      gone = true
    }
  }, [isOpen, first, text])
  return null
}

const saysTheSame = (some: readonly LookUpItem[], others: readonly LookUpItem[]): boolean =>
  some.length === others.length &&
  some.every((one, at) => {
    const other = others[at]
    return one.id === other?.id && one.name === other.name && one.text === other.text && one.beside === other.beside
  })

/** The array of before as long as it says the same: with another one the widget forgets which line is marked. */
const useUnchanged = (items: readonly LookUpItem[]): readonly LookUpItem[] => {
  const [kept, keep] = useState(items)
  if (kept === items || saysTheSame(kept, items)) return kept
  keep(items)
  return items
}

export const LookUpBox = memo((props: Props) => {
  const { field, findings, id, text, type, onChoose, closed = false } = props
  const items = useUnchanged(props.items)
  return (
    <ComboBox
      aria-labelledby={labelId(field)}
      id={id}
      allowsCustomValue
      menuTrigger="input"
      items={items}
      inputValue={text}
      selectedKey={null}
      defaultFilter={() => true}
      onInputChange={(next) => {
        // The widget also speaks when a value comes from elsewhere; only a person at this control types.
        if (document.activeElement?.id !== id || next === text) return
        if (next !== '' || text.length === 1) type(next)
      }}
      onSelectionChange={(key) => {
        if (key !== null) onChoose(String(key))
      }}
      isInvalid={hasError(findings)}
      validationBehavior="aria"
      {...describedBy(props)}
    >
      {closed ? <FirstMarked items={items} text={text} /> : null}
      <div className="combo">
        <Input className="control" spellCheck={false} autoComplete="off" />
        <AriaButton className="combo-open" aria-label={t`Mở danh sách`}>
          <span aria-hidden="true">▾</span>
        </AriaButton>
      </div>
      <Popover className="popover" offset={4}>
        <ListBox<LookUpItem>>
          {({ name, text: whole, beside }) => (
            <ListBoxItem textValue={whole}>
              <Text slot="label">{name}</Text>
              {beside === undefined ? null : (
                <Text slot="description" className="beside">
                  {beside}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
})
