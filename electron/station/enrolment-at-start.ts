/**
 * A station that is enrolled by whoever starts it: the one-time code comes in its environment, which its own user alone can read; a command
 * line can be read by everybody on the machine.
 */
import { stationMethods } from '../../contracts/station-api.ts'
import { logShell } from './fault-log.ts'
import type { Station } from './station.ts'

export const enrolmentVariable = 'TRAM_ENROLMENT_CODE'

/** To be called before any other program is started: it takes the code out of what they inherit. */
export const takeEnrolmentCode = (environment: NodeJS.ProcessEnv = process.env): string | undefined => {
  const code = environment[enrolmentVariable]
  delete environment[enrolmentVariable]
  return code
}

/** Started again with the same code, a station that is enrolled simply goes on. */
export const enrolAtStart = async (station: Pick<Station, 'handle'>, code: string | undefined): Promise<void> => {
  if (code === undefined) return
  const answer = stationMethods.enrol.response.parse(await station.handle('enrol', { code }))
  if (answer.ok || answer.error.type === 'already-enrolled') return
  logShell({ event: 'not-enrolled', reason: answer.error.type, detail: answer.error.detail })
}
