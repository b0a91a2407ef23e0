/**
 * A place: typed as it is written, completed from the communes of today, the units of before with each of their successors, and places that
 * were named before. Choosing keeps the codes and the older name beside the text; nothing is chosen by itself.
 */
import { t } from '@lingui/core/macro'
import { useCallback, useEffect, useState } from 'react'
import type { UnitCodes } from '../../contracts/dossier.ts'
import type { Share } from '../../procedures/administrative-units/units.ts'
import { type LookupValue, loadLookup } from '../../procedures/lookup/everything.ts'
import type { Lookup } from '../../procedures/lookup/lookup.ts'
import { completePlace, type PlaceChoice, tailOf } from '../../procedures/lookup/places.ts'
import type { FieldProps } from './field-frame.tsx'
import { LookUpBox } from './look-up-box.tsx'
import type { LookUpItem } from './look-up-list.tsx'

type PlaceItem = LookUpItem & { unit: UnitCodes | undefined }

const useLookup = (): Lookup<LookupValue> | undefined => {
  const [lookup, setLookup] = useState<Lookup<LookupValue>>()
  useEffect(() => {
    let gone = false
    void loadLookup().then((made) => {
      if (!gone) setLookup(made)
    })
    return () => {
      gone = true
    }
  }, [])
  return lookup
}

const shareWords = (share: Share): string => {
  switch (share) {
    case 'whole':
      return ''
    case 'people':
      return t` (một phần diện tích, toàn bộ dân)`
    case 'part':
      return t` (một phần)`
    case 'area':
      return t` (một phần diện tích)`
  }
}

const beside = ({ former, known }: PlaceChoice): string | undefined => {
  if (known === 'point') return t`nơi đặt điểm`
  if (known === 'before') return t`đã khai trong lượt này`
  if (former === undefined) return undefined
  const { name } = former
  return t`trước là ${name}` + shareWords(former.share)
}

/** Words before the commune may change without the commune being another. */
const stillThere = (text: string, value: string, unit: UnitCodes | undefined): UnitCodes | undefined => {
  if (unit === undefined) return undefined
  const { before, tail } = tailOf(text)
  if (tail === '' || tail !== tailOf(value).tail) return undefined
  const { detail: _, ...codes } = unit
  const detail = before.replace(/[\s,]+$/u, '')
  return detail === '' ? codes : { ...codes, detail }
}

export const PlaceField = (props: FieldProps & { id: string }) => {
  const { field, answer, places, pointPlace, onAnswer } = props
  const lookup = useLookup()
  const value = answer?.value ?? ''
  const unit = answer?.unit
  const anywhere = field.type !== 'text'
  const propose = useCallback(
    (text: string): PlaceItem[] =>
      completePlace(text, lookup, places, { anywhere, point: pointPlace }).map((choice) => ({
        id: choice.id,
        name: choice.name,
        text: choice.text,
        beside: beside(choice),
        unit: choice.unit,
      })),
    [lookup, places, anywhere, pointPlace],
  )
  return (
    <LookUpBox
      {...props}
      propose={propose}
      opens={anywhere}
      onType={(raw) => props.onType(raw, stillThere(raw, value, unit))}
      onChoose={(text, chosen) => onAnswer(text, { source: 'list', ...(chosen.unit === undefined ? {} : { unit: chosen.unit }) })}
    >
      {unit?.former === undefined ? null : <p className="note" data-testid={`former-${field.id}`}>{t`Tên cũ: ${unit.former}`}</p>}
    </LookUpBox>
  )
}
