import { t } from '@lingui/core/macro'
import type { CardFailure, CardProgress } from '../../contracts/card.ts'
import { type CardTroubleType, cardFailureCatalogue } from '../../contracts/card-failure-catalogue.ts'
import { say } from '../locales/locale.ts'
import type { MachineMessage } from '../ui/message.tsx'

/** `number` is the personal number in use; only its end is ever shown. */
export const troubleMessage = (type: CardTroubleType, number?: string): MachineMessage => {
  const { title, whatHappened, whatToDo, code } = cardFailureCatalogue[type]
  const shown = number === undefined ? '' : ` (…${number.slice(-3)})`
  return { title: say(title), body: `${say(whatHappened).replace(' ({number})', shown)} ${say(whatToDo)}`, code }
}

export const cardMessage = (failure: CardFailure, number?: string): MachineMessage => troubleMessage(failure.type, number)

export const progressWords = (progress: CardProgress): string => {
  switch (progress.step) {
    case 'waiting-for-card':
      return t`Mời đặt thẻ lên đầu đọc`
    case 'connecting':
      return t`Đã thấy thẻ, giữ yên`
    case 'opening-chip':
      return t`Đang mở chip, giữ yên thẻ`
    case 'pausing':
      return t`Đợi chip một lát rồi thử tiếp, giữ yên thẻ`
    case 'reading-text':
      return t`Đang đọc phần chữ, giữ yên thẻ`
    case 'checking-chip':
      return t`Đang kiểm tra chip thật, giữ yên thẻ`
    case 'reading-proof':
      return t`Đang đọc chữ ký của nơi cấp, giữ yên thẻ`
    case 'reading-photo':
      return t`Đang đọc ảnh, giữ yên thẻ`
    case 'checking-data':
      return t`Đang đối chiếu chữ ký, có thể nhấc thẻ`
    case 'done':
      return t`Đã đọc xong, có thể nhấc thẻ`
  }
}

export const stageOf = (progress: CardProgress | null): 1 | 2 | 3 => {
  if (progress === null) return 1
  if (progress.step === 'waiting-for-card') return 1
  return progress.step === 'connecting' ? 2 : 3
}
