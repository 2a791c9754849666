// The explorer's parts; the README teaches how they fit together.
export { type AsyncifyOptions, asyncify } from "./asyncify.ts";
export { BlockChecker, type BlockHook } from "./checkers/blocks.ts";
export { RaceChecker, type RaceCheckerOptions } from "./checkers/race.ts";
export type { RaceRule } from "./checkers/rules.ts";
export { type Compiled, type CompileOptions, compile } from "./compile.ts";
export { type Core, type CoreData, openCore } from "./core.ts";
export { type CrashExploration, type CrashOptions, exploreCrashes } from "./crashes.ts";
export {
  type Exploration,
  Explorer,
  type Finding,
  type Program,
  type Strategy,
} from "./explore.ts";
export { Failure, type FailureKind } from "./failure.ts";
export { type Budget, type BudgetName, budgetOf, type HuntResult, hunt } from "./hunt.ts";
export {
  type InstrumentedModule,
  type InstrumentOptions,
  instrument,
  type Site,
} from "./instrument.ts";
export { type Call, findViolation, type Model, type Violation } from "./linearizability/check.ts";
export {
  checkScanOrder,
  type MapInput,
  type MapOutput,
  mapModel,
  type ScanResult,
  scanAsReads,
  type Value,
} from "./linearizability/map-model.ts";
export { Machine, type MachineOptions } from "./machine/machine.ts";
export type { CallRecord, Operation, Run, ThreadProgram } from "./machine/program.ts";
export { type Edit, type Mutant, Patch } from "./mutants/mutant.ts";
export { type CoreOptions, prepareCore } from "./prepare.ts";
export { compilerFlags } from "./programs/flags.ts";
export {
  type Crash,
  type Decision,
  formatSchedule,
  parseSchedule,
  type Schedule,
} from "./schedule.ts";
export { ExhaustiveScheduler } from "./schedulers/exhaustive.ts";
export { PctScheduler } from "./schedulers/pct.ts";
export { RandomScheduler } from "./schedulers/random.ts";
export { ReplayScheduler, type Scheduler, type Situation } from "./schedulers/scheduler.ts";
export { Kind } from "./wasm/access.ts";
