import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { Checkbox } from 'react-aria-components'
import { askedPapers, printedValue, shownValue, todayInVietnam, visibleFields } from '../../procedures/rules/index.ts'
import { storeMessage } from '../app/words.ts'
import { DeclarationDialog } from '../declaration/declaration-dialog.tsx'
import { provenanceWords } from '../fields/field-frame.tsx'
import { fieldName } from '../fields/field-name.ts'
import { say } from '../locales/locale.ts'
import { megabytes } from '../papers/paper-words.ts'
import { Button } from '../ui/button.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { DeadlineLines } from './deadline-lines.tsx'
import { askedConsents, proposedFields, type WizardContext } from './machine/wizard-context.ts'
import type { WizardEvent } from './machine/wizard-machine.ts'
import { placeTitle } from './step-list.tsx'

type Props = {
  context: WizardContext
  send: (event: WizardEvent) => void
  /** A supplement: consents were given and the declaration was signed with the dossier. */
  correction: boolean
}

const failureMessage = (failure: { type: string; detail?: string }): MachineMessage => {
  switch (failure.type) {
    case 'disk-full':
    case 'store-closed':
      return storeMessage({ type: failure.type })
    case 'kept-as-draft':
      return { title: t`Bản nháp giữ nguyên, chưa nộp`, body: t`Xem hồ sơ đã làm trước ở Hàng chờ (F7) rồi quyết định.` }
    case 'files-lost':
      return {
        title: t`Thêm lại tệp hỏng, hoặc bỏ hẳn nó`,
        body: t`Hồ sơ chưa gửi, để không đi thiếu giấy tờ. Tên tệp và nút ở trên đây. Bản nháp còn nguyên.`,
        code: 'TEP-15',
      }
    case 'withdrawn':
      return {
        title: t`Hỏi lại người dân có còn rút hồ sơ không`,
        body: t`Máy này đã ghi đơn rút hồ sơ, nên cơ quan không nhận bổ sung nữa. Bản nháp còn nguyên.`,
      }
    case 'conflicts-open':
      return {
        title: t`Chọn từng ô có hai bản khác nhau`,
        body: t`Cơ quan đã sửa ô này sau khi mở hồ sơ ở đây. Bản nháp còn nguyên.`,
      }
    case 'too-large':
      return {
        title: t`Bỏ bớt hoặc giảm dung lượng tệp`,
        body: t`Hồ sơ lớn hơn mức một gói chứa được. Bản nháp còn nguyên.`,
        code: 'GUI-02',
      }
    case 'not-enrolled':
    case 'gateway-key-invalid':
      return {
        title: t`Báo người phụ trách`,
        body: t`Máy này chưa ghi danh xong với máy chủ nên chưa đóng gói được. Bản nháp còn nguyên.`,
        code: 'GUI-03',
      }
    case 'dossier-invalid':
      return { title: t`Xem lại các ô đã khai`, body: t`Hồ sơ còn chỗ chưa đúng dạng. Bản nháp còn nguyên.`, code: 'GUI-04' }
    case 'station-unavailable':
      return {
        title: t`Mở lại chương trình Trạm trên máy này`,
        body: t`Chương trình Trạm không trả lời nên chưa ký được gói hồ sơ. Bản nháp còn nguyên.`,
        code: 'GUI-05',
      }
    default:
      return { title: t`Bấm gửi lại một lần nữa`, body: t`Hồ sơ chưa đóng gói được. Bản nháp còn nguyên.`, code: 'GUI-06' }
  }
}

/** Read out and compared three by three; copied it is the number itself. */
const InThrees = ({ digits }: { digits: string }) =>
  Array.from({ length: Math.ceil(digits.length / 3) }, (_, group) => 3 * group).map((from) => (
    <span key={from} className="three">
      {digits.slice(from, from + 3)}
    </span>
  ))

export const ReviewStep = ({ context, send, correction }: Props) => {
  const { procedure, answers, attachments, consents } = context
  const day = { today: todayInVietnam(context.now()) }
  const [declaration, setDeclaration] = useState(false)
  const asked = askedPapers(procedure, answers, day)
  const proposed = proposedFields(context)
  const names = proposed.map((field) => fieldName(procedure, field)).join(', ')
  return (
    <div className="stack">
      {context.failure === null ? null : <Message kind="error" message={failureMessage(context.failure)} />}
      <DeadlineLines procedure={procedure} answers={answers} now={context.now()} />
      <p>{t`Đọc lại cùng người dân. Sửa chỗ nào thì quay về đây ngay.`}</p>
      {proposed.length === 0 ? null : (
        <p className="doubt" data-testid="proposed">
          {t`Máy đề xuất ${proposed.length} ô, chưa ai gõ: ${names}. Gửi là xác nhận các ô này đúng.`}
        </p>
      )}
      {procedure.steps.map((step) => (
        <section key={step.id} className="card" aria-labelledby={`review-${step.id}`}>
          <div className="row spread">
            <h2 id={`review-${step.id}`}>{say(step.title)}</h2>
            <EditButton title={say(step.title)} onPress={() => send({ type: 'GO_TO', place: step.id })} />
          </div>
          <dl className="answers">
            {visibleFields(procedure, step.id, answers, day).map((field) => {
              const value = shownValue(field, printedValue(field, answers))
              const provenance = provenanceWords(answers[field.id])
              return (
                <div key={field.id}>
                  <dt>{fieldName(procedure, field)}</dt>
                  <dd className={value === '' ? 'note' : ''} data-testid={`answer-${field.id}`}>
                    {value === '' ? (
                      t`Chưa khai`
                    ) : field.type === 'personal-number' && /^\d+$/.test(value) ? (
                      <InThrees digits={value} />
                    ) : (
                      value
                    )}
                  </dd>
                  <dd className={`note${provenance?.fromCard === true ? ' card-source' : ''}`}>{provenance?.words ?? ''}</dd>
                </div>
              )
            })}
          </dl>
        </section>
      ))}
      {asked.length === 0 ? null : (
        <section className="card" aria-labelledby="review-papers">
          <div className="row spread">
            <h2 id="review-papers">{placeTitle(context, 'papers')}</h2>
            <EditButton title={placeTitle(context, 'papers')} onPress={() => send({ type: 'GO_TO', place: 'papers' })} />
          </div>
          <dl className="answers">
            {asked.map((paper) => {
              const files = attachments.filter((each) => each.paperId === paper.id)
              return (
                <div key={paper.id}>
                  <dt>{say(paper.name)}</dt>
                  <dd className={files.length === 0 ? 'note' : ''}>
                    {files.length === 0
                      ? t`Chưa thêm`
                      : files.map((file) => `✓ ${file.fileName} ${megabytes(file.size)}`).join(' · ')}
                  </dd>
                  <dd className="note" />
                </div>
              )
            })}
          </dl>
        </section>
      )}
      {correction ? null : (
        <>
          <section className="card stack" aria-labelledby="review-consents">
            <h2 id="review-consents">{t`Người dân đồng ý từng mục đích`}</h2>
            <p className="note">{t`Đọc từng mục cho người dân. Chỉ đánh dấu khi người dân nói đồng ý.`}</p>
            {askedConsents(context).map((consent) => (
              <div key={consent.id} data-field={`consent-${consent.id}`}>
                <Checkbox
                  className="tick"
                  isSelected={consents.some((each) => each.id === consent.id && each.given)}
                  onChange={(given) => send({ type: 'CONSENT', id: consent.id, given })}
                >
                  {({ isSelected }) => (
                    <>
                      <span className="box" aria-hidden="true">
                        {isSelected ? '✓' : ''}
                      </span>
                      <span>
                        {say(consent.purpose)}{' '}
                        <span className="note">{consent.required ? t`(cần để nộp hồ sơ)` : t`(tuỳ người dân)`}</span>
                      </span>
                    </>
                  )}
                </Checkbox>
              </div>
            ))}
          </section>
          <section className="card stack">
            <div>
              <h2>{say(procedure.declaration.title)}</h2>
              {procedure.declaration.oath === undefined ? null : <p>{say(procedure.declaration.oath)}</p>}
              <p className="note">{procedure.declaration.form}</p>
            </div>
            <div className="row">
              <Button testId="show-declaration" onPress={() => setDeclaration(true)}>
                {t`Xem và in tờ khai`}
              </Button>
            </div>
          </section>
        </>
      )}
      {declaration ? (
        <DeclarationDialog procedure={procedure} answers={answers} day={day} onClose={() => setDeclaration(false)} />
      ) : null}
    </div>
  )
}

const EditButton = ({ title, onPress }: { title: string; onPress: () => void }) => (
  <Button small onPress={onPress}>
    {t`Sửa`} <span className="visually-hidden">{title}</span>
  </Button>
)
