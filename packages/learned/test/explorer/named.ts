// The catalog's targets and mutants by name, for tests.
import {
  type CrashExploration,
  coreOf,
  coreWith,
  Explorer,
  exploreCrashes,
  type HuntResult,
  hunt,
  randomNumbers,
  type Target,
} from "@tooling/interleave";
import { boxMutants, boxRecoveryMutants } from "./box-mutants.ts";
import { targets } from "./catalog.ts";
import { learnedMutants, type PlantedMutant, recoveryMutants } from "./mutants.ts";

export function targetNamed(name: string): Target {
  return targets.find((target) => target.name === name)!;
}

/** A mutant by its name, and the target that has to find it. */
function plantedIn(
  wanted: string,
  plain: readonly PlantedMutant[],
  withBoxes: readonly PlantedMutant[],
): PlantedMutant & { readonly target: Target } {
  const isWanted = ({ name }: PlantedMutant) => name === wanted;
  const found = plain.find(isWanted);
  if (found !== undefined) return { ...found, target: targetNamed("learned") };
  return { ...withBoxes.find(isWanted)!, target: targetNamed("learned-boxed") };
}

/** Hunts a mutant with the programs that show it soon, in schedules of one preemption first. */
export async function huntMutant(wanted: string): Promise<HuntResult> {
  const { target, edits, program } = plantedIn(wanted, learnedMutants, boxMutants);
  const core = await coreWith(target, edits);
  const programs = target.programs().filter(({ name }) => name.includes(program));
  const budget = {
    rounds: [
      { kind: "exhaustive", preemptions: 1, schedules: 2000 },
      { kind: "pct", seed: 1, schedules: 300, depth: 4 },
      { kind: "exhaustive", preemptions: 2, schedules: 5000 },
    ],
  } as const;
  return hunt(core, programs, { budget });
}

/** Hunts a mutant of the recovery with the deaths in its program. */
export async function huntRecoveryMutant(name: string): Promise<CrashExploration> {
  const { target, edits, program: wanted } = plantedIn(name, recoveryMutants, boxRecoveryMutants);
  const core = await coreWith(target, edits);
  const { program, victims } = target.crashes().find(({ program }) => program.name === wanted)!;
  // In the order of the steps, those that matter come late.
  return exploreCrashes(new Explorer(core, program), victims, { random: randomNumbers(7) });
}

/** Explores deaths of a target's program, for some time. What was found, with the options that replay it. */
export async function crash(
  target: Target,
  programs: ReturnType<Target["crashes"]>,
  milliseconds: number,
  random?: () => number,
): Promise<{ complaints: string[]; points: number }> {
  const core = await coreOf(target);
  const complaints: string[] = [];
  let points = 0;
  for (const { program, victims } of programs) {
    const options = { deadline: performance.now() + milliseconds, random };
    const outcome = exploreCrashes(new Explorer(core, program), victims, options);
    points += outcome.points;
    const { finding } = outcome;
    if (finding === undefined) continue;
    complaints.push(
      `${finding.failure.kind}: ${finding.failure.message}\n` +
        `--target ${target.name} --program '${finding.program}' --replay '${finding.schedule}'`,
    );
  }
  return { complaints, points };
}
