// One of several threads over two maps, told what to do by its workerData.
import { parentPort, workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "masstree";

const { task, handle, counts, worker, workers, keys, control } = workerData;

const tasks = {
  /** Fills its own share of the keys, reading them back and those of the others as they come. */
  fill() {
    const map = MassTree.attach(handle);
    const inline = MassTreeInline.attach(counts);
    for (let i = worker; i < keys; i += workers) {
      map.set(`key/${i}`, { i, text: "x".repeat(i % 100) });
      inline.set(i, i);
      const found = map.get(`key/${i}`);
      if (found?.i !== i) throw new Error(`key/${i} is not there: ${JSON.stringify(found)}`);
      const other = Math.floor(i / 2);
      const theirs = map.get(`key/${other}`);
      if (theirs !== undefined && theirs.i !== other)
        throw new Error(`key/${other} is ${theirs.i}`);
    }
    map.close();
    inline.close();
  },

  /** All write the same few keys with values of many sizes; no one ever sees a torn one. */
  contend() {
    const map = MassTree.attach(handle);
    for (let i = 0; i < keys; i++) {
      const key = `hot/${i % 10}`;
      if (i % 7 === worker) map.delete(key);
      else map.set(key, { i, text: String(worker).repeat((i * 37) % 3000) });
      for (const [, { text }] of map.entries({ prefix: "hot/", limit: 3 })) check(text);
      const { text } = map.get(`hot/${(i + 3) % 10}`) ?? { text: "" };
      check(text);
    }
    map.close();
  },

  /** Scans for as long as the others write; what stays is always there, once and in order. */
  scan() {
    const inline = MassTreeInline.attach(counts);
    let scans = 0;
    while (Atomics.load(control, 0) === 0 || scans === 0) {
      const reverse = scans++ % 2 === 1;
      let last = reverse ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      let stayed = 0;
      for (const key of inline.keys({ reverse })) {
        if (reverse ? key >= last : key <= last) throw new Error(`${key} after ${last}`);
        last = key;
        if (key % 3 === 0) stayed++;
      }
      if (stayed !== keys) throw new Error(`${stayed} of ${keys} keys in scan ${scans}`);
    }
    inline.close();
  },

  /** Inserts and removes keys between those that stay. */
  churn() {
    const inline = MassTreeInline.attach(counts);
    for (let round = 0; round < 6; round++) {
      for (let i = worker; i < keys; i += workers) inline.set(3 * i + 1 + (round % 2), round);
      for (let i = worker; i < keys; i += workers) {
        if (!inline.delete(3 * i + 1 + (round % 2))) throw new Error(`${i} was not there`);
      }
    }
    inline.close();
  },

  /** Removes what it finds; every key goes once, to one thread. */
  drain() {
    const map = MassTree.attach(handle);
    let removed = 0;
    for (const key of map.keys()) if (map.delete(key)) removed++;
    map.close();
    return removed;
  },
};

function check(text) {
  if (text !== "" && text !== text[0].repeat(text.length)) throw new Error(`torn: ${text}`);
}

parentPort.postMessage(tasks[task]());
