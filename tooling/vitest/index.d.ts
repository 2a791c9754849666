import type { TestUserConfig, ViteUserConfigFnObject } from "vitest/config";

/**
 * The test settings of a package: `test/**\/*.test.ts`, or `test/**\/*.stress.ts` under
 * `test:stress`.
 *
 * @param options settings of vitest's `test` section that replace the shared ones; `together`, a folder whose
 *   files share a process though `isolate` keeps the others apart; and `stressed`, tests that `test:stress` runs too,
 *   with the second number that they pass to `runs`
 */
export function preset(
  options?: TestUserConfig & { together?: string; stressed?: string[] },
): ViteUserConfigFnObject;
