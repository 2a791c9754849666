// A thread that adds to a set and removes from it.
import { workerData } from "node:worker_threads";
import { MassTreeSet, tuple } from "@masstree/inline";

const set = MassTreeSet.attach(workerData, { key: tuple("string", "number") });
for (let i = 0; i < 100; i++) set.add(["worker", i]);
set.delete(["main", 1]);
set.close();
