/** The shells' log: one JSON line each on standard error. It takes names and reasons; bodies, tokens and personal data have no way in. */
export type ShellEvent = { event: string; reason?: string; detail?: string; method?: string; path?: string; status?: number }

export const logShell = (entry: ShellEvent): void => {
  console.error(JSON.stringify({ at: new Date().toISOString(), ...entry }))
}
