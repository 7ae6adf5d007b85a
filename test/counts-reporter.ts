import type { Reporter, TestModule } from "vitest/node";

/** Closes a test run with one plain line that any gate can read: `N passed, N failed`. */
export function countsReporter(): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]) {
      let passed = 0;
      let failed = unhandledErrors.length;
      let skipped = 0;
      for (const module of modules) {
        if (module.errors().length > 0) failed += module.errors().length;
        for (const test of module.children.allTests()) {
          const { state } = test.result();
          if (state === "passed") passed += 1;
          else if (state === "failed") failed += 1;
          else skipped += 1;
        }
      }
      const tail = skipped > 0 ? `, ${skipped} skipped` : "";
      process.stdout.write(`\n${passed} passed, ${failed} failed${tail}\n`);
    },
  };
}
