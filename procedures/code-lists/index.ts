/** The code lists: names as the registry prints them, with the other names people write. Data only; searching is procedures/rules. */
import { z } from 'zod'
import agencies from './agencies.json' with { type: 'json' }
import birthOrIdentityPapers from './birth-or-identity-papers.json' with { type: 'json' }
import ethnicGroups from './ethnic-groups.json' with { type: 'json' }
import identityPapers from './identity-papers.json' with { type: 'json' }
import insurancePaymentMethods from './insurance-payment-methods.json' with { type: 'json' }
import issuingAuthorities from './issuing-authorities.json' with { type: 'json' }
import nationalities from './nationalities.json' with { type: 'json' }
import relationsToChild from './relations-to-child.json' with { type: 'json' }
import relationsToHead from './relations-to-head.json' with { type: 'json' }
import relationsToPerson from './relations-to-person.json' with { type: 'json' }
import religionsOneStop from './religions-one-stop.json' with { type: 'json' }
import religionsPopulation from './religions-population.json' with { type: 'json' }

const CodeListEntry = z.object({ code: z.string().min(1), name: z.string().min(1), aliases: z.array(z.string().min(1)) })
export type CodeListEntry = z.infer<typeof CodeListEntry>

const CodeList = z.object({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  /** False while no public text confirms the list: it may suggest, and only `free` fields may use it. */
  verified: z.boolean(),
  entries: z.array(CodeListEntry).min(1),
})
export type CodeList = z.infer<typeof CodeList>

export const codeLists: Readonly<Record<string, CodeList>> = Object.fromEntries(
  [
    ethnicGroups,
    identityPapers,
    birthOrIdentityPapers,
    issuingAuthorities,
    nationalities,
    relationsToChild,
    relationsToHead,
    relationsToPerson,
    religionsPopulation,
    religionsOneStop,
    agencies,
    insurancePaymentMethods,
  ]
    .map((list) => CodeList.parse(list))
    .map((list) => [list.id, list]),
)
