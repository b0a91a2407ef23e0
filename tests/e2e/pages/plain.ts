/** A page that holds nothing. */
Object.assign(globalThis, { vault: Promise.resolve(true) })
