// interleave: explores the targets of a workspace's catalogs from the command line.
import { relative } from "node:path";
import type { CoreData } from "../core.ts";
import type { CrashExploration } from "../crashes.ts";
import { Explorer, type Finding, type Program } from "../explore.ts";
import { describeHistory } from "../history.ts";
import { type HuntResult, mergeHunts } from "../hunt.ts";
import { parseSchedule } from "../schedule.ts";
import { programOf } from "../sketches/generator.ts";
import type { GeneratedProgress } from "../sketches/hunt.ts";
import { parseSketch } from "../sketches/sketch.ts";
import type { Target } from "../target.ts";
import { findTargets, type Listed, loadEquivalents, targetNamed } from "./catalogs.ts";
import { count, describeProgress, reportGenerated } from "./generated.ts";
import { hunting } from "./generated-mutants.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { InOrder, runJobs } from "./pool.ts";
import { type Explored, Progress, Tally } from "./progress.ts";
import type { CrashJob, ExploreJob, GeneratedJob, GeneratedResult, MutantJob } from "./worker.ts";

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Does what a command line asks for, and gives the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    process.stderr.write(`interleave: ${(error as Error).message}\n`);
    return 2;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  if (typeof options === "string") {
    process.stderr.write(`interleave: ${options}\n--help shows what can be given.\n`);
    return 2;
  }
  const all = await findTargets(process.cwd(), options.catalogs);
  const chosen = options.target === undefined ? all : [targetNamed(options.target, all)];
  if (options.command === "list") return list(chosen);
  if (options.command === "crashes") return crashes(chosen, options);
  if (options.command === "mutants" && options.isGenerated)
    return generatedMutants(chosen, options);
  if (options.command === "mutants") return mutants(chosen, options);
  if (options.replay !== undefined) return replay(chosen, options, options.replay);
  if (options.isGenerated) return generated(chosen, options);
  return explore(chosen, options);
}

function list(chosen: readonly Listed[]): number {
  for (const { target } of chosen) {
    const { name, mutants } = target;
    for (const program of target.programs()) print(`${name}  program  ${program.name}`);
    for (const { program } of target.crashes()) print(`${name}  crashes  ${program.name}`);
    for (const mutant of mutants) print(`${name}  mutant   ${mutant.name}`);
  }
  return 0;
}

function programsOf(target: Target, { program }: Options): Program[] {
  return target.programs().filter(({ name }) => name.includes(program));
}

async function explore(chosen: readonly Listed[], options: Options): Promise<number> {
  let failed = false;
  let hasPrograms = false;
  for (const { target, catalog } of chosen) {
    const programs = programsOf(target, options).map(({ name }) => name);
    if (programs.length === 0) continue;
    hasPrograms = true;
    const { jobs: lanes, budget } = options;
    const shares = Math.min(lanes, programs.length);
    const jobs = Array.from({ length: shares }, (_, share): ExploreJob => {
      const some = programs.filter((_, index) => index % shares === share);
      return { kind: "explore", target: target.name, catalog, programs: some, budget };
    });
    const results: HuntResult[] = [];
    const progress = new Progress(process.stderr);
    const { name } = target;
    const tally = new Tally({
      target: name,
      programs: programs.length,
      rounds: budget.rounds.length,
    });
    const onProgress = (explored: Explored): void => {
      tally.add(explored);
      progress.update(() => String(tally));
    };
    progress.begin(`${name}: compiling`);
    try {
      await runJobs(jobs, { lanes, core: await dataOf(target), onProgress }, (outcome) => {
        if ("error" in outcome) throw new Error(outcome.error);
        results.push(outcome.result);
      });
    } finally {
      progress.clear();
    }
    const total = mergeHunts(results);
    report(target, total, options);
    failed ||= total.findings.length > 0;
  }
  if (!hasPrograms) throw nothing("program", options.program, options);
  return failed ? 1 : 0;
}

/** The error for options that match nothing. */
function nothing(what: string, text: string, { target }: Options): Error {
  const of = target === undefined ? "" : ` of ${target}`;
  const named = text === "" ? "" : ` whose name contains '${text}'`;
  const self = relative(process.cwd(), process.argv[1]!);
  return new Error(`there is no ${what}${of}${named}: 'node ${self} list' lists them all`);
}

/** The target's core, without the parts that cannot be sent to a thread. */
async function dataOf(target: Target): Promise<CoreData> {
  return dataOfCore(await target.compile());
}

function dataOfCore({ sites, watched, globals, module, sourceMap }: CoreData): CoreData {
  return { sites, watched, globals, module, sourceMap };
}

/** Explores programs that are drawn, and tells what they have covered. */
async function generated(chosen: readonly Listed[], options: Options): Promise<number> {
  const some = chosen.filter(({ target }) => target.generator !== undefined);
  if (some.length === 0) throw new Error("nothing draws programs of the chosen target");
  const { jobs: lanes, seed, minutes } = options;
  const seconds = (minutes * 60) / some.length;
  let failed = false;
  for (const { target, catalog } of some) {
    const { name } = target;
    const jobs = Array.from({ length: lanes }, (_, lane): GeneratedJob => {
      return { kind: "generated", target: name, catalog, seed: seed + lane, seconds };
    });
    const results: GeneratedResult[] = [];
    const progress = new Progress(process.stderr);
    const last = new Map<GeneratedJob, GeneratedProgress>();
    const onProgress = (now: GeneratedProgress, job: GeneratedJob): void => {
      last.set(job, now);
      progress.update(() => `${name}: ${describeProgress([...last.values()])}`);
    };
    progress.begin(`${name}: compiling`);
    const core = await target.compile();
    try {
      await runJobs(jobs, { lanes, core: dataOfCore(core), onProgress }, (outcome) => {
        if ("error" in outcome) throw new Error(outcome.error);
        results.push(outcome.result);
      });
    } finally {
      progress.clear();
    }
    reportGenerated(name, core, seed, results).forEach(print);
    for (const { finding } of results) {
      if (finding !== undefined) printFinding(target, finding, "--generated ");
      failed ||= finding !== undefined;
    }
  }
  return failed ? 1 : 0;
}

async function crashes(chosen: readonly Listed[], options: Options): Promise<number> {
  const { program: text, budget, seed, jobs: lanes } = options;
  let failed = false;
  let hasPrograms = false;
  for (const { target, catalog } of chosen) {
    const names = target.crashes().map(({ program }) => program.name);
    const jobs = names
      .filter((name) => name.includes(text))
      .map(
        (program): CrashJob => ({
          kind: "crashes",
          target: target.name,
          catalog,
          program,
          budget,
          seed,
        }),
      );
    if (jobs.length === 0) continue;
    hasPrograms = true;
    const totals = { points: 0, complete: 0, findings: 0 };
    const inOrder = new InOrder<CrashJob, CrashExploration>(jobs, (result, { program }) => {
      const { points, steps, finding, complete } = result;
      totals.points += points;
      if (complete) totals.complete++;
      const all = complete ? "all" : "the first";
      print(`${target.name}: ${program}: ${all} ${points} crash points, ${steps} steps`);
      if (finding === undefined) return;
      totals.findings++;
      printFinding(target, finding);
    });
    await runJobs(jobs, { lanes, core: await dataOf(target) }, (outcome, job) => {
      if ("error" in outcome) throw new Error(outcome.error);
      inOrder.end(outcome.result, job);
    });
    const { points, complete, findings } = totals;
    print(
      `${target.name}: ${count(jobs.length)} programs, ${count(points)} crash points, ` +
        `every crash point of ${count(complete)} programs, ${findings} findings`,
    );
    failed ||= findings > 0;
  }
  if (!hasPrograms) throw nothing("program in which threads die", text, options);
  return failed ? 1 : 0;
}

function printFinding({ name }: Target, { program, failure, schedule }: Finding, more = ""): void {
  print(`\n  ${program}\n  ${failure.kind}: ${failure.message}`);
  print(`  ${more}--target ${name} --program ${quote(program)} --replay=${quote(schedule)}\n`);
}

function report(target: Target, result: HuntResult, { seed, weak }: Options): void {
  const { programs, schedules, steps, seconds, findings, exhausted, allowed, outOfTime } = result;
  const rate = count(Math.round(steps / Math.max(seconds, 0.001)));
  print(
    `${target.name}: ${count(programs)} programs, ${count(schedules)} schedules, ${count(steps)} steps ` +
      `in ${seconds.toFixed(1)} s (${rate} steps/s), seed ${seed}, ${findings.length} findings`,
  );
  for (const [preemptions, complete] of Object.entries(exhausted)) {
    print(
      `  all schedules with up to ${preemptions} preemptions: ${complete} of ${programs} programs`,
    );
  }
  for (const [rule, times] of Object.entries(allowed)) print(`  allowed '${rule}': ${times} times`);
  if (weak > 0) print(`  reads that could have returned an older value: ${count(result.choices)}`);
  if (outOfTime) print("  out of time before all rounds were done");
  for (const finding of findings) printFinding(target, finding);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function replay(chosen: readonly Listed[], options: Options, text: string): Promise<number> {
  const schedule = parseSchedule(text);
  for (const { target } of chosen) {
    const [program, ...others] = programsNamed(target, options);
    if (program === undefined) continue;
    if (others.length > 0) throw new Error("--replay needs --program with the name of one program");
    const explorer = new Explorer(await target.compile(), program);
    const { failure, steps, history } = explorer.replay(schedule);
    const first = Math.max(1, steps - options.trace + 1);
    for (const step of explorer.machine.trace(first)) print(step);
    print("");
    for (const line of describeHistory(history)) print(line);
    print(failure === undefined ? "\nno failure" : `\n${failure.kind}: ${failure.message}`);
    return failure === undefined ? 0 : 1;
  }
  throw new Error(`there is no program '${options.program}'`);
}

async function generatedMutants(chosen: readonly Listed[], options: Options): Promise<number> {
  const catalogs = new Set(chosen.map(({ catalog }) => catalog));
  const equivalents = (await Promise.all([...catalogs].map(loadEquivalents))).flat();
  const { lines, failed } = await hunting(chosen, equivalents, options);
  for (const line of lines) print(line);
  return failed ? 1 : 0;
}

/** Those that the option names: best the one of just that name. */
function programsNamed(
  { generator, ...target }: Target,
  { program, isGenerated }: Options,
): Program[] {
  if (isGenerated) return generator ? [programOf(generator, parseSketch(program))] : [];
  const all = [...target.programs(), ...target.crashes().map((crash) => crash.program)];
  const named = all.filter(({ name }) => name === program);
  return named.length > 0 ? named : all.filter(({ name }) => name.includes(program));
}

async function mutants(chosen: readonly Listed[], options: Options): Promise<number> {
  const jobs: MutantJob[] = [];
  let hasMutants = false;
  for (const { target, catalog } of chosen) {
    const programs = programsOf(target, options).map(({ name }) => name);
    for (const { name } of target.mutants) {
      if (!name.includes(options.mutant)) continue;
      hasMutants = true;
      // Without a program, every mutant would survive.
      if (programs.length === 0) continue;
      const { budget } = options;
      jobs.push({ kind: "mutant", target: target.name, catalog, mutant: name, programs, budget });
    }
  }
  if (!hasMutants) throw nothing("mutant", options.mutant, options);
  if (jobs.length === 0) throw nothing("program with mutants", options.program, options);
  let caught = 0;
  await runJobs(jobs, { lanes: options.jobs }, (outcome, job) => {
    if ("error" in outcome) {
      print(`broken    ${job.mutant}: ${outcome.error}`);
      return;
    }
    const { findings, schedules, seconds } = outcome.result;
    const [finding] = findings;
    const effort = `${schedules.toLocaleString("en")} schedules, ${seconds.toFixed(1)} s`;
    if (finding === undefined) {
      print(`survived  ${job.mutant} (${effort})`);
    } else {
      caught++;
      const { failure, program, schedule } = finding;
      print(`caught    ${job.mutant} (${effort})`);
      print(`          ${failure.kind} in '${program}', schedule ${schedule}`);
    }
  });
  print(`caught ${caught} of ${jobs.length}`);
  return caught === jobs.length ? 0 : 1;
}
