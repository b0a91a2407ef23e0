/**
 * What is known of the people of this step from other dossiers: who it may be is asked, what would be filled is said, and values that
 * differ stand side by side for the clerk to choose. Nothing is taken over before the button.
 */
import { t } from '@lingui/core/macro'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import type { KnownPeople } from '../../contracts/visit.ts'
import { factsOf } from '../../procedures/reuse/known-people.ts'
import { type Candidate, type FieldOffer, type OfferedChoice, offersOfLatest } from '../../procedures/reuse/offers.ts'
import { peopleOffered } from '../../procedures/reuse/people-offered.ts'
import { offeredRelations } from '../../procedures/reuse/relations-offered.ts'
import { findField, todayInVietnam } from '../../procedures/rules/index.ts'
import type { KeyName } from '../app/keymap.ts'
import { useKeys } from '../app/use-keys.ts'
import { say } from '../locales/locale.ts'
import { vietnamTime } from '../slip/slip.ts'
import { Button } from '../ui/button.tsx'
import type { WizardContext } from './machine/wizard-context.ts'

type Taken = { fieldId: string; choice: OfferedChoice }[]

type Props = {
  context: WizardContext
  /** From the dossiers of this visit, where the clerk knows who stands at the counter. */
  visit: KnownPeople
  /** From unsent drafts on this machine: only of people whom this dossier itself proves to be the same, or their family. */
  drafts: KnownPeople
  onTake: (choices: Taken) => void
}

const sourceWords = ({ known }: OfferedChoice): string => {
  const { source, at } = known.provenance.from ?? known.provenance
  const { time, day } = vietnamTime(at)
  if (known.provenance.source === 'store') return t`kho của ông/bà, khai ngày ${day}`
  return source === 'card' ? t`từ chip lúc ${time}` : source === 'qr' ? t`từ mã QR lúc ${time}` : t`khai lúc ${time}`
}

const isOpen = (offer: FieldOffer): boolean => offer.choices.length > 1 || offer.current !== undefined

/** What is taken when nobody chose anything: the only value for an empty field; what stands in a field stays. */
const chosenOf = (offers: readonly FieldOffer[], picked: Readonly<Record<string, string>>): Taken =>
  offers.flatMap(({ fieldId, choices, current }) => {
    const wanted = picked[fieldId] ?? (current === undefined && choices.length === 1 ? choices[0]?.value : undefined)
    const choice = choices.find(({ value }) => value === wanted)
    return choice === undefined ? [] : [{ fieldId, choice }]
  })

const OfferCard = ({
  title,
  note,
  offers,
  label,
  hint,
  context,
  onTake,
  armed,
}: {
  title: string
  note: string
  offers: readonly FieldOffer[]
  label: string
  hint?: 'Alt 1' | 'Alt 2' | 'Alt 3' | 'Alt 4'
  context: WizardContext
  onTake: (choices: Taken) => void
  /** What each key takes now. One listener of the panel reads it: a card that moves up must not hear the press that moved it. */
  armed: RefObject<Map<KeyName, () => void>>
}) => {
  const [picked, setPicked] = useState<Readonly<Record<string, string>>>({})
  const open = offers.filter(isOpen)
  const take = (): void => onTake(chosenOf(offers, picked))
  useEffect(() => {
    if (hint === undefined) return
    const { current } = armed
    current.set(hint, take)
    return () => {
      if (current.get(hint) === take) current.delete(hint)
    }
  })
  return (
    <div className="message stack offer" data-testid="reuse">
      <div className="row spread">
        <p>
          <strong>{title}</strong> <span className="note">{note}</span>
        </p>
        <Button small {...(hint === undefined ? {} : { hint })} onPress={take} testId="take-over">
          {label}
        </Button>
      </div>
      {offers.map((offer) => {
        // What may be a year old is read before it is taken.
        const [choice] = offer.choices
        const field = findField(context.procedure, offer.fieldId)
        if (isOpen(offer) || choice === undefined || field === undefined || choice.known.provenance.source !== 'store')
          return null
        return (
          <p key={offer.fieldId} data-testid="kept">
            {say(field.label)}: <strong>{choice.value}</strong> <span className="note">{sourceWords(choice)}</span>
          </p>
        )
      })}
      {open.map(({ fieldId, choices, current }) => {
        const field = findField(context.procedure, fieldId)
        if (field === undefined) return null
        return (
          <RadioGroup
            key={fieldId}
            className="choices"
            aria-label={t`${say(field.label)}: có giá trị khác nhau, chọn một`}
            value={picked[fieldId] ?? (current === undefined ? null : '')}
            onChange={(value) => setPicked({ ...picked, [fieldId]: value })}
          >
            <span className="label">{say(field.label)}</span>
            {current === undefined ? null : (
              <Radio value="" className="choice">
                {({ isSelected }) => (
                  <>
                    <span aria-hidden="true">{isSelected ? '◉' : '○'}</span>
                    {current.value} <span className="note">{t`đang ghi`}</span>
                  </>
                )}
              </Radio>
            )}
            {choices.map((choice) => (
              <Radio key={choice.value} value={choice.value} className="choice">
                {({ isSelected }) => (
                  <>
                    <span aria-hidden="true">{isSelected ? '◉' : '○'}</span>
                    {choice.value} <span className="note">{sourceWords(choice)}</span>
                  </>
                )}
              </Radio>
            ))}
          </RadioGroup>
        )
      })}
    </div>
  )
}

const masked = (number: string | undefined): string => (number === undefined ? '' : ` (…${number.slice(-3)})`)

const reasonWords = (candidate: Candidate): string => {
  switch (candidate.reason) {
    case 'same-person':
      return t`Trùng số định danh, hoặc trùng họ tên và ngày sinh.`
    case 'mother':
    case 'father':
    case 'spouse':
      return t`Theo quan hệ gia đình đã khai ở hồ sơ trước.`
    case 'relative':
      return t`Người thân của người trong hồ sơ này. Chỉ lấy khi đúng là người đó.`
    case 'same-role':
      return t`Đã khai ở đúng vai này trong lượt này.`
    case 'at-the-counter':
      return t`Người trong lượt này.`
  }
}

const altKeys = ['Alt 1', 'Alt 2', 'Alt 3', 'Alt 4'] as const

export const ReusePanel = ({ context, visit, drafts, onTake }: Props) => {
  const { procedure, answers, place } = context
  const armed = useRef(new Map<KeyName, () => void>())
  useKeys(altKeys.map((key) => [key, () => armed.current.get(key)?.()]))
  const day = { today: todayInVietnam(context.now()) }
  const cards = peopleOffered(procedure, place, { visit, drafts }, answers, day)
  const latest = [
    ...offersOfLatest(procedure, place, visit, answers, day),
    ...offeredRelations(procedure, place, visit, answers, day),
  ]
  if (cards.length === 0 && latest.length === 0) return null
  return (
    <section className="offers" aria-label={t`Đã biết từ hồ sơ khác`}>
      {cards.map(({ personId, candidate }, index) => {
        const facts = factsOf(candidate.person)
        const name = `${facts.fullName ?? ''}${masked(facts.personalNumber)}`
        const person = procedure.persons.find(({ id }) => id === personId)
        const role = person === undefined ? '' : say(person.label)
        const count = candidate.offers.length
        const hint = altKeys[index]
        return (
          <OfferCard
            key={`${place} ${personId} ${candidate.person.id} ${name}`}
            title={role === '' ? t`Có phải ${name}?` : t`${role}: có phải ${name}?`}
            note={reasonWords(candidate)}
            offers={candidate.offers}
            label={t`Đúng, lấy ${count} ô`}
            {...(hint === undefined ? {} : { hint })}
            context={context}
            onTake={onTake}
            armed={armed}
          />
        )
      })}
      {latest.length === 0 ? null : (
        <OfferCard
          key={`${place} latest`}
          title={t`Các ô chung như hồ sơ trước?`}
          note={latest.map(({ choices }) => choices[0]?.value ?? '').join(' · ')}
          offers={latest}
          label={t`Lấy ${latest.length} ô`}
          {...(cards.length < 4 ? { hint: altKeys[cards.length] ?? 'Alt 4' } : {})}
          context={context}
          onTake={onTake}
          armed={armed}
        />
      )}
    </section>
  )
}
