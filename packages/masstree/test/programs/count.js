// A thread that counts, in every way that loses no count.
import { workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "masstree";

const { plain, boxed, rounds, keys, thread } = workerData;
const numbers = MassTreeInline.attach(plain);
const values = MassTree.attach(boxed);
for (let i = 0; i < rounds; i++) {
  const key = keys[i % keys.length];
  numbers.add(key, 1);
  numbers.update(`updated ${key}`, (old = 0) => old + 1);
  numbers.max("greatest", thread * rounds + i);
  numbers.min("least", -(thread * rounds + i));
  values.update(key, (old = { n: 0, pad: "" }) => ({ n: old.n + 1, pad: "x".repeat(old.n % 50) }));
}
numbers.close();
values.close();
