// A thread that reads a store which another one has open.
import { parentPort, workerData } from "node:worker_threads";
import { toPlain } from "../failure.ts";
import { makeContents } from "./contents.ts";
import type { ReaderAnswer, ReaderPlan } from "./reading.ts";
import { storePeer } from "./registry.ts";
import { readSome } from "./workloads.ts";

/** Calls that warm up the thread. */
const WARM_UP = 20_000;

const answer = (what: ReaderAnswer) => parentPort!.postMessage(what);
const now = () => performance.timeOrigin + performance.now();

/** It answers once its store is closed, since it is then terminated: a native store would end the process in its `close`. */
async function run(plan: ReaderPlan): Promise<void> {
  const { peer: name, directory, handle, size, valueBytes, seed, round, gets, gate } = plan;
  const peer = storePeer(name);
  const contents = makeContents(size, valueBytes, seed);
  const scene = { peer, contents, valueBytes, seed };
  const store = await peer.attach!(directory, handle);
  let from: number;
  let to: number;
  try {
    readSome(scene, store, Math.min(gets, WARM_UP), round + 1000);
    answer({ kind: "ready" });
    Atomics.wait(gate, 0, 0);
    from = now();
    readSome(scene, store, gets, round);
    to = now();
  } finally {
    await store.close();
  }
  answer({ kind: "done", from, to });
}

run(workerData).catch((error: unknown) => answer({ kind: "failed", failure: toPlain(error) }));
