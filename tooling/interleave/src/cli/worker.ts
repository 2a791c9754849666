// Explores in a thread of its own, for the command line.
import { parentPort, workerData } from "node:worker_threads";
import { type CoreData, openCore } from "../core.ts";
import { type Budget, type HuntResult, hunt } from "../hunt.ts";
import { Patch } from "../mutants/mutant.ts";
import { targetOf } from "../programs/targets.ts";

/** A share of a target's programs, over a core that was compiled elsewhere. */
export interface ExploreJob {
  readonly kind: "explore";
  readonly target: string;
  readonly core: CoreData;
  readonly programs: readonly string[];
  readonly budget: Budget;
}

/** A mutant of a target, to be compiled and hunted with all programs. */
export interface MutantJob {
  readonly kind: "mutant";
  readonly target: string;
  readonly mutant: string;
  readonly programs: readonly string[];
  readonly budget: Budget;
}

export type Job = ExploreJob | MutantJob;

async function work(job: Job): Promise<HuntResult> {
  const target = targetOf(job.target);
  const wanted = new Set(job.programs);
  const programs = target.programs().filter(({ name }) => wanted.has(name));
  if (job.kind === "explore") {
    return hunt(openCore(job.core), programs, { budget: job.budget, keepGoing: true });
  }
  const mutant = target.mutants.find(({ name }) => name === job.mutant)!;
  const patch = new Patch(mutant.edits);
  const core = await target.compile(patch.replace);
  patch.finish();
  return hunt(core, programs, { budget: job.budget });
}

if (parentPort !== null) {
  const port = parentPort;
  work(workerData as Job).then(
    (result) => {
      // Failures are errors with fields of their own, which messages drop.
      const findings = result.findings.map(({ failure, ...rest }) => ({
        ...rest,
        failure: { kind: failure.kind, message: failure.message },
      }));
      port.postMessage({ result: { ...result, findings } });
    },
    (error: Error) => port.postMessage({ error: error.message }),
  );
}
