/** Each about another child: a thousand times the same matter would be a thousand doubles to notice. */
import type { Answers } from '../../../../contracts/dossier.ts'

const letters = (index: number) => `M${String(index).replace(/\d/g, (digit) => 'ABCDEGHIKL'[Number(digit)] ?? '')}`

export const aboutChild = (answers: Answers & Record<'childName', Answers[string]>, index: number): Answers => ({
  ...answers,
  childName: { ...answers.childName, value: `${answers.childName.value} ${letters(index)}` },
})
