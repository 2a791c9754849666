// A thread that sets and removes values until it is told to stop. All bytes of a value are the same.
import { workerData } from "node:worker_threads";
import { MassTree } from "masstree";

const { handle, control, keys, lengths, worker } = workerData;
const map = MassTree.attach(handle);
for (let i = worker; Atomics.load(control, 0) === 0; i++) {
  const key = `key ${(i * 7) % keys}`;
  if (i % 5 === 0) map.delete(key);
  else map.set(key, new Uint8Array(lengths[(i * 3) % lengths.length]).fill(i));
  if (i % 1000 === 0) map.maintain({ budgetMs: 1 });
}
map.close();
