// What the command line says of programs that are drawn.
import type { Core } from "../core.ts";
import { Coverage } from "../sketches/coverage.ts";
import type { GeneratedProgress } from "../sketches/hunt.ts";
import type { GeneratedResult } from "./worker.ts";

/** A number as people read it. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** How far the threads are. */
export function describeProgress(all: readonly GeneratedProgress[]): string {
  const seconds = Math.max(...all.map((one) => one.seconds));
  const sum = (of: "programs" | "schedules") =>
    count(all.reduce((total, one) => total + one[of], 0));
  // What each has covered is mostly the same.
  const most = Math.max(...all.map(({ meetings }) => meetings));
  return `${seconds.toFixed(0)} s, ${sum("programs")} programs, ${sum("schedules")} schedules, ${count(most)} meetings`;
}

/** What the threads have done together, and covered, and what they have not. */
export function reportGenerated(
  name: string,
  core: Core,
  seed: number,
  results: readonly GeneratedResult[],
): string[] {
  const sum = (of: "programs" | "schedules" | "steps") =>
    count(results.reduce((total, result) => total + result[of], 0));
  const seconds = Math.max(...results.map((result) => result.seconds));
  const findings = results.filter(({ finding }) => finding !== undefined).length;
  const coverage = new Coverage(core);
  for (const { covered } of results) coverage.merge(covered);
  const { sites, edges, meetings } = coverage.covered;
  const lines = [
    `${name}: ${sum("programs")} generated programs, ${sum("schedules")} schedules, ${sum("steps")} steps ` +
      `in ${seconds.toFixed(1)} s, seed ${seed}, ${findings} findings`,
  ];
  for (const preemptions of [1, 2]) {
    const exhausted = results.reduce(
      (total, result) => total + (result.exhausted[preemptions] ?? 0),
      0,
    );
    lines.push(
      `  all schedules with up to ${preemptions} preemptions: ${count(exhausted)} programs`,
    );
  }
  lines.push(
    `  covered: ${count(sites)} of ${count(core.sites.length)} sites, ${count(edges)} edges, ${count(meetings)} meetings`,
  );
  for (const [thread, { minutes }] of results.entries()) {
    if (minutes.length === 0) continue;
    const added = minutes.map((now, at) => count(now.meetings - (minutes[at - 1]?.meetings ?? 0)));
    lines.push(`  new meetings by the minute, thread ${thread + 1}: ${added.join("; ")}`);
  }
  lines.push("  never reached:");
  for (const [file, rows] of coverage.unreached()) {
    lines.push(`    ${file.replace(/^~lib\//, "")}: ${rows.join(" ")}`);
  }
  return lines;
}
