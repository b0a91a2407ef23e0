/** Which scanner this station listens to, and a trial: "quét mã thử" says whether letters come through. */
import { t } from '@lingui/core/macro'
import { useCallback, useEffect, useState } from 'react'
import type { ScanFailure, ScannerConfiguration, ScannerDevice, ScannerStatus, SerialSettings } from '../../contracts/scan.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { stationGoneMessage } from '../app/words.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceColumn } from '../ui/choice-column.tsx'
import { type MachineMessage, Message } from '../ui/message.tsx'
import { troubleMessage } from './card-words.ts'
import type { ReadCode } from './read-code.ts'

type Props = {
  station: StationApi
  status: ScannerStatus | null
  /** The last code that came while this is open. */
  trial: ReadCode | null
  onClose: () => void
}

const speeds: readonly SerialSettings['baudRate'][] = [9600, 19_200, 38_400, 57_600, 115_200, 4800, 2400, 1200]

const keyOf = (configuration: ScannerConfiguration): string =>
  configuration.type === 'serial'
    ? `serial ${configuration.path}`
    : configuration.type === 'hid-pos'
      ? `hid-pos ${configuration.vendorId ?? ''} ${configuration.productId ?? ''}`
      : configuration.type

export const ScannerSetup = ({ station, status, trial, onClose }: Props) => {
  const [devices, setDevices] = useState<ScannerDevice[]>([])
  const [failure, setFailure] = useState<MachineMessage | null>(null)
  const configuration = status?.configuration
  const told = useCallback((error: ScanFailure) => setFailure(troubleMessage(error.type)), [])

  const look = useCallback(() => {
    void station.call('listScannerDevices', {}).then((answer) => {
      if (!answer.ok) setFailure(stationGoneMessage())
      else if (answer.value.ok) setDevices(answer.value.value)
      else told(answer.value.error)
    })
  }, [station, told])
  useEffect(look, [look])

  const choose = (next: ScannerConfiguration): void => {
    setFailure(null)
    void station.call('configureScanner', { configuration: next }).then((answer) => {
      if (!answer.ok) setFailure(stationGoneMessage())
      else if (!answer.value.ok) told(answer.value.error)
    })
  }

  const fixed: ScannerDevice[] = [
    ...(status?.specimens === undefined ? [] : [{ name: t`Máy quét mô phỏng`, configuration: { type: 'simulated' as const } }]),
    { name: t`Máy quét HID POS đầu tiên cắm vào máy`, configuration: { type: 'hid-pos' } },
    { name: t`Máy quét gõ như bàn phím`, configuration: { type: 'keyboard' } },
    { name: t`Không dùng máy quét`, configuration: { type: 'none' } },
  ]
  const known = [...devices, ...fixed]
  const present = configuration === undefined ? undefined : keyOf(configuration)
  const choices =
    configuration === undefined || known.some((each) => keyOf(each.configuration) === present)
      ? known
      : [{ name: status?.name || keyOf(configuration), configuration }, ...known]

  return (
    <div className="stack" data-testid="scanner-setup">
      {failure === null ? null : <Message kind="error" message={failure} />}
      <ChoiceColumn
        label={t`Dùng máy quét nào?`}
        value={present ?? null}
        onChange={(key) => {
          const device = choices.find((each) => keyOf(each.configuration) === key)
          if (device !== undefined) choose(device.configuration)
        }}
        choices={choices.map(({ name, configuration: each }) => ({ value: keyOf(each), text: name }))}
      />
      {configuration?.type === 'serial' ? (
        <div className="field">
          <label htmlFor="scanner-speed">{t`Tốc độ cổng`}</label>
          <select
            id="scanner-speed"
            className="control"
            value={configuration.settings.baudRate}
            onChange={(event) => {
              const baudRate = speeds.find((speed) => speed === Number(event.target.value))
              if (baudRate !== undefined) choose({ ...configuration, settings: { ...configuration.settings, baudRate } })
            }}
          >
            {speeds.map((speed) => (
              <option key={speed} value={speed}>
                {speed}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {configuration?.type === 'keyboard' ? (
        <p className="note">
          {t`Máy quét gõ như bàn phím dễ bị bộ gõ tiếng Việt đổi chữ. Nên đặt máy quét sang chế độ serial hoặc HID-POS theo sách của máy.`}
        </p>
      ) : null}
      <section className="stack" aria-labelledby="scanner-trial">
        <h3 id="scanner-trial">{t`Quét mã thử`}</h3>
        <Trial status={status} trial={trial} />
      </section>
      <div className="row">
        <Button kind="primary" onPress={onClose}>
          {t`Xong`}
        </Button>
        <Button kind="quiet" onPress={look}>
          {t`Tìm lại máy quét`}
        </Button>
      </div>
    </div>
  )
}

const Trial = ({ status, trial }: { status: ScannerStatus | null; trial: ReadCode | null }) => {
  if (status?.failure !== undefined && trial === null)
    return <Message kind="warning" message={troubleMessage(status.failure.type)} />
  if (trial === null) return <p>{t`Quét mã QR của một thẻ căn cước. Kết quả hiện ở đây và không được lưu.`}</p>
  if (trial.type === 'card-qr') {
    const { fullName, residence } = trial.qr
    return (
      <div className="message" role="status" data-testid="scanner-trial-good">
        <p>
          <strong>{t`Quét đúng, đủ dấu.`}</strong> {fullName} · {residence}
        </p>
      </div>
    )
  }
  if (trial.type === 'number') {
    return <p role="status">{t`Mã này chỉ có 12 số. Quét QR của thẻ căn cước để thử cả chữ có dấu.`}</p>
  }
  return <Message kind="warning" message={troubleMessage(trial.trouble)} />
}
