/** Vietnamese is the source of every text; English is translated from it. */
import { defineConfig } from '@lingui/conf'
import { formatter } from '@lingui/format-po'

export default defineConfig({
  sourceLocale: 'vi',
  locales: ['vi', 'en'],
  catalogs: [{ path: '<rootDir>/renderer/locales/{locale}', include: ['renderer'] }],
  format: formatter({ lineNumbers: false }),
})
