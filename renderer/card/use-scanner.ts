/** Codes for the open card dialog, whichever way they come: from the station's scanner, or typed by one that plays a keyboard. */
import { useEffect, useRef, useState } from 'react'
import type { ScannerStatus } from '../../contracts/scan.ts'
import type { StationApi } from '../../contracts/station-api.ts'
import { createKeyboardWedge } from './keyboard-wedge.ts'
import { type ReadCode, readCode, readTypedCode } from './read-code.ts'

export type CodeOrigin = 'scanner' | 'keyboard'

/** Returns how the station's scanner is; null until it is known. */
export const useScanner = (station: StationApi, onCode: (code: ReadCode, origin: CodeOrigin) => void): ScannerStatus | null => {
  const [status, setStatus] = useState<ScannerStatus | null>(null)
  const latest = useRef(onCode)
  latest.current = onCode

  useEffect(() => {
    void station.call('describeScanner', {}).then((answer) => {
      if (answer.ok) setStatus(answer.value)
    })
    return station.onEvent((event) => {
      if (event.type === 'scanner') setStatus(event.status)
      if (event.type !== 'scan') return
      latest.current(
        event.scan.ok ? readCode(event.scan.value.text) : { type: 'trouble', trouble: event.scan.error.type },
        'scanner',
      )
    })
  }, [station])

  useEffect(() => {
    const wedge = createKeyboardWedge()
    const onKeyDown = (event: KeyboardEvent): void => {
      const code = wedge.take({
        key: event.key,
        at: event.timeStamp,
        composing: event.isComposing || event.keyCode === 229,
        alt: event.altKey,
        control: event.ctrlKey || event.metaKey,
      })
      if (code === null) return
      // The key that ended the code is the scanner's, not a person's.
      event.preventDefault()
      event.stopPropagation()
      const { activeElement } = document
      const field = activeElement instanceof HTMLInputElement ? activeElement.value : ''
      latest.current(readTypedCode(code.text, field, code.disturbed), 'keyboard')
    }
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [])

  return status
}
