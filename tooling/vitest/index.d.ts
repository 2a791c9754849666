import type { TestUserConfig, ViteUserConfigFnObject } from "vitest/config";

/**
 * The test settings of a package: `test/**\/*.test.ts`; under `test:stress`, `test/**\/*.stress.ts` and all of the
 * former that draw cases, which then draw more.
 *
 * @param options settings of vitest's `test` section that replace the shared ones; and `together`, a folder whose
 *   files share a process though `isolate` keeps the others apart
 */
export function preset(options?: TestUserConfig & { together?: string }): ViteUserConfigFnObject;
