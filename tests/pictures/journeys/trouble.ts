/** A store that is broken, rescued, and a station that went away. */
import * as clerk from '../../fixtures/clerk.ts'
import { type Journey, press } from './steps.ts'

export const trouble: Journey = {
  work: async (installation, look) => {
    const browser = await installation.openBrowser('browser', {
      prepare: (at) =>
        at.addInitScript(`{
          const { open } = IDBFactory.prototype
          IDBFactory.prototype.open = function (name, ...rest) {
            // Asked for with a version to work with it, without one to rescue what is in it; the passing one is another.
            if (localStorage.broken && rest.length > 0 && name !== 'tram-passing' && !name.includes('~')) throw new DOMException('damaged', 'UnknownError')
            return open.call(this, name, ...rest)
          }
        }`),
    })
    const { page } = browser
    await clerk.createOperator(page)
    await clerk.signIn(page)
    await page.evaluate('localStorage.broken = 1')
    await page.reload()
    await page.getByText('MAY-07').waitFor(clerk.mayTakeLong)
    await look(page, 'store-broken')
    await press(page, /cứu sang kho mới/)
    await clerk.signIn(page)
    await page.getByText('KHO-05').waitFor(clerk.mayTakeLong)
    await look(page, 'rescued')
    await installation.killStation()
    await page.getByTestId('station-gone').waitFor(clerk.mayTakeLong)
    await look(page, 'station-gone')
  },
}
