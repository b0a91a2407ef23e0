/** A draft from outside the visit is opened while people are served: theirs too, or somebody else's. What is known of a family reaches no stranger. */
import { t } from '@lingui/core/macro'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

type Props = {
  /** Whose the draft is, by its own word. */
  label: string
  /** Of the visit that is going on. */
  names: readonly string[]
  /** Undefined: not opened. */
  onDecided: (theirs: boolean | undefined) => void
}

export const WhoseDossierDialog = ({ label, names, onDecided }: Props) => {
  const people = names.join(', ')
  return (
    <Dialog title={t`Chọn: hồ sơ này của ai?`} onClose={() => onDecided(undefined)} testId="whose-dossier">
      {label === '' ? null : <p>{t`Bản nháp này ghi tên ${label}.`}</p>}
      <p>{people === '' ? t`Lượt đang làm đã có hồ sơ khác.` : t`Lượt đang làm có hồ sơ của ${people}.`}</p>
      <p className="note">{t`Trong một lượt, hồ sơ sau lấy lại được những gì hồ sơ trước đã khai.`}</p>
      <div className="row">
        <Button kind="primary" onPress={() => onDecided(false)} autoFocus>
          {t`Của người khác, xong lượt trước`}
        </Button>
        <Button onPress={() => onDecided(true)}>{t`Cũng của những người này`}</Button>
      </div>
    </Dialog>
  )
}
