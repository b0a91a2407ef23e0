/** npm scripts run under the Node of node_modules; where install scripts were blocked they silently run the system's. Say so at once. */
const wanted = 24
const major = Number(process.versions.node.split('.')[0])
if (major < wanted) {
  console.error(
    `Trạm needs Node ${wanted}, this is ${process.versions.node}. Run "npm ci" again with install scripts allowed for "node".`,
  )
  process.exit(1)
}

export {}
