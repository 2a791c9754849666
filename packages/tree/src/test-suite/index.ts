/**
 * `@masstree/tree/test-suite`: what every map of this family must do, as checks that run in any test runner. It
 * needs [fast-check](https://fast-check.dev), an optional peer dependency of this package.
 */

export { type MapCheck, mapChecks } from "./checks.ts";
export { ConformanceError, type Failure } from "./error.ts";
export { bigintKeys, bytesKeys, type KeyKind, numberKeys, stringKeys } from "./keys.ts";
export type { TestedCursor, TestedGuard, TestedMap, TestedRange } from "./map.ts";
export {
  type Capability,
  type ErrorCodes,
  type MapCapabilities,
  type MapSubject,
  orderedMapMethods,
  type ValueKind,
} from "./subject.ts";
export type { ThreadJob } from "./threads/job.ts";
export { runThread } from "./threads/run.ts";
