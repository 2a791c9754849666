export { type InitialState, NodeVersions, type NodeVersionsOptions } from "./node-versions.ts";
export type { VersionState } from "./version-state.ts";
