/** The interpreter of procedure documents: pure, the same in the wizard and at the gateway. */
export {
  askedPapers,
  checkConsents,
  checkDossier,
  checkPapers,
  checkStep,
  type DossierContent,
  hasErrors,
  rulesWithRows,
  stepOfRule,
} from './check.ts'
export { entriesOf, findInList, foldForSearch } from './code-lists.ts'
export { holds } from './conditions.ts'
export { answersForCorrection } from './correction.ts'
export { printedDay, todayInVietnam } from './dates.ts'
export { derivedValue } from './derived.ts'
export {
  factsOfCard,
  factsOfPerson,
  fieldsOfPerson,
  fillFromCard,
  type OfferedValue,
  offeredCopies,
  type PersonFacts,
} from './fill.ts'
export { type AskedConsent, isKeepingConsent, isSpecimenNumber, keepingConsents, personsWhoKeep } from './keeping-consents.ts'
export { matterOf } from './matter.ts'
export { cutAt, maxAnswerLength, normalizeAnswer } from './normalise.ts'
export { proposalFor } from './propose.ts'
export { addRow, arrangeRows, groupOfPerson, personOfRow, readRowKey, rowCount } from './rows.ts'
export { withWholeYear } from './short-year.ts'
export { deadlinesOf, feeOf, stateAt } from './terms.ts'
export {
  allFields,
  type Day,
  declaredAnswers,
  fieldsWithRows,
  findField,
  findStep,
  isRequired,
  printedValue,
  shownValue,
  stepOfField,
  valuesOf,
  visibleFields,
} from './visibility.ts'
