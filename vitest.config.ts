import { defineConfig } from 'vitest/config'

const project = (name: string, include: string[], testTimeout: number) => ({
  // A poll ends as soon as it holds; a loaded machine may need more than the default second.
  test: { name, include, testTimeout, hookTimeout: 900_000, expect: { poll: { timeout: 15_000 } } },
})

export default defineConfig({
  test: {
    // Engine and browser tests share one daemon and two cores: files run one after the other.
    fileParallelism: false,
    projects: [
      project('unit', ['test/electron/**/*.test.ts', 'test/renderer/**/*.test.ts'], 20_000),
      project('engine', ['test/engine/**/*.test.ts'], 600_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 300_000),
    ],
  },
})
