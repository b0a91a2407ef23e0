/** Decision 0004: conditions of procedure documents are interpreted. A page with a strict CSP and a hardened gateway both run them. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

describe('conditions of procedure documents', () => {
  it('run where code generation is forbidden', () => {
    const program = `
      import { catalogue } from ${JSON.stringify(new URL('../../procedures/catalogue.ts', import.meta.url).href)}
      import { checkDossier } from ${JSON.stringify(new URL('../../procedures/rules/index.ts', import.meta.url).href)}
      let forbidden = false
      try { new Function('return 1')() } catch { forbidden = true }
      const findings = catalogue.parseAll().procedures.map((procedure) => checkDossier(procedure, { answers: {}, attachments: [], consents: [] }, { today: '2026-11-22' }))
      console.log(JSON.stringify({ forbidden, found: findings[0].length > 5 }))`
    const output = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--input-type=module', '-e', program],
      {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        encoding: 'utf8',
        env: {},
      },
    )
    expect(JSON.parse(output)).toEqual({ forbidden: true, found: true })
  })
})
