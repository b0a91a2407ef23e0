/** Loaded before each npm script (node --import). Where install scripts were blocked, npm silently runs the system's Node: say so at once. */
const wanted = 24
const major = Number(process.versions.node.split('.')[0])
if (major < wanted) {
  console.error(
    `Trạm needs Node ${wanted}, this is ${process.versions.node}. Run "npm ci" again with install scripts allowed for "node".`,
  )
  process.exit(1)
}
