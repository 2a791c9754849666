// Schedules, as people read them and as they are replayed.
//
// A schedule is only what differs from the default: a thread runs until it ends or has to wait;
// then the lowest-numbered thread that can go on does. One decision reads `0@37>1`: thread 0, which
// has taken 37 steps, is stopped before its next one, and thread 1 goes on. `-@0>1`: thread 1
// begins. `0@37!`: thread 0 dies there. A step is counted by the thread that takes it, so that a
// decision keeps its meaning when others are taken away.

/** At its step `step`, thread `thread` (-1: nobody yet) gives way to `next`. */
export interface Decision {
  readonly thread: number;
  readonly step: number;
  readonly next: number;
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
    ...decisions.map(({ thread, step, next }) => `${who(thread)}@${step}>${next}`),
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
    const match = /^(-|\d+)@(\d+)(?:>(\d+)|(!))$/.exec(part);
    if (match === null) throw new Error(`'${part}' is not part of a schedule`);
    const thread = match[1] === "-" ? -1 : Number(match[1]);
    const step = Number(match[2]);
    if (match[4] === "!") crashes.push({ thread, step });
    else decisions.push({ thread, step, next: Number(match[3]) });
  }
  return { decisions, crashes };
}

/** The key of a decision's place, for maps. */
export function placeOf(thread: number, step: number): number {
  return (thread + 1) * 0x1_0000_0000 + step;
}
