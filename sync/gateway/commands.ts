/** `npm run gateway -- COMMAND ...`: the gateway and what one does beside it. */
const commands: Record<string, { words: string; run: (words: string[]) => Promise<unknown> }> = {
  run: { words: '[--port N] [--data DIR] ...', run: () => import('./main.ts') },
  'enrol-code': { words: '--point NAME --station NAME [--place COMMUNE] [--demo]', run: () => import('./enrol-code.ts') },
  recovery: { words: 'CHALLENGE [--again] [--caller-known]', run: async (words) => (await import('./desk.ts')).recovery(words) },
  stations: { words: '', run: async (words) => (await import('./desk.ts')).stations(words) },
  'set-place': { words: 'STATION-ID COMMUNE', run: async (words) => (await import('./desk.ts')).setPlace(words) },
  operators: { words: '', run: async (words) => (await import('./desk.ts')).operators(words) },
  'remove-operator': {
    words: 'OPERATOR-ID [--lose-drafts]',
    run: async (words) => (await import('./desk.ts')).removeOperatorById(words),
  },
  'ask-supplement': {
    words: 'CODE --reason TEXT [--field FIELD]... [--paper PAPER]... [--due dd/MM/yyyy]',
    run: async (words) => (await import('./agency-desk.ts')).askForSupplement(words),
  },
  'correct-answer': {
    words: 'CODE --field FIELD --value TEXT',
    run: async (words) => (await import('./agency-desk.ts')).correctAnswer(words),
  },
  'take-courier': {
    words: 'FILE [--url URL] [--receipts FILE]',
    run: async (words) => (await import('./take-courier.ts')).takeCourier(words),
  },
  'look-at': {
    words: 'FILE [--production]',
    run: async (words) => (await import('./look-at-courier.ts')).lookAtCourier(words),
  },
  'store-show': {
    words: "--why TEXT   (a citizen's number on standard input)",
    run: async (words) => (await import('./store-desk.ts')).showStored(words),
  },
  'store-erase': {
    words: "--why TEXT   (a citizen's number on standard input)",
    run: async (words) => (await import('./store-desk.ts')).eraseStored(words),
  },
  'store-audit': {
    words: '[--since yyyy-MM-dd] [--of]   (with --of the number on standard input)',
    run: async (words) => (await import('./store-desk.ts')).auditStore(words),
  },
  'rotate-keys': { words: '', run: async (words) => (await import('./desk.ts')).rotate(words) },
}

const [name = '', ...words] = process.argv.slice(2)
const command = commands[name]
if (command === undefined) {
  console.error('npm run gateway -- COMMAND [--data DIR]')
  for (const [each, { words: usage }] of Object.entries(commands)) console.error(`  ${each} ${usage}`)
  process.exitCode = 2
} else {
  // The programs among them read their own words from the process.
  process.argv.splice(2, 1)
  await command.run(words)
}
