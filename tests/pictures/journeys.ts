/** The ways through the kiosk's screens, each with an installation of its own, so that any can be walked alone. */
import { birth } from './journeys/birth.ts'
import { card, cardDoubts } from './journeys/card.ts'
import { deadlines } from './journeys/deadlines.ts'
import { forms } from './journeys/forms.ts'
import { home } from './journeys/home.ts'
import { papers } from './journeys/papers.ts'
import { people } from './journeys/people.ts'
import { queue } from './journeys/queue.ts'
import { refused } from './journeys/refused.ts'
import { rolledBack } from './journeys/rolled-back.ts'
import { signIn } from './journeys/sign-in.ts'
import { signature } from './journeys/signature.ts'
import type { Journey } from './journeys/steps.ts'
import { store } from './journeys/store.ts'
import { supplement } from './journeys/supplement.ts'
import { trouble } from './journeys/trouble.ts'

export const journeys: Readonly<Record<string, Journey>> = {
  'sign-in': signIn,
  home,
  birth,
  forms,
  card,
  'card-doubts': cardDoubts,
  papers,
  queue,
  deadlines,
  'rolled-back': rolledBack,
  supplement,
  store,
  trouble,
  people,
  refused,
  signature,
}
