/** Completing an address of e-mail once its @ is typed. Nothing is completed unless it is chosen. */

/** What people here have most; the office's own at the end. */
const domains = ['gmail.com', 'yahoo.com', 'yahoo.com.vn', 'icloud.com', 'outlook.com', 'hotmail.com', 'vnpost.vn']

export const completeEmail = (typed: string): string[] => {
  const [, name = '', begun = ''] = /^([^\s@]+)@([^\s@]*)$/.exec(typed.trim()) ?? []
  if (name === '') return []
  const lower = begun.toLowerCase()
  return domains.filter((domain) => domain.startsWith(lower) && domain !== lower).map((domain) => `${name}@${domain}`)
}
