// What a package's catalog of targets is written with. Loads no compiler: worker threads that are sent a
// core load the catalog again, for its programs.
export type { BlockHook } from "./checkers/blocks.ts";
export { watchPins } from "./checkers/pins.ts";
export type { RaceRule } from "./checkers/rules.ts";
export type { Core } from "./core.ts";
export type { SourceCore } from "./cores.ts";
export type { CrashProgram } from "./crashes.ts";
export type { Program } from "./explore.ts";
export { Failure, type FailureKind } from "./failure.ts";
export { perform } from "./history.ts";
export { type Call, findViolation, type Model, type Violation } from "./linearizability/check.ts";
export {
  checkMapHistory,
  type MapOperation,
  type ScanOptions,
} from "./linearizability/map-history.ts";
export {
  checkScanOrder,
  type MapInput,
  type MapOutput,
  mapModel,
  type ScanResult,
  scanAsReads,
  type Value,
} from "./linearizability/map-model.ts";
export type { Machine, MachineOptions } from "./machine/machine.ts";
export type { CallRecord, Operation, Run, ThreadProgram } from "./machine/program.ts";
export type { EquivalentMutant } from "./mutants/generator/equivalents.ts";
export { type Edit, edit, type Mutant, mutant } from "./mutants/mutant.ts";
export { type Generator, programOf, type Random } from "./sketches/generator.ts";
export { formatSketch, parseSketch, type Sketch } from "./sketches/sketch.ts";
export { defineTarget, type Target, type TargetOptions } from "./target.ts";
