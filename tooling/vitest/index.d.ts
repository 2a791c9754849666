import type { TestUserConfig, ViteUserConfigFnObject } from "vitest/config";

/**
 * The test settings of a package: `test/**\/*.test.ts`, or `test/**\/*.stress.ts` under
 * `test:stress`.
 *
 * @param overrides settings of vitest's `test` section that replace the shared ones
 */
export function preset(overrides?: TestUserConfig): ViteUserConfigFnObject;
