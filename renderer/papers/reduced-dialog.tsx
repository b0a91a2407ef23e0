import { t } from '@lingui/core/macro'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { PageView } from './page-view.tsx'
import { megabytes } from './paper-words.ts'
import type { TakenFile } from './take-file.ts'

type Props = { file: TakenFile; onUse: () => void; onClose: () => void }

/** What a reduced PDF looks like, before it is used. */
export const ReducedDialog = ({ file, onUse, onClose }: Props) => (
  <Dialog title={t`Xem thử tệp đã giảm`} onClose={onClose} testId="reduced-dialog" wide>
    <p>{t`Từ ${megabytes(file.reducedFrom ?? file.bytes.length)} còn ${megabytes(file.bytes.length)}. Chữ còn đọc được thì dùng.`}</p>
    <PageView bytes={file.bytes} mediaType={file.mediaType} name={file.fileName} />
    <div className="row">
      <Button kind="primary" onPress={onUse} testId="use-reduced">
        {t`Dùng tệp này`}
      </Button>
      <Button kind="quiet" onPress={onClose}>
        {t`Không dùng`}
      </Button>
    </div>
  </Dialog>
)
