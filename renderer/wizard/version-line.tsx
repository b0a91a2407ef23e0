/** A dossier keeps the version it was begun with. When that has ended, every page says so, with the last day on which it is taken. */
import { t } from '@lingui/core/macro'
import type { Procedure } from '../../contracts/procedure.ts'
import { printedDay } from '../../procedures/rules/index.ts'
import { lastDayTaken, versionState } from '../../procedures/versions.ts'

export const VersionLine = ({ procedure, today }: { procedure: Procedure; today: string }) => {
  const { effectiveUntil } = procedure
  const last = lastDayTaken(procedure)
  if (effectiveUntil === undefined || last === undefined || versionState(procedure, today) !== 'ended') return null
  const ended = printedDay(effectiveUntil)
  const taken = printedDay(last)
  return (
    <p className="version-ended" data-testid="version-ended">
      {today <= last
        ? t`Mẫu tờ khai này đã hết hiệu lực ngày ${ended}. Hồ sơ bắt đầu trước đó còn được nhận đến hết ngày ${taken}.`
        : t`Mẫu tờ khai này đã hết hiệu lực ngày ${ended} và không còn được nhận. Lập hồ sơ mới theo mẫu đang dùng.`}
    </p>
  )
}
