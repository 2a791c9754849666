// A thread that opens a map of tuples: with another codec, which is refused, and with its own.
import { workerData } from "node:worker_threads";
import { date, MassTree, tuple } from "masstree";

let code;
try {
  MassTree.attach(workerData, { key: tuple("string", "number") });
} catch (error) {
  code = error.code;
}
const map = MassTree.attach(workerData, { key: tuple("string", date) });
map.set(["a", new Date(1)], `${map.get(["a", new Date(1)])}, worker`);
map.set(["b", new Date(2)], code);
map.close();
