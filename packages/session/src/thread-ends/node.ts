/*
 * The ends of threads in Node, Deno and Bun. The thread that started a worker hears its `exit` event. All others ask.
 *
 * Deno emits `exit` as soon as a worker is told to terminate, but the worker runs on, for ever if it is in a loop. So in
 * Deno the event only says when to start asking.
 *
 * A thread has two numbers: the id that Node gave it, plus 1, and the number that Linux gave it.
 */
import { NUMBERS } from "../exports.ts";
import type { Member, ThreadEnds } from "./interface.ts";
import { hasEndedOnLinux } from "./linux.ts";
import { findNode, type NodeParts } from "./node-parts.ts";
import { lookAgain, recoverOrRetry } from "./retry-recovery.ts";
import { askSentinels, hasSentinels, Sentinels, sentinelWord } from "./sentinels.ts";
import { headerWords, threadOf, threadOfTicket } from "./tickets.ts";
import { attachOrVisit, recoverAsVisitor } from "./visit.ts";

/**
 * How many sentinels each asker leaves. The last ones are for those who wait for something that the thread holds: the
 * others ask as often as a program calls them, with nothing to keep them from asking about the same threads again.
 */
const LEAVES = { waits: 0, "needs its place": 8, "must know": 8, "looks around": 16 } as const;

/** Least milliseconds from one look at a living thread to the next. */
const PAUSE = 4;
/** Milliseconds after which a look is forgotten. */
const FORGOTTEN = 1000;

/** How many exited workers a thread remembers. About older ones it asks like everybody else. */
const REMEMBERED = 1024;

// Kept here, because tests with their own clocks replace Date.now.
const { now } = Date;

/** Undefined if this is not Node, Deno or Bun. @internal */
export function nodeEnds(): ThreadEnds | undefined {
  const node = findNode();
  return node && new NodeEnds(node);
}

/** Why a question is asked. */
type Asker = keyof typeof LEAVES;

/** The looks at a thread that has not been seen to have ended. */
interface Looks {
  readonly thread: number;
  /** When the first and the last of them were. */
  readonly first: number;
  readonly last: number;
  /** Its sentinels' word at the last look. */
  readonly word: number;
}

/** What this thread keeps for each of its participants. */
interface Stay {
  readonly words: Int32Array;
  /** Its number, 0 for none. */
  readonly number: number;
  readonly sentinels: Sentinels | undefined;
  /** By number. */
  readonly looks: Map<number, Looks>;
  /** Why the module asks at the moment. Not one for all: a timeout of node:vm may keep it from being set back. */
  asker: Asker;
}

class NodeEnds implements ThreadEnds {
  readonly #node: NodeParts;
  /** What this thread's tickets say. */
  readonly #thread: number;
  /** The last workers that this thread started and that have exited. */
  readonly #exited = new Set<number>();
  /**
   * This thread's participants, each until its map is closed or collected (session.ts). These are
   * strong references: a WeakRef would keep its target, with a whole memory, to the end of the job
   * that made it, and a job may make and close any number of maps.
   */
  readonly #stays = new Map<Member, Stay>();

  constructor(node: NodeParts) {
    this.#node = node;
    this.#thread = node.threadId + 1;
    node.onWorker((worker) => {
      const thread = worker.threadId + 1;
      const exit = () => {
        if (node.exitIsEnd) this.#hasExited(thread);
        else lookAgain(() => this.#isGoneFromAll(thread));
      };
      // Before the program's own listeners, which may use maps.
      if (worker.prependOnceListener) worker.prependOnceListener("exit", exit);
      else worker.once("exit", exit);
    });
  }

  #hasExited(thread: number): void {
    this.#exited.add(thread);
    for (const oldest of this.#exited) {
      if (this.#exited.size <= REMEMBERED) break;
      this.#exited.delete(oldest);
    }
    for (const member of this.#stays.keys()) {
      recoverOrRetry(member.exports, () => member.exports.releaseThread(thread));
      // The workers that it had started have ended with it, and nobody else hears of them.
      this.recoverEnded(member);
    }
  }

  /** Recovers participants whose threads have ended. Returns whether that thread has none left. */
  #isGoneFromAll(thread: number): boolean {
    for (const [member, { words }] of this.#stays) {
      if (!has(words, thread)) continue;
      this.recoverEnded(member);
      if (has(words, thread)) return false;
    }
    return true;
  }

  attach(member: Member, mayWait: number): number {
    return attachOrVisit(
      () => this.#attach(member, mayWait),
      () => this.#visit(member),
    );
  }

  #attach(member: Member, mayWait: number): number {
    const { osThread } = this.#node;
    const { exports } = member;
    const reserved = exports.reserve(this.#thread);
    this.#stay(member, reserved);
    let status: number | undefined;
    try {
      status = exports.attach(mayWait, this.#thread, osThread);
    } finally {
      if (status !== 0) this.unwatch(member, false);
    }
    // A place became free in between.
    if (status === 0 && reserved === 0) this.#stay(member, exports.participantNumber());
    return status;
  }

  #visit(member: Member): boolean {
    try {
      return recoverAsVisitor(member.exports, this.#thread, (number, recover) => {
        this.#stay(member, number, "needs its place");
        recover();
        this.leave(member);
      });
    } finally {
      this.unwatch(member, false);
    }
  }

  /** From now on others can find out whether this thread has ended, by a number that it has; 0 for none. */
  #stay(member: Member, number: number, asker: Asker = "waits"): void {
    const words = headerWords(member.memory);
    // The main thread ends with the process.
    const posts = number !== 0 && !this.#node.isMainThread && hasSentinels();
    const sentinels = posts ? new Sentinels(member.memory, number, this.#thread) : undefined;
    this.#stays.set(member, { words, number, sentinels, looks: new Map(), asker });
  }

  watch(member: Member): void {
    this.recoverEnded(member);
  }

  leave(member: Member): void {
    this.#stays.get(member)?.sentinels?.leave();
  }

  unwatch(member: Member, wasGivenUp: boolean): void {
    const sentinels = this.#stays.get(member)?.sentinels;
    if (wasGivenUp) sentinels?.forget();
    else sentinels?.dismiss();
    this.#stays.delete(member);
  }

  recoverEnded(member: Member, mustKnow = false): void {
    const { exports } = member;
    const stay = this.#stays.get(member);
    if (stay) stay.asker = mustKnow ? "must know" : "looks around";
    try {
      recoverOrRetry(exports, () => exports.releaseGone());
    } finally {
      if (stay) stay.asker = "waits";
    }
  }

  isGone(member: Member, number: number, ticket: number): boolean {
    // The answer is about this thread, or there is none.
    const thread = threadOf(ticket);
    const asker = this.#stays.get(member)?.asker ?? "waits";
    return this.#ask(member, number, asker, thread) === true;
  }

  hasEnded(member: Member, number: number): boolean | undefined {
    // Asked too often, it leaves the last sentinels to be used slowly: a living thread is not to become unknown.
    return this.#ask(member, number, "must know") ?? this.#ask(member, number, "waits");
  }

  /** @param meant the thread that is asked about; without it, the one that has the number now */
  #ask(member: Member, number: number, asker: Asker, meant?: number): boolean | undefined {
    const stay = this.#stays.get(member);
    const thread = stay === undefined ? 0 : (meant ?? threadOfTicket(stay.words, number));
    if (stay === undefined || thread === 0) return undefined;
    if (thread === this.#thread) return false;
    if (this.#exited.has(thread)) return true;
    return (
      this.#askLinux(member, number, thread) ?? this.#askSentinels(stay, number, thread, asker)
    );
  }

  #askLinux({ names }: Member, number: number, thread: number): boolean | undefined {
    // In its descriptor the second number is this thread's if the first is (assembly/attach.ts).
    if (names.threadOf(number) !== thread) return undefined;
    const osThread = names.osThreadOf(number);
    if (names.threadOf(number) !== thread) return undefined;
    return hasEndedOnLinux(this.#node.files, osThread, this.#node.osThread);
  }

  #askSentinels(stay: Stay, number: number, thread: number, asker: Asker): boolean | undefined {
    const { words, number: self, sentinels, looks } = stay;
    if (self === 0) return undefined;
    // This thread may stay in its call for long, while others ask about it.
    sentinels?.replenish();
    const leave = LEAVES[asker];
    if (asker === "must know") return askSentinels(words, number, self, leave, thread);
    const time = now();
    const before = looks.get(number);
    const elapsed = before ? Math.abs(time - before.last) : 0;
    const pause = before ? Math.max(PAUSE, (before.last - before.first) / 2) : 0;
    const seen = before?.thread === thread && elapsed < pause + FORGOTTEN ? before : undefined;
    if (seen && elapsed < pause) return false;
    // If several threads wait at the same time, one asks, and the others see that the word has changed.
    const asks = asker !== "waits" || seen?.word === sentinelWord(words, number);
    const ended = asks ? askSentinels(words, number, self, leave, thread) : false;
    if (ended === false) {
      const word = sentinelWord(words, number);
      looks.set(number, { thread, first: seen?.first ?? time, last: time, word });
    } else {
      looks.delete(number);
    }
    return ended;
  }

  threadId(member: Member, number: number): number | undefined {
    const stay = this.#stays.get(member);
    const thread = stay === undefined ? 0 : threadOfTicket(stay.words, number);
    return thread === 0 ? undefined : thread - 1;
  }
}

/** Whether a thread has a participant, or visits. */
function has(words: Int32Array, thread: number): boolean {
  for (let number = 1; number <= NUMBERS; number++) {
    if (threadOfTicket(words, number) === thread) return true;
  }
  return false;
}
