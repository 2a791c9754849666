/*
 * The ends of threads in browsers, by Web Locks. A thread that has maps open holds a lock of its own. The browser
 * frees it when the thread has stopped for good, however it ended. The other threads of its maps wait for it.
 *
 *   a thread                                      the others
 *   ------------------------------------------    --------------------------------------------
 *   opens its first map: chooses a name, requests
 *   the lock of that name
 *   gets the lock ───────── channel: name ─────>  request it too
 *     whose else is held? <─ query: names ──────  (it requests theirs)
 *   opens another map ───── channel: name ─────>  those that did not know it request it
 *   ends, or closes its last map: the lock is
 *   free ────────────────── granted ───────────>  the thread of that name has ended: recover
 *
 * The name consists of the two numbers in the participant's descriptor. They are random, because locks and channel
 * reach all pages of an origin, whose maps have nothing to do with each other. A thread requests only the locks of
 * threads that it shares a map with.
 *
 * Invariants
 *   WEBLOCK1  A lock is requested only after its thread was known to hold it: it said so, or a query did. So whoever
 *             gets it knows that its thread gave it up. Nothing less proves that: a participant can be seen before
 *             its thread has the lock, which takes a turn of its event loop.
 *   WEBLOCK2  A name is used once. After its last map a thread gives up its lock, and it opens the next map under a
 *             new name. So what is known about a name stays true.
 *   WEBLOCK3  Others request a lock as shared. All get it at once, and a thread whose event loop is blocked does not
 *             keep it from the next.
 *   WEBLOCK4  A thread's participants are detached before its lock is free (`unwatch`).
 *
 * Limits. A thread that has not returned to its event loop since it opened its first map has no lock yet. If a thread
 * ends while no other has the map open, nobody notices. And a thread that is blocked, waiting for what a dead one
 * holds, hears nothing: another thread that has the map open recovers for both.
 */
import type { Member, ThreadEnds } from "./interface.ts";
import { recoverOrRetry } from "./retry-recovery.ts";
import { attachOrVisit, recoverAsVisitor } from "./visit.ts";

/** Undefined if there are no Web Locks. @internal */
export function webLockEnds(): ThreadEnds | undefined {
  const { navigator, BroadcastChannel: Channel } = globalThis as {
    navigator?: { readonly locks?: LockManager };
    BroadcastChannel?: typeof BroadcastChannel;
  };
  const locks = navigator?.locks;
  return locks && Channel && new WebLockEnds(locks, Channel);
}

/** The time from a thread's first open map to its last. */
interface Stay {
  /** The numbers in the descriptors of its participants: 1 to 2^30 - 2. */
  readonly thread: number;
  readonly osThread: number;
  readonly name: string;
  readonly channel: BroadcastChannel;
  /** Aborted at its end. */
  readonly end: AbortController;
  /** The names of threads whose locks were held when last heard of. */
  readonly watched: Set<string>;
  /** Whether it has its lock. */
  held: boolean;
}

class WebLockEnds implements ThreadEnds {
  readonly #locks: LockManager;
  readonly #Channel: typeof BroadcastChannel;
  /** Names of threads that have ended, or closed their maps. */
  readonly #ended = new Set<string>();
  /** This thread's participants, held until their maps are closed or collected. */
  readonly #attached = new Set<Member>();
  #stay: Stay | undefined;

  constructor(locks: LockManager, Channel: typeof BroadcastChannel) {
    this.#locks = locks;
    this.#Channel = Channel;
  }

  attach({ exports }: Member, mayWait: number): number {
    this.#stay ??= this.#arrive();
    const { thread, osThread } = this.#stay;
    return attachOrVisit(
      () => exports.attach(mayWait, thread, osThread),
      () => recoverAsVisitor(exports, thread),
    );
  }

  watch(member: Member): void {
    this.#attached.add(member);
    this.recoverEnded(member);
    if (this.#stay?.held) this.#introduce(this.#stay);
  }

  leave(): void {}

  unwatch(member: Member): void {
    this.#attached.delete(member);
    this.#leave();
  }

  recoverEnded({ exports }: Member): void {
    recoverOrRetry(exports, () => exports.releaseGone());
  }

  isGone(member: Member, number: number): boolean {
    return this.hasEnded(member, number) === true;
  }

  hasEnded(member: Member, number: number): boolean | undefined {
    const name = nameOf(member, number);
    if (this.#ended.has(name)) return true;
    const stay = this.#stay;
    return name === stay?.name || stay?.watched.has(name) ? false : undefined;
  }

  /** The numbers are this file's own. */
  threadId(): undefined {
    return undefined;
  }

  #arrive(): Stay {
    const [thread, osThread] = drawNumbers();
    const name = toName(thread, osThread);
    const end = new AbortController();
    const channel = new this.#Channel(channelName);
    const stay = { thread, osThread, name, channel, end, watched: new Set<string>(), held: false };
    channel.onmessage = ({ data }: MessageEvent<string>) => this.#watchThread(stay, data);
    const whileHeld = () => {
      if (end.signal.aborted) return undefined;
      stay.held = true;
      this.#introduce(stay);
      return new Promise<void>((free) => end.signal.addEventListener("abort", () => free()));
    };
    // Refused where the origin is opaque, and when no map is open any more: then nobody waits for it.
    this.#locks.request(name, { signal: end.signal }, whileHeld).catch(() => {});
    this.#leave(); // if attaching fails
    return stay;
  }

  /** Ends the stay if no map is open at the end of this job, when what was closed in it is detached. */
  #leave(): void {
    queueMicrotask(() => {
      if (this.#attached.size > 0 || !this.#stay) return;
      this.#stay.channel.close();
      this.#stay.end.abort();
      this.#stay = undefined;
    });
  }

  /** Says that this thread has its lock, and looks who else has. */
  #introduce(stay: Stay): void {
    stay.channel.postMessage(stay.name);
    this.#locks.query().then(
      ({ held = [] }) => {
        for (const { name, mode } of held) {
          if (name !== undefined && mode === "exclusive") this.#watchThread(stay, name);
        }
      },
      () => {}, // The page is being left.
    );
  }

  /** @param name of a lock that its thread has, or had (WEBLOCK1) */
  #watchThread(stay: Stay, name: string): void {
    const { watched, end } = stay;
    if (end.signal.aborted || name === stay.name || watched.has(name)) return;
    if (!this.#sharesMap(name)) return;
    watched.add(name);
    this.#locks
      .request(name, { mode: "shared", signal: end.signal }, () => {})
      .then(
        () => {
          this.#ended.add(name);
          watched.delete(name);
          for (const member of this.#attached) this.recoverEnded(member);
        },
        () => watched.delete(name),
      );
  }

  #sharesMap(name: string): boolean {
    for (const member of this.#attached) {
      const last = member.exports.participants();
      for (let number = 1; number <= last; number++) {
        if (nameOf(member, number) === name) return true;
      }
    }
    return false;
  }
}

const channelName = "masstree threads";

function nameOf({ names }: Member, number: number): string {
  return toName(names.threadOf(number), names.osThreadOf(number));
}

function toName(thread: number, osThread: number): string {
  return `masstree thread ${thread}.${osThread}`;
}

/** Two numbers of 1 to 2^30 - 2. */
function drawNumbers(): [number, number] {
  const [one, two] = crypto.getRandomValues(new Uint32Array(2));
  return [1 + (one! % (2 ** 30 - 2)), 1 + (two! % (2 ** 30 - 2))];
}
