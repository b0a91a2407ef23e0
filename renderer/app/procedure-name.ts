import { catalogue } from '../../procedures/catalogue.ts'
import { say } from '../locales/locale.ts'

/** In the language of the screen; its code where this build no longer knows the procedure. */
export const procedureName = (code: string, version: string): string => {
  const procedure = catalogue.findListed(code, version)
  return procedure === undefined ? code : say(procedure.name)
}
