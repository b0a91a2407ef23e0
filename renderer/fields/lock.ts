import type { Answer } from '../../contracts/dossier.ts'

/** As the chip has it: no typing changes it until it was opened on purpose. */
export const isLocked = (answer: Answer | undefined): boolean => answer?.provenance.source === 'card' && answer.value !== ''
