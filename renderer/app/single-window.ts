/** One window writes: the first to hold this lock works, any other waits for it and says so. The lock ends with the window, however it ends. */
const lockName = 'tram-kiosk-window'

export type WindowClaim = { held: Promise<void>; ahead: Promise<boolean> }

/** `ahead` tells whether another window was there first; `held` resolves when this one may work. */
export const claimWindow = (locks: LockManager): WindowClaim => {
  let hold: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    hold = resolve
  })
  const never = new Promise<never>(() => undefined)
  const ahead = new Promise<boolean>((resolve) => {
    void locks.request(lockName, { ifAvailable: true }, async (lock) => {
      resolve(lock === null)
      if (lock !== null) {
        hold()
        await never
        return
      }
      void locks.request(lockName, async () => {
        hold()
        await never
      })
    })
  })
  return { held, ahead }
}
