// A thread that has a store open, and does what it is told: see support/threads.ts.
import { parentPort, threadId, workerData } from "node:worker_threads";

const { url, handle, step, flag, stopsIn, mayNotWait } = workerData;
const { wait } = Atomics;
// As on a browser's main thread.
if (mayNotWait) {
  Atomics.wait = () => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  };
}
const { BTreeStore, nodeVfs } = await import(url);

function stopForGood() {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
  for (;;) wait(flag, 1, 0);
}

/** Node's file system, of which one call, the one with number `step`, never returns. */
function stoppingVfs() {
  const vfs = nodeVfs();
  if (stopsIn !== undefined) return { ...vfs, [stopsIn]: stopForGood };
  if (step === undefined) return vfs;
  let calls = 0;
  const stop = () => {
    calls++;
    if (!kept.armed) calls = 0;
    if (calls !== step) return;
    stopForGood();
  };
  return {
    ...vfs,
    open: (path, mode) => {
      const file = vfs.open(path, mode);
      return {
        ...file,
        write: (source, position) => {
          stop();
          const count = file.write(source, position);
          stop();
          return count;
        },
        truncate: (size) => {
          stop();
          file.truncate(size);
        },
        sync: () => {
          stop();
          file.sync();
          stop();
        },
      };
    },
  };
}

/** What the calls keep for each other. */
const kept = { threadId, armed: false };
const store = BTreeStore.attach(handle, { vfs: stoppingVfs() });
parentPort.postMessage({ value: threadId });
parentPort.on("message", async ({ code, argument }) => {
  try {
    const call = new Function(`return (${code});`)();
    parentPort.postMessage({ value: await call(store, argument, kept) });
  } catch (error) {
    const { code: errorCode, message } = error;
    parentPort.postMessage({ error: { code: errorCode, message, threadId: error.threadId } });
  }
});
