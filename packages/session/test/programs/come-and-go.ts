// Threads take one number in turns and post sentinels, while others ask about it without a pause. All of them live: nobody
// is to be told that one has ended. Sentinels alone, without a map.
import { isMainThread, threadId, Worker, workerData } from "node:worker_threads";
import { askSentinels, Sentinels } from "../../src/thread-ends/sentinels.ts";
import { headerWords, threadOfTicket, ticketIndex } from "../../src/thread-ends/tickets.ts";

const number = 1;
const enough = 1000;
/** How many there are in any case, of stays and of answers: a busy machine may not get to more in time. */
const fewest = 21;
const patience = 15_000;
/** What is counted. */
const [STAYS, ALIVE, ENDED] = [0, 1, 2] as const;

interface Task {
  memory: WebAssembly.Memory;
  counts: Int32Array;
  /** When to give up, as `Date.now()`. */
  stop: number;
  asks: boolean;
  /** Its number, if it asks. */
  self: number;
}

if (isMainThread) await main();
else if (workerData.asks) ask(workerData);
else await comeAndGo(workerData);

function isOver({ counts, stop }: Pick<Task, "counts" | "stop">): boolean {
  const [stays, alive] = [Atomics.load(counts, STAYS), Atomics.load(counts, ALIVE)];
  return (stays >= enough || Date.now() > stop) && stays >= fewest && alive >= fewest;
}

function spin(times: number): void {
  for (let i = 0; i < times; i++) Math.sqrt(i);
}

async function comeAndGo({ memory, counts, stop }: Task): Promise<void> {
  const words = headerWords(memory);
  const thread = threadId + 1;
  const at = ticketIndex(number);
  while (!isOver({ counts, stop })) {
    if (Atomics.compareExchange(words, at, 0, thread) !== 0) continue;
    const sentinels = new Sentinels(memory, number, thread);
    Atomics.add(counts, STAYS, 1);
    for (let i = Math.random() * 20; i > 0; i--) {
      spin(1000);
      sentinels.replenish();
    }
    if (Math.random() < 0.2) await turn();
    sentinels.leave();
    Atomics.store(words, at, 0);
    sentinels.dismiss();
    if (Math.random() < 0.3) await turn();
  }
}

function ask({ memory, counts, stop, self }: Task): void {
  const words = headerWords(memory);
  while (!isOver({ counts, stop })) {
    const ended = askSentinels(words, number, self, 0, threadOfTicket(words, number));
    if (ended !== undefined) Atomics.add(counts, ended ? ENDED : ALIVE, 1);
    spin(Math.random() * 1000);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function main(): Promise<void> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const counts = new Int32Array(new SharedArrayBuffer(3 * 4));
  const stop = Date.now() + patience;
  const workers = [false, false, false, true, true, true].map((asks, index) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { memory, counts, stop, asks, self: index + 2 },
    });
    return new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
  });
  await Promise.all(workers);
  const words = headerWords(memory);
  const left = Atomics.notify(words, ticketIndex(number));
  const [stays, alive, ended] = counts;
  process.stdout.write(JSON.stringify({ stays, alive, ended, left }));
}
