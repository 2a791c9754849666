import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { MassTreeInline } from "masstree";
import { placeOfWord } from "./keys.mjs";

/** @type {string[]} */
const files = workerData.files;
const index = MassTreeInline.attach(workerData.index, { key: placeOfWord });
const progress = MassTreeInline.attach(workerData.progress);

let read = 0;
let words = 0;
while (true) {
  // Each thread gets another number, so each file is read once, by whoever is free.
  const file = files[progress.add("files taken", 1) - 1];
  if (file === undefined) break;
  for (const [word] of readFileSync(file, "utf8")
    .toLowerCase()
    .matchAll(/\p{L}+/gu)) {
    index.add([word, file], 1);
    words++;
  }
  read++;
}
index.close();
progress.close();
parentPort?.postMessage({ read, words });
