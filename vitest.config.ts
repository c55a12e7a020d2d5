import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Projects of one group run at once, on as many workers; the next group waits. */
const project = (name: string, include: string[], testTimeout: number, groupOrder: number, maxWorkers: number) => ({
  test: {
    name,
    include,
    testTimeout,
    maxWorkers,
    sequence: { groupOrder },
    hookTimeout: 900_000,
    // A poll ends as soon as it holds; a loaded machine may need more than the default second.
    expect: { poll: { timeout: 60_000 } },
    ...(name === 'unit' ? {} : { globalSetup: ['test/support/engine-setup.ts'] }),
  },
})

export default defineConfig({
  test: {
    projects: [
      // Forks, not threads: some tests look at the memory of their own process.
      project(
        'unit',
        ['test/electron/**/*.test.ts', 'test/renderer/**/*.test.ts'],
        300_000,
        1,
        Math.max(2, Math.min(4, availableParallelism())),
      ),
      // One file waits for the engine's disk while the other one computes. More than two would only wait for each other.
      project('engine', ['test/engine/**/!(ending).test.ts'], 900_000, 2, 2),
      project('e2e', ['test/e2e/**/*.test.ts'], 600_000, 2, 2),
      // It looks at everything that Cutaway has in the engine, so nothing else may run there.
      project('engine-alone', ['test/engine/ending.test.ts'], 900_000, 3, 1),
    ],
  },
})
