import { defineConfig } from "vitest/config";
import { countsReporter } from "./test/counts-reporter.ts";

const conditions = ["@claw/source", "module", "node", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@claw/source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", countsReporter()],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
