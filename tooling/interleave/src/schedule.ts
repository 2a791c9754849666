// Schedules, as people read them and as they are replayed.
//
// A schedule is only what differs from the default: a thread runs until it ends or has to wait;
// then the lowest-numbered thread that can go on does. One decision reads `0@37>1`: thread 0, which
// has taken 37 steps, is stopped before its next one, and thread 1 goes on. `-@0>1`: thread 1
// begins. `0@37!`: thread 0 dies there. A step is counted by the thread that takes it, so that a
// decision keeps its meaning when others are taken away. `0@37^2`: of the threads that sleep where its
// step there notifies, thread 2 wakes, rather than the lowest-numbered. `0@37~2`: its step there is a read,
// which returns the second of the older values that it may (weak-memory.ts).

/** What differs from the default at one step. */
export type Decision = Switch | Wake | StaleRead;

/** At its step `step`, thread `thread` (-1: nobody yet) gives way to `next`. */
export interface Switch {
  readonly thread: number;
  readonly step: number;
  readonly next: number;
}

/** Step `step` of thread `thread` wakes thread `wakes`, though a lower-numbered one sleeps there, too. */
export interface Wake {
  readonly thread: number;
  readonly step: number;
  readonly wakes: number;
}

/** Step `step` of thread `thread` reads not the last value, but number `stale` of the older ones. */
export interface StaleRead {
  readonly thread: number;
  readonly step: number;
  readonly stale: number;
}

/** Thread `thread` is stopped for good before its step `step`. */
export interface Crash {
  readonly thread: number;
  readonly step: number;
}

export interface Schedule {
  readonly decisions: readonly Decision[];
  readonly crashes: readonly Crash[];
}

/** `0@37>1 1@12>0 0@40!`, or `default`. */
export function formatSchedule({ decisions, crashes }: Schedule): string {
  const who = (thread: number) => (thread < 0 ? "-" : String(thread));
  const parts = [
    ...decisions.map((decision) => {
      const place = `${who(decision.thread)}@${decision.step}`;
      if ("wakes" in decision) return `${place}^${decision.wakes}`;
      return "stale" in decision ? `${place}~${decision.stale}` : `${place}>${decision.next}`;
    }),
    ...crashes.map(({ thread, step }) => `${thread}@${step}!`),
  ];
  return parts.length === 0 ? "default" : parts.join(" ");
}

/** Reads what `formatSchedule` wrote. Throws on anything else. */
export function parseSchedule(text: string): Schedule {
  const decisions: Decision[] = [];
  const crashes: Crash[] = [];
  for (const part of text.trim().split(/\s+/)) {
    if (part === "default" || part === "") continue;
    const match = /^(-|\d+)@(\d+)(?:>(\d+)|\^(\d+)|~([1-9]\d*)|(!))$/.exec(part);
    if (match === null) throw new Error(`'${part}' is not part of a schedule`);
    const [, who, at, next, wakes, stale] = match;
    const place = { thread: who === "-" ? -1 : Number(who), step: Number(at) };
    if (next !== undefined) decisions.push({ ...place, next: Number(next) });
    else if (wakes !== undefined) decisions.push({ ...place, wakes: Number(wakes) });
    else if (stale !== undefined) decisions.push({ ...place, stale: Number(stale) });
    else crashes.push(place);
  }
  return { decisions, crashes };
}

/** How many reads of a schedule return an older value. */
export function staleReads({ decisions }: Schedule): number {
  return decisions.filter((decision) => "stale" in decision).length;
}

/** The key of a decision's place, for maps. */
export function placeOf(thread: number, step: number): number {
  return (thread + 1) * 0x1_0000_0000 + step;
}
