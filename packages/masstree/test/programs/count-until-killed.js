// A thread that counts until it is terminated, and says of each count that it has returned.
import { workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "masstree";

const { plain, boxed, board, thread } = workerData;
const numbers = MassTreeInline.attach(plain);
const values = MassTree.attach(boxed);
const counted = new Int32Array(board);
for (;;) {
  numbers.add("added", 1);
  Atomics.add(counted, 3 * thread, 1);
  numbers.update("updated", (old = 0) => old + 1);
  Atomics.add(counted, 3 * thread + 1, 1);
  values.update("boxed", (old = { n: 0 }) => ({ n: old.n + 1, pad: "x".repeat(old.n % 50) }));
  Atomics.add(counted, 3 * thread + 2, 1);
}
