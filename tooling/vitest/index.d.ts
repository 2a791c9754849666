import type { TestUserConfig, ViteUserConfigFnObject } from "vitest/config";

/**
 * The test settings of a package: `test/**\/*.test.ts`, or `test/**\/*.stress.ts` under
 * `test:stress`.
 *
 * @param options settings of vitest's `test` section that replace the shared ones; and `together`, a folder
 *   whose files share a process though `isolate` keeps the others apart
 */
export function preset(options?: TestUserConfig & { together?: string }): ViteUserConfigFnObject;
