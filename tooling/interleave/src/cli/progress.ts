// How far an exploration is, on standard error, so that standard output holds the results alone.
//
// On a terminal: one line that moves. Elsewhere: a line when something begins, when there is something to
// tell of it for the first time, and then every ten seconds.
import type { Writable } from "node:stream";

export type ProgressStream = Writable & { isTTY?: boolean; columns?: number };

const MOVING_INTERVAL = 100;
const PLAIN_INTERVAL = 10_000;
/** To the first column, and erase from there to the end of the line. */
const BACK = "\r\x1b[K";

export class Progress {
  readonly #stream: ProgressStream;
  readonly #isMoving: boolean;
  #said = Number.NEGATIVE_INFINITY;

  constructor(stream: ProgressStream) {
    // CI logs keep every frame of a line that moves, and a terminal of no width cannot take one back.
    const { CI, TERM } = process.env;
    this.#stream = stream;
    this.#isMoving = stream.isTTY === true && (stream.columns ?? 0) > 0 && TERM !== "dumb" && !CI;
  }

  /** Says what begins. */
  begin(text: string): void {
    this.#said = Number.NEGATIVE_INFINITY;
    this.#show(text);
  }

  /** Shows what `describe` returns, unless something was shown a moment ago. */
  update(describe: () => string): void {
    const now = performance.now();
    if (now - this.#said < (this.#isMoving ? MOVING_INTERVAL : PLAIN_INTERVAL)) return;
    this.#said = now;
    this.#show(describe());
  }

  /** Takes the line that moves away. */
  clear(): void {
    if (this.#isMoving) this.#stream.write(BACK);
  }

  #show(text: string): void {
    if (this.#isMoving) this.#stream.write(BACK + text.slice(0, this.#stream.columns! - 1));
    else this.#stream.write(`${text}\n`);
  }
}

/** What a thread says of each program that it has explored in a round of its budget. */
export interface Explored {
  readonly schedules: number;
  /** From 0. */
  readonly round: number;
  /** Whether something was found: then the program is left out of the rounds that follow. */
  readonly found: boolean;
}

/** Adds up what the threads of one target say. */
export class Tally {
  readonly #of: { readonly target: string; readonly programs: number; readonly rounds: number };
  #round = 0;
  /** Programs that are done with this round, with those that it leaves out. */
  #programs = 0;
  #schedules = 0;
  #findings = 0;

  constructor(of: { target: string; programs: number; rounds: number }) {
    this.#of = of;
  }

  add({ schedules, round, found }: Explored): void {
    this.#schedules += schedules;
    // The threads come to a round one after the other; the first that does tells.
    if (round > this.#round) {
      this.#round = round;
      this.#programs = this.#findings;
    }
    if (found || round === this.#round) this.#programs++;
    if (found) this.#findings++;
  }

  toString(): string {
    const { target, programs, rounds } = this.#of;
    const count = (value: number) => value.toLocaleString("en");
    return (
      `${target}: round ${this.#round + 1} of ${rounds}, ` +
      `${count(this.#programs)} of ${count(programs)} programs, ` +
      `${count(this.#schedules)} schedules, ${this.#findings} findings`
    );
  }
}
