// Shows what a run is doing, on standard error, so that standard output holds only the results.
//
// On a terminal, it shows an animated line that turns into a tick when the step is done. Elsewhere, it
// prints one line when a step is done, and one every few seconds during a long step.
import type { Writable } from "node:stream";
import ora, { type Ora } from "ora";
import { duration } from "./format.ts";

export interface Progress {
  /** Starts a step. The previous one must be over. */
  begin(title: string): void;
  /** Reports how far the step is, and what it is doing. A total of 0 means unknown. */
  update(done: number, total: number, doing?: string): void;
  /** Ends the step successfully. `detail` is its result. */
  done(detail?: string): void;
  /** Ends the step because it failed or was interrupted. */
  fail(): void;
  /** The title of the current step. */
  readonly current: string | undefined;
}

/** Milliseconds between two lines about the same step, where lines cannot be overwritten. */
const PLAIN_INTERVAL = 5000;

export type ProgressStream = Writable & { isTTY?: boolean; columns?: number };

export function createProgress(stream: ProgressStream): Progress {
  // CI logs keep every frame of an animated line.
  const { CI, TERM } = process.env;
  // A terminal without a known width, as in some containers, cannot erase a line.
  const isWide = (stream.columns ?? 0) > 0;
  const moving = stream.isTTY === true && isWide && TERM !== "dumb" && !CI;
  return moving ? new MovingProgress(stream) : new PlainProgress(stream);
}

class MovingProgress implements Progress {
  current: string | undefined;
  #since = 0;
  readonly #line: Ora;

  constructor(stream: ProgressStream) {
    this.#line = ora({
      stream: stream as NodeJS.WriteStream,
      isEnabled: true,
      // Everything else that has a colour looks at this variable by itself.
      color: process.env.NO_COLOR ? false : "cyan",
      // Leave standard input alone: Ctrl-C has to be a signal, not a byte.
      discardStdin: false,
    });
  }

  begin(title: string): void {
    this.current = title;
    this.#since = performance.now();
    this.#line.start(title);
  }

  update(done: number, total: number, doing?: string): void {
    if (this.current === undefined) return;
    this.#line.text = `${this.current}  ${share(done, total, doing)}`;
  }

  done(detail?: string): void {
    if (this.current === undefined) return;
    this.#line.succeed(finished(this.current, this.#since, detail));
    this.current = undefined;
  }

  fail(): void {
    if (this.current === undefined) return;
    this.#line.fail(this.current);
    this.current = undefined;
  }
}

class PlainProgress implements Progress {
  current: string | undefined;
  #since = 0;
  #said = 0;
  readonly #stream: ProgressStream;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  begin(title: string): void {
    this.current = title;
    this.#since = performance.now();
    this.#said = this.#since;
  }

  update(done: number, total: number, doing?: string): void {
    const time = performance.now();
    if (this.current === undefined || time - this.#said < PLAIN_INTERVAL) return;
    this.#said = time;
    this.#stream.write(`  ${this.current}: ${share(done, total, doing)}\n`);
  }

  done(detail?: string): void {
    if (this.current === undefined) return;
    this.#stream.write(`ok ${finished(this.current, this.#since, detail)}\n`);
    this.current = undefined;
  }

  fail(): void {
    if (this.current === undefined) return;
    this.#stream.write(`failed: ${this.current}\n`);
    this.current = undefined;
  }
}

function share(done: number, total: number, doing?: string): string {
  if (total <= 0) return done > 0 ? done.toLocaleString("en-US") : "…";
  const percent = `${Math.min(100, Math.floor((done / total) * 100))} %`;
  return doing === undefined ? percent : `${percent}, ${doing}`;
}

function finished(title: string, since: number, detail: string | undefined): string {
  const took = duration(performance.now() - since);
  return detail === undefined ? `${title} (${took})` : `${title}: ${detail} (${took})`;
}
