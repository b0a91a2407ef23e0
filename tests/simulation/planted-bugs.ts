/** Bugs of the kind which others shipped, to prove that the checker sees them. */
export const plantedBugs = [
  'delete-before-receipt',
  'no-unique',
  'retry-on-400',
  'ack-before-fsync',
  'relaxed-durability',
  'lease-never-ends',
  'counter-reuse',
  'receipt-not-verified',
  'plain-text-kept-after-receipt',
  'purged-before-receipt',
  'supplement-overtakes',
  'dropped-on-4xx',
  'backoff-without-cap',
  'take-back-race',
  'recall-not-durable',
  'update-skipped',
  'forgotten-not-asked',
] as const
export type PlantedBug = (typeof plantedBugs)[number]
