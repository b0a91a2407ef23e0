import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What waits for browsers and card services goes first, so that what only computes fills the processors beside and behind it. */
const order = ['e2e', 'virtual-reader', 'gateway', 'simulation', 'unit']
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project }: TestSpecification) => order.indexOf(project.name)
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

/**
 * Five kinds of tests: by themselves; in simulated time; with a PostgreSQL; with pcscd; with a browser or Electron. Every file of the
 * last three starts what it needs for itself, on free ports and in folders of its own, so two files run side by side.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: WaitingFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{contracts,procedures,hardware,renderer,electron}/**/*.test.{ts,tsx}',
            'sync/{packet,engine,vault,client}/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'gateway',
          include: ['sync/gateway/**/*.test.ts', 'tests/contract/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'virtual-reader',
          include: ['tests/virtual-reader/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
