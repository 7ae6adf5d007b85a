import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { countsReporter } from "./test/counts-reporter.ts";

const conditions = ["@claw/source", "module", "node", "default"];
const all = ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"];
const program = ["packages/claw-cli/test/**/*.test.ts"];
const pure = ["packages/agent-{compact,permissions,provider}/test/**/*.test.ts"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@claw/source"] } },
  test: {
    reporters: ["default", countsReporter()],
    // Most tests wait for other processes: one worker for each core but one, but two of them at least.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A process for each file, except where there is nothing in a process that a file could leave for the next one: where
    // functions over data are tested, and where tests start the program. Projects run in the order of their names.
    projects: [
      { extends: true, test: { name: "library", include: all, exclude: [...program, ...pure] } },
      {
        extends: true,
        test: {
          name: "program",
          include: program,
          isolate: false,
          globalSetup: "packages/claw-cli/test/keep-code.ts",
        },
      },
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
    ],
  },
});
