// Run with --expose-gc. How many bytes of heap a string keeps that a scan gave, if one of many is kept.
import { MassTree } from "masstree";

// Enough that what else comes to the heap, such as code, is little for each of the strings that are kept.
const count = 300_000;
const kinds = {
  keys: (map) => map.keys(),
  values: (map) => map.values(),
  json: (map) => map.values(),
};

function heap() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Bytes of heap for each string that is kept. */
function keptBy(texts) {
  // One in each batch of 256, so that each could keep a batch of its own.
  const kept = [];
  const before = heap();
  let i = 0;
  for (const text of texts) if (i++ % 256 === 0) kept.push(text);
  return (heap() - before) / kept.length;
}

const bytes = {};
for (const [name, scan] of Object.entries(kinds)) {
  const map = new MassTree({ value: name === "json" ? "json" : "utf8" });
  for (let i = 0; i < count; i++) {
    const text = `some text of ${String(i).padStart(10, "0")}`;
    map.set(text, text);
  }
  // So that what the engine itself keeps of the first scan does not count. It may compile code at any time: the least counts.
  for (const text of scan(map)) if (text === "") throw new Error("an empty text");
  bytes[name] = Infinity;
  for (let round = 0; round < 3; round++) bytes[name] = Math.min(bytes[name], keptBy(scan(map)));
  map.close();
}
process.stdout.write(JSON.stringify(bytes));
