/*
 * The ends of threads in browsers, by Web Locks. A thread that has maps open holds a lock of its own,
 * which the browser frees when the thread has stopped for good, however it ended. The other threads of
 * its maps queue behind it.
 *
 *   a thread                                      the others
 *   ------------------------------------------    --------------------------------------------
 *   opens its first map: draws a name, asks for
 *   the lock of that name
 *   gets the lock ───────── channel: name ─────>  ask for it too
 *     whose else is held? <─ query: names ──────  (it asks for theirs)
 *   opens another map ───── channel: name ─────>  those that did not know it ask for it
 *   ends, or closes its last map: the lock is
 *   free ────────────────── granted ───────────>  the thread of that name has ended: take over
 *
 * The name is made of the two numbers in the participant's descriptor, which are random: locks and
 * channel reach all pages of an origin, whose maps have nothing to do with each other. A thread asks
 * only for the locks of threads that it shares a map with.
 *
 * Invariants
 *   W1  A lock is asked for only after its thread was known to hold it: it said so, or a query did. So
 *       whoever gets it knows that its thread gave it up. Anything short of that proves nothing: a
 *       participant can be seen before its thread has the lock, which takes a turn of its event loop.
 *   W2  A name is used once. After its last map a thread gives its lock up, and opens the next map
 *       under a new name. So what was learnt of a name stays true.
 *   W3  Others ask for a lock shared. All get it at once, and one whose event loop stands still does
 *       not keep it from the next.
 *   W4  A thread's participants are detached before its lock is free (`unwatch`).
 *
 * What this cannot know. A thread that never came back to its event loop since it opened its first map
 * has no lock yet; one that ended while no other thread had the map open is not missed. And a thread
 * that stands still, waiting for what a dead one holds, hears nothing: another that has the map open
 * takes over for both.
 */
import type { TreeExports } from "../tree-exports.ts";
import type { ThreadEnds, ThreadNumbers } from "./interface.ts";
import { takeOver } from "./take-over.ts";

/** Where there are Web Locks; else undefined. @internal */
export function webLockEnds(): ThreadEnds | undefined {
  const { navigator, BroadcastChannel: Channel } = globalThis as {
    navigator?: { readonly locks?: LockManager };
    BroadcastChannel?: typeof BroadcastChannel;
  };
  const locks = navigator?.locks;
  return locks && Channel && new WebLockEnds(locks, Channel);
}

/** The time from a thread's first open map to its last. */
interface Stay extends ThreadNumbers {
  readonly name: string;
  readonly channel: BroadcastChannel;
  /** Aborted at its end. */
  readonly end: AbortController;
  /** The names of threads whose locks are known to have been held, and not yet to be free. */
  readonly watched: Set<string>;
  /** Whether it has its lock. */
  held: boolean;
}

class WebLockEnds implements ThreadEnds {
  readonly #locks: LockManager;
  readonly #Channel: typeof BroadcastChannel;
  /** Names of threads that have ended, or closed their maps. */
  readonly #ended = new Set<string>();
  /** The trees that this thread is a participant of, held until their maps are closed or collected. */
  readonly #attached = new Set<TreeExports>();
  #stay: Stay | undefined;

  constructor(locks: LockManager, Channel: typeof BroadcastChannel) {
    this.#locks = locks;
    this.#Channel = Channel;
  }

  self(): ThreadNumbers {
    this.#stay ??= this.#arrive();
    return this.#stay;
  }

  watch(exports: TreeExports): void {
    this.#attached.add(exports);
    takeOver(exports, () => exports.releaseGone());
    if (this.#stay?.held) this.#introduce(this.#stay);
  }

  unwatch(exports: TreeExports): void {
    this.#attached.delete(exports);
    this.#leave();
  }

  hasEnded(exports: TreeExports, number: number): boolean | undefined {
    const name = nameOf(exports, number);
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

  /** @param name of a lock that its thread has, or had (W1) */
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
          for (const exports of this.#attached) {
            takeOver(exports, () => exports.releaseGone());
          }
        },
        () => watched.delete(name),
      );
  }

  #sharesMap(name: string): boolean {
    for (const exports of this.#attached) {
      const last = exports.participants();
      for (let number = 1; number <= last; number++) {
        if (nameOf(exports, number) === name) return true;
      }
    }
    return false;
  }
}

const channelName = "masstree threads";

function nameOf(exports: TreeExports, number: number): string {
  return toName(exports.threadOf(number), exports.osThreadOf(number));
}

function toName(thread: number, osThread: number): string {
  return `masstree thread ${thread}.${osThread}`;
}

/** Two numbers of 1 to 2^30 - 2. */
function drawNumbers(): [number, number] {
  const [one, two] = crypto.getRandomValues(new Uint32Array(2));
  return [1 + (one! % (2 ** 30 - 2)), 1 + (two! % (2 ** 30 - 2))];
}
