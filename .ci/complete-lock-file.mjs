// Adds the lock file's entries for optional platform packages whose manifests the registry at hand did not serve
// (npm then writes a lock file which `npm ci` itself refuses as incomplete). Run it after every `npm install`.
// Versions are those the parents pin; os, cpu and libc are read off the package's name.
import fs from 'node:fs'

const patterns = {
  os: {
    android: /android/,
    darwin: /darwin|macos/,
    win32: /win32|windows/,
    freebsd: /freebsd/,
    openbsd: /openbsd/,
    openharmony: /openharmony/,
    linux: /linux/,
  },
  cpu: {
    wasm32: /wasm32/,
    arm64: /arm64|aarch64/,
    x64: /x64|x86_64/,
    ia32: /ia32|x86/,
    riscv64: /riscv64/,
    ppc64: /ppc64/,
    s390x: /s390x/,
    loong64: /loong64/,
    arm: /arm/,
  },
  libc: { musl: /musl/, glibc: /linux.*gnu/ },
}
const match = (kind, name) => Object.entries(patterns[kind]).find(([, pattern]) => pattern.test(name))?.[0]

const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'))
const packages = lock.packages

/** The nearest entry that Node would resolve `name` to from `from`, or undefined. */
function resolve(from, name) {
  for (let base = from; ; ) {
    const entry = packages[`${base ? `${base}/` : ''}node_modules/${name}`]
    if (entry || !base) return entry
    const parent = base.lastIndexOf('/node_modules/')
    base = parent < 0 ? '' : base.slice(0, parent)
  }
}

let added = 0
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const cpu = match('cpu', name.split('/').pop())
    const found = resolve(path, name)
    if (!/^\d/.test(version) || !cpu || found?.version === version) continue
    const os = match('os', name)
    const libc = match('libc', name)
    const folder = packages[`node_modules/${name}`] ? path.slice(0, path.lastIndexOf('node_modules/')) : ''
    packages[`${folder}node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev && { dev: true }),
      ...(libc && { libc: [libc] }),
      optional: true,
      ...(os && { os: [os] }),
    }
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
fs.writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} entries added`)
