/** The interpreter of procedure documents: pure, the same in the wizard and at the gateway. */
export {
  askedPapers,
  checkConsents,
  checkDossier,
  checkPapers,
  checkStep,
  type DossierContent,
  hasErrors,
  stepOfRule,
} from './check.ts'
export { entriesOf, findInList, foldForSearch } from './code-lists.ts'
export { dateInWords } from './date-in-words.ts'
export { todayInVietnam } from './dates.ts'
export { fillFromCard, type OfferedValue, offeredCopies } from './fill.ts'
export { maxAnswerLength, normalizeAnswer } from './normalise.ts'
export { type ProcedureInvalid, parseProcedure } from './parse-procedure.ts'
export {
  allFields,
  type Day,
  declaredAnswers,
  findField,
  findStep,
  isRequired,
  printedValue,
  stepOfField,
  visibleFields,
} from './visibility.ts'
