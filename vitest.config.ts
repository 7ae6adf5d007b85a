import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { countsReporter } from "./test/counts-reporter.ts";

const conditions = ["@claw/source", "module", "node", "default"];
const all = ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"];
const program = "packages/claw-cli/test/**/*.test.ts";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@claw/source"] } },
  test: {
    reporters: ["default", countsReporter()],
    // Most tests wait for other processes: one worker for each core but one, but two of them at least.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: "program", include: [program], globalSetup: "packages/claw-cli/test/keep-code.ts" },
      },
      { extends: true, test: { name: "library", include: [...all], exclude: [program] } },
    ],
  },
});
