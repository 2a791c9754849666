// Which program reaches which lines of the sources, so that a mutant is hunted by the programs that can see it.
//
// Every program runs once in the default order of its threads, and a few times more: in a random order, or, if threads
// die in it, with deaths at different steps. Only lines that reach memory can be seen.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Core } from "../../core.ts";
import type { CrashProgram } from "../../crashes.ts";
import { Explorer, type Program } from "../../explore.ts";
import { packageDirectory } from "../../flags.ts";
import type { Crash } from "../../schedule.ts";
import { PctScheduler } from "../../schedulers/pct.ts";
import { ReplayScheduler, type Scheduler } from "../../schedulers/scheduler.ts";
import type { Target } from "../../target.ts";

/** The lines that a program reaches. */
export interface Covered {
  readonly name: string;
  /** As numbers of `Coverage.lines`. */
  readonly lines: readonly number[];
}

export interface Coverage {
  /** `file:line` of every line that some program reaches memory in. */
  readonly lines: readonly string[];
  readonly programs: readonly Covered[];
  /** Programs in which threads die. */
  readonly crashes: readonly Covered[];
}

/** In so many more schedules its threads meet: some lines are reached only then. */
const MEETINGS = 4;
/** At so many steps does the first victim die. */
const DEATHS = 4;

/** The coverage of a target, from the cache if its core and its programs are those of last time. */
export function coverageOf(target: Target, core: Core, binary: Uint8Array): Coverage {
  const programs = target.programs();
  const crashes = hunters(target);
  const hash = createHash("sha256").update(binary).update(`${MEETINGS} ${DEATHS}`);
  for (const { name } of programs) hash.update(name);
  for (const { program } of crashes) hash.update(program.name);
  const folder = join(packageDirectory, "node_modules", ".cache", "coverage");
  const file = join(folder, `${target.name}-${hash.digest("hex").slice(0, 16)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Coverage;
  const coverage = collect(core, programs, crashes);
  mkdirSync(folder, { recursive: true });
  // Renamed when it is whole: a run that is stopped leaves no half of it.
  writeFileSync(`${file}.part`, JSON.stringify(coverage));
  renameSync(`${file}.part`, file);
  return coverage;
}

/** The programs of one death, which are many and run fast: two deaths add little to what a mutant shows. */
export function hunters(target: Target): CrashProgram[] {
  const all = target.crashes();
  const fast = all.filter(({ program, victims }) => victims.length === 1 && !program.overlaps);
  return fast.length > 0 ? fast : all;
}

/** Collects it. */
export function collect(
  core: Core,
  programs: readonly Program[],
  crashes: readonly CrashProgram[],
): Coverage {
  const numbers = new Map<string, number>();
  const numberOf = (site: number): number => {
    const line = core.lineOf(site) ?? "";
    if (!numbers.has(line)) numbers.set(line, numbers.size);
    return numbers.get(line)!;
  };
  const covered = (
    program: Program,
    act: (run: (scheduler: Scheduler, dead: readonly Crash[]) => void, explorer: Explorer) => void,
  ): Covered => {
    const explorer = new Explorer(core, program);
    const sites = new Set<number>();
    const run = (scheduler: Scheduler, dead: readonly Crash[]): void => {
      explorer.run(scheduler, dead);
      explorer.machine.visitSteps((_clock, _thread, site) => sites.add(site));
    };
    run(new ReplayScheduler({ decisions: [], crashes: [] }), []);
    act(run, explorer);
    return { name: program.name, lines: [...new Set([...sites].map(numberOf))] };
  };
  const meeting = new PctScheduler(1, 3);
  const lively = programs.map((program) =>
    covered(program, (run) => {
      for (let times = 0; times < MEETINGS; times++) run(meeting, []);
    }),
  );
  const deadly = crashes.map(({ program, victims: [thread = 0] }) =>
    covered(program, (run, { machine }) => {
      const steps = machine.writingSteps(thread);
      for (let death = 0; death < DEATHS; death++) {
        const step = steps[Math.floor(((death + 0.5) / DEATHS) * steps.length)];
        if (step === undefined) continue;
        const dead = [{ thread, step }];
        run(new ReplayScheduler({ decisions: [], crashes: dead }), dead);
      }
    }),
  );
  return { lines: [...numbers.keys()], programs: lively, crashes: deadly };
}

/** Lines of one file, from the first to the last. */
export interface Lines {
  readonly file: string;
  readonly first: number;
  readonly last: number;
}

/** Whether `file:line` is one of the lines. */
export function isIn(place: string, { file, first, last }: Lines): boolean {
  const colon = place.lastIndexOf(":");
  const line = Number(place.slice(colon + 1));
  return line >= first && line <= last && `/${place.slice(0, colon)}`.endsWith(`/${file}`);
}

/** Those that reach one of the lines. */
export function reaching(
  all: readonly Covered[],
  lines: readonly string[],
  wanted: Lines,
): readonly string[] {
  const numbers = new Set(lines.flatMap((place, number) => (isIn(place, wanted) ? [number] : [])));
  return all.filter((one) => one.lines.some((line) => numbers.has(line))).map(({ name }) => name);
}
