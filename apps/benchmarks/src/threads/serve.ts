// The worker's side of the calls in crew.ts.
import { parentPort, workerData } from "node:worker_threads";
import { type PlainFailure, toPlain } from "../failure.ts";
import { portsIn } from "./ports.ts";

/** The functions that a worker offers by name. */
export type Handlers = Record<string, (...args: never[]) => unknown>;

export interface Call {
  readonly id: number;
  readonly step: string;
  readonly args: unknown[];
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: PlainFailure };

/**
 * Answers calls from the thread that started this worker, one after the other.
 *
 * @param open creates the handlers from the data that the worker was started with
 */
export function serve<Data>(open: (data: Data) => Handlers | Promise<Handlers>): void {
  const port = parentPort;
  if (port === null) throw new Error("this module runs only as a worker");
  // If `open` fails, every call fails with its error, so that the caller learns the reason.
  const opened = Promise.resolve().then(() => open(workerData as Data));
  opened.catch(() => {});
  let last: Promise<void> = Promise.resolve();
  port.on("message", (call: Call) => {
    last = last.then(async () => {
      const reply = await answer(opened, call);
      port.postMessage(reply, "result" in reply ? portsIn(reply.result) : []);
    });
  });
}

async function answer(opened: Promise<Handlers>, { id, step, args }: Call): Promise<Reply> {
  try {
    const handler = (await opened)[step];
    if (handler === undefined) throw new Error(`this worker has no step '${step}'`);
    return { id, result: await handler(...(args as never[])) };
  } catch (error) {
    return { id, failure: toPlain(error) };
  }
}
