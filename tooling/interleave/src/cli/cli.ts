#!/usr/bin/env node
// interleave: explores the cores of this repository from the command line.
import { relative } from "node:path";
import type { CoreData } from "../core.ts";
import type { CrashExploration } from "../crashes.ts";
import { Explorer, type Finding, type Program } from "../explore.ts";
import { type HuntResult, mergeHunts } from "../hunt.ts";
import { type Target, targetOf, targets } from "../programs/targets.ts";
import { describeHistory } from "../programs/tree-operations.ts";
import { parseSchedule } from "../schedule.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { InOrder, runJobs } from "./pool.ts";
import { type Explored, Progress, Tally } from "./progress.ts";
import type { CrashJob, ExploreJob, MutantJob } from "./worker.ts";

// A reader that has seen enough, such as `head`, closes the pipe: no reason to complain, nor to say that all is well.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 141 : 1);
});

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  if (typeof options === "string") {
    process.stderr.write(`interleave: ${options}\n--help shows what can be given.\n`);
    return 2;
  }
  const chosen = options.target === undefined ? targets : [targetOf(options.target)];
  if (options.command === "list") return list(chosen);
  if (options.command === "crashes") return crashes(chosen, options);
  if (options.command === "mutants") return mutants(chosen, options);
  if (options.replay !== undefined) return replay(chosen, options, options.replay);
  return explore(chosen, options);
}

function list(chosen: readonly Target[]): number {
  for (const { name, programs, crashes, mutants } of chosen) {
    for (const program of programs()) print(`${name}  program  ${program.name}`);
    for (const { program } of crashes()) print(`${name}  crashes  ${program.name}`);
    for (const mutant of mutants) print(`${name}  mutant   ${mutant.name}`);
  }
  return 0;
}

function programsOf(target: Target, { program }: Options): Program[] {
  return target.programs().filter(({ name }) => name.includes(program));
}

async function explore(chosen: readonly Target[], options: Options): Promise<number> {
  let failed = false;
  let hasPrograms = false;
  for (const target of chosen) {
    const programs = programsOf(target, options).map(({ name }) => name);
    if (programs.length === 0) continue;
    hasPrograms = true;
    const { jobs: lanes, budget } = options;
    const shares = Math.min(lanes, programs.length);
    const jobs = Array.from({ length: shares }, (_, share): ExploreJob => {
      const some = programs.filter((_, index) => index % shares === share);
      return { kind: "explore", target: target.name, programs: some, budget };
    });
    const results: HuntResult[] = [];
    const progress = new Progress(process.stderr);
    const { name } = target;
    const tally = new Tally({
      target: name,
      programs: programs.length,
      rounds: budget.rounds.length,
    });
    const onExplored = (explored: Explored): void => {
      tally.add(explored);
      progress.update(() => String(tally));
    };
    progress.begin(`${name}: compiling`);
    try {
      await runJobs(jobs, { lanes, core: await dataOf(target), onExplored }, (outcome) => {
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

/** The complaint that what was asked for has nothing to do. */
function nothing(what: string, text: string, { target }: Options): Error {
  const of = target === undefined ? "" : ` of ${target}`;
  const named = text === "" ? "" : ` whose name contains '${text}'`;
  const self = relative(process.cwd(), process.argv[1]!);
  return new Error(`there is no ${what}${of}${named}: 'node ${self} list' names them all`);
}

/** The target's core, without what cannot be sent to a thread. */
async function dataOf(target: Target): Promise<CoreData> {
  const { sites, watched, globals, module, sourceMap } = await target.compile();
  return { sites, watched, globals, module, sourceMap };
}

async function crashes(chosen: readonly Target[], options: Options): Promise<number> {
  const { program: text, budget, seed, jobs: lanes } = options;
  let failed = false;
  let hasPrograms = false;
  for (const target of chosen) {
    const names = target.crashes().map(({ program }) => program.name);
    const jobs = names
      .filter((name) => name.includes(text))
      .map(
        (program): CrashJob => ({ kind: "crashes", target: target.name, program, budget, seed }),
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
        `all of them for ${count(complete)} programs, ${findings} findings`,
    );
    failed ||= findings > 0;
  }
  if (!hasPrograms) throw nothing("program in which threads die", text, options);
  return failed ? 1 : 0;
}

const count = (value: number): string => value.toLocaleString("en");

function printFinding({ name }: Target, { program, failure, schedule }: Finding): void {
  print(`\n  ${program}\n  ${failure.kind}: ${failure.message}`);
  print(`  --target ${name} --program ${quote(program)} --replay ${quote(schedule)}\n`);
}

function report(target: Target, result: HuntResult, { seed }: Options): void {
  const { programs, schedules, steps, seconds, findings, exhausted, allowed, outOfTime } = result;
  const rate = count(Math.round(steps / Math.max(seconds, 0.001)));
  print(
    `${target.name}: ${count(programs)} programs, ${count(schedules)} schedules, ${count(steps)} steps ` +
      `in ${seconds.toFixed(1)} s (${rate} steps/s), seed ${seed}, ${findings.length} findings`,
  );
  for (const [preemptions, complete] of Object.entries(exhausted)) {
    print(
      `  every schedule of up to ${preemptions} preemptions: ${complete} of ${programs} programs`,
    );
  }
  for (const [rule, times] of Object.entries(allowed)) print(`  allowed '${rule}': ${times} times`);
  if (outOfTime) print("  the time was up before all rounds were done");
  for (const finding of findings) printFinding(target, finding);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function replay(chosen: readonly Target[], options: Options, text: string): Promise<number> {
  const schedule = parseSchedule(text);
  for (const target of chosen) {
    const all = [...target.programs(), ...target.crashes().map(({ program }) => program)];
    const named = all.filter(({ name }) => name === options.program);
    const [program, ...others] =
      named.length > 0 ? named : all.filter(({ name }) => name.includes(options.program));
    if (program === undefined) continue;
    if (others.length > 0) throw new Error("--replay needs the name of one program");
    const explorer = new Explorer(await target.compile(), program);
    const { failure, steps, history } = explorer.replay(schedule);
    const first = Math.max(1, steps - options.trace + 1);
    for (const step of explorer.machine.trace(first)) print(step);
    print("");
    for (const line of describeHistory(history)) print(line);
    print(failure === undefined ? "\nno failure" : `\n${failure.kind}: ${failure.message}`);
    return failure === undefined ? 0 : 1;
  }
  throw new Error(`no program is called '${options.program}'`);
}

async function mutants(chosen: readonly Target[], options: Options): Promise<number> {
  const jobs: MutantJob[] = [];
  let hasMutants = false;
  for (const target of chosen) {
    const programs = programsOf(target, options).map(({ name }) => name);
    for (const { name } of target.mutants) {
      if (!name.includes(options.mutant)) continue;
      hasMutants = true;
      // Without a program, every mutant would survive.
      if (programs.length === 0) continue;
      const { budget } = options;
      jobs.push({ kind: "mutant", target: target.name, mutant: name, programs, budget });
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`interleave: ${error.message}\n`);
    process.exitCode = 2;
  },
);
