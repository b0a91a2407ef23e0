/**
 * What a chip gave: who, how far it is proven, whose face, what differs; then into the form.
 * Invariants: of a chip that is not genuine nothing can be filled; nothing is filled before the clerk has answered for the face, and nothing
 * at all when it is another person's; the photo lives in this component and nowhere else.
 */
import { t } from '@lingui/core/macro'
import { type ReactNode, useState } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import type { CardReading } from '../../contracts/card.ts'
import type { ChipEvidence } from '../../contracts/dossier.ts'
import type { CardQr } from '../../procedures/identity/card-qr.ts'
import type { OfferedValue } from '../../procedures/rules/index.ts'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'
import type { WizardContext } from '../wizard/machine/wizard-context.ts'
import { comparedFieldWords, copyWords, foundFieldWords, nameOfMrz, troubleMessage, verdictWords } from './card-words.ts'
import { type Difference, differencesOf, foundDifferences } from './compare-sources.ts'
import { FillForm } from './fill-form.tsx'
import { ChipPhoto } from './photo/chip-photo.tsx'
import { useChipPhoto } from './photo/use-chip-photo.ts'

type Props = {
  context: WizardContext
  reading: CardReading
  /** The code of the same card, when it was scanned. */
  qr: CardQr | null
  onFill: (values: OfferedValue[], chip: ChipEvidence) => void
  onClose: () => void
}

type FaceAnswer = ChipEvidence['samePerson'] | 'no'

export const ChipResult = ({ context, reading, qr, onFill, onClose }: Props) => {
  const [face, setFace] = useState<FaceAnswer | null>(null)
  const { person, proof, findings, groupsMissing } = reading
  const photo = useChipPhoto(reading.photo)
  const { verdict } = proof
  const { words, sign } = verdictWords(verdict)
  const copy = copyWords(verdict)
  const expired = findings.find((finding) => finding.type === 'card-expired')
  const differences = qr === null ? [] : differencesOf(qr, person)
  const found = foundDifferences(findings, differences)
  // Whatever the signature is worth: a chip of two people is no word to show in green.
  const twoPersons = findings.some(({ type }) => type === 'two-persons')
  const { birthDate, sex, personalNumber } = person
  // Without DG13 the chip writes the name in its MRZ only, without diacritics.
  const facts = [
    person.fullName ?? nameOfMrz(reading.mrz.name),
    birthDate,
    sex,
    personalNumber === undefined ? undefined : `…${personalNumber.slice(-3)}`,
  ]

  const headWith = (question: ReactNode) => (
    <div className="chip-head">
      <ChipPhoto photo={photo} />
      <div className="stack">
        <p data-testid="card-person">
          <strong>{facts.filter((fact) => fact !== undefined).join(' · ')}</strong>
        </p>
        {twoPersons ? null : (
          <p className={`verdict ${verdict.type}`} data-testid="card-verdict" data-verdict={verdict.type}>
            <span aria-hidden="true">{sign} </span>
            <strong>{words}</strong>
            {copy === null ? null : <span className="note"> {copy}</span>}
          </p>
        )}
        {reading.specimen ? <p className="training-line">{t`Thẻ người mẫu: hồ sơ này là hồ sơ tập huấn.`}</p> : null}
        {question}
      </div>
    </div>
  )

  if (verdict.type === 'not-genuine') {
    const reason = [verdict.check, verdict.group, verdict.reason].filter((part) => part !== undefined).join(' · ')
    return (
      <div className="stack">
        {headWith(null)}
        <Message kind="error" message={troubleMessage('not-genuine')}>
          <p className="note">{reason}</p>
        </Message>
        <div>
          <Button onPress={onClose} autoFocus>{t`Đóng, không dùng chip này`}</Button>
        </div>
      </div>
    )
  }

  if (twoPersons)
    return (
      <div className="stack" data-testid="card-two-persons">
        {headWith(null)}
        <Message kind="error" message={troubleMessage('two-persons')}>
          <p className="note">{t`Khác nhau: ${foundFieldWords(found.inside)}`}</p>
        </Message>
        <div>
          <Button onPress={onClose} autoFocus>{t`Đóng, không dùng chip này`}</Button>
        </div>
      </div>
    )

  const blocked =
    face === null
      ? t`Trả lời câu “Có đúng người này không?” trước khi điền.`
      : face === 'no'
        ? t`Không điền dữ liệu của người khác. Trả thẻ, hoặc báo người phụ trách.`
        : null
  const evidence = verdict.type
  return (
    <div className="stack">
      {expired === undefined ? null : (
        <p className="message warning" role="status" data-testid="card-expired">
          {t`Thẻ hết hạn ngày ${expired.expiryDate}. Vẫn điền được; nhắc ông/bà đổi thẻ.`}
        </p>
      )}
      {differences.length === 0 ? null : <Differences differences={differences} />}
      {found.outside.length === 0 ? null : (
        <p className="message warning" role="status" data-testid="card-differs-outside">
          {qr === null
            ? t`Phần đã gõ khác với chip: ${foundFieldWords(found.outside)}. Máy điền theo chip; đối chiếu với chữ in trên thẻ.`
            : t`QR khác với chip: ${foundFieldWords(found.outside)}. Máy điền theo chip; đối chiếu với chữ in trên thẻ.`}
        </p>
      )}
      {found.inside.length === 0 ? null : (
        <p className="message warning" role="status" data-testid="card-differs-inside">
          {t`Chip ghi không giống nhau ở hai chỗ: ${foundFieldWords(found.inside)}. Đối chiếu từng ô với chữ in trên thẻ.`}
        </p>
      )}
      {findings.some(({ type }) => type === 'mrz-check-digits') ? (
        <p className="message warning" role="status" data-testid="card-check-digits">
          {t`Số kiểm tra trong dòng mã của chip không khớp. Đối chiếu từng ô với chữ in trên thẻ.`}
        </p>
      ) : null}
      {groupsMissing.some(({ group }) => group === 'dg13') ? (
        <p className="note" data-testid="card-missing">
          {person.fullName === undefined
            ? t`Chip này không có họ tên có dấu, quê quán, dân tộc, cha mẹ, nơi thường trú: gõ theo giấy tờ.`
            : t`Chip này không có phần quê quán, dân tộc, cha mẹ, nơi thường trú: gõ theo giấy tờ.`}
        </p>
      ) : null}
      <FillForm
        context={context}
        person={person}
        blocked={blocked}
        onFill={(values) => {
          if (face === null || face === 'no') return
          onFill(values, { verdict: evidence, samePerson: face })
        }}
        onClose={onClose}
        before={headWith(
          <FaceQuestion face={face} onAnswer={setFace} withPhoto={photo.name !== 'none' && photo.name !== 'unreadable'} />,
        )}
      />
    </div>
  )
}

type FaceProps = { face: FaceAnswer | null; onAnswer: (face: FaceAnswer) => void; withPhoto: boolean }

const isFaceAnswer = (text: string): text is FaceAnswer => ['yes', 'unsure', 'holder-absent', 'no'].includes(text)

const FaceQuestion = ({ face, onAnswer, withPhoto }: FaceProps) => {
  const options: [FaceAnswer, string][] = [
    ['yes', t`Đúng người này`],
    ['unsure', t`Chưa chắc`],
    ['holder-absent', t`Chủ thẻ không có mặt`],
    ['no', t`Không phải người này`],
  ]
  return (
    <RadioGroup
      className="field"
      value={face}
      onChange={(next) => {
        if (isFaceAnswer(next)) onAnswer(next)
      }}
      data-testid="same-person"
    >
      <Label>{t`Có đúng người này không?`}</Label>
      <span className="hint">
        {withPhoto
          ? t`Nhìn ảnh trong chip và người trước mặt. Ảnh không được lưu lại.`
          : t`Nhìn ảnh in trên thẻ và người trước mặt.`}
      </span>
      <div className="choices">
        {options.map(([value, label], index) => (
          <Radio key={value} value={value} className="choice" autoFocus={index === 0}>
            {({ isSelected }) => (
              <>
                <span aria-hidden="true">{isSelected ? '◉' : '○'}</span>
                {label}
              </>
            )}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}

const Differences = ({ differences }: { differences: readonly Difference[] }) => (
  <div className="message warning stack" role="status" data-testid="card-differences">
    <p>
      <strong>{t`QR và chip ghi khác nhau ${differences.length} chỗ. Máy điền theo chip; đối chiếu với chữ in trên thẻ.`}</strong>
    </p>
    <dl className="differences">
      {differences.map(({ field, qr, chip }) => (
        <div key={field}>
          <dt>{comparedFieldWords(field)}</dt>
          <dd>
            {t`QR: ${qr}`} <br /> {t`Chip: ${chip}`}
          </dd>
        </div>
      ))}
    </dl>
  </div>
)
