// The explorer's parts; the README teaches how they fit together.
export { type AsyncifyOptions, asyncify } from "./asyncify.ts";
export * from "./catalog.ts";
export { BlockChecker } from "./checkers/blocks.ts";
export { RaceChecker, type RaceCheckerOptions } from "./checkers/race.ts";
export { type Compiled, type CompileOptions, compile } from "./compile.ts";
export { type CoreData, openCore } from "./core.ts";
export { compileCore } from "./cores.ts";
export { type CrashExploration, type CrashOptions, exploreCrashes } from "./crashes.ts";
export { type Exploration, Explorer, type Finding, type Strategy } from "./explore.ts";
export { compilerFlags } from "./flags.ts";
export { describeHistory } from "./history.ts";
export {
  type Budget,
  type BudgetName,
  budgetOf,
  budgetOfTests,
  type HuntResult,
  hunt,
  shareOf,
  withStaleReads,
} from "./hunt.ts";
export {
  type InstrumentedModule,
  type InstrumentOptions,
  instrument,
  type Site,
} from "./instrument.ts";
export { Machine } from "./machine/machine.ts";
export {
  type Candidate,
  candidatesOf,
  corePackages,
  keyOf,
} from "./mutants/generator/candidates.ts";
export { reasonsFor } from "./mutants/generator/equivalents.ts";
export { checkPlaces } from "./mutants/places.ts";
export { type CoreOptions, prepareCore } from "./prepare.ts";
export { randomNumbers } from "./random.ts";
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
export { Coverage, type CoverageData, type Covered } from "./sketches/coverage.ts";
export {
  type GeneratedFinding,
  type GeneratedHunt,
  type GeneratedHuntOptions,
  type GeneratedProgress,
  huntGenerated,
} from "./sketches/hunt.ts";
export { coreOf, coreWith } from "./target.ts";
export { Kind } from "./wasm/access.ts";
