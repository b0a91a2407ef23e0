/**
 * Questions of one kind to the database, asked together: those that come while one is under way share the next. A queue that drains asks
 * the same small things for each of its packets.
 * Invariant: no answer is older than its question, so a station that was revoked a moment ago is revoked in it.
 */
export function createGathered<K, V>(
  ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): (key: K) => Promise<V | undefined> {
  type Asked = { key: K; resolve: (value: V | undefined) => void; reject: (error: unknown) => void }
  const mostAtOnce = 200
  const waiting: Asked[] = []
  let working = false

  const work = async () => {
    for (let batch = waiting.splice(0, mostAtOnce); batch.length > 0; batch = waiting.splice(0, mostAtOnce)) {
      try {
        const answers = await ask([...new Set(batch.map(({ key }) => key))])
        for (const { key, resolve } of batch) resolve(answers.get(key))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    working = false
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (working) return
      working = true
      // Those of this very moment go together too.
      queueMicrotask(() => void work())
    })
}
