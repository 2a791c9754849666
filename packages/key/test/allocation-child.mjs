// Measures, in a process of its own, how many bytes of the heap one call takes. Started by
// allocation.test.ts with --expose-gc and a nursery so large that nothing is collected meanwhile.
import { PerformanceObserver } from "node:perf_hooks";
import { keyCodecs } from "../dist/index.js";

const { string } = keyCodecs;
const calls = 1_000_000;
const target = new Uint8Array(new SharedArrayBuffer(65_536 + 64));

// Through a Buffer, so that they are flat strings, as those that come from anywhere.
const keys = (length) =>
  Array.from({ length: 1000 }, (_, i) => Buffer.from(String(i).padStart(length, "k")).toString());

const encodeAll = (texts) => () => {
  for (let i = 0; i < calls; i++) string.encode(texts[i % 1000], target, 16);
};

const decodeAll = (length) => {
  const source = new TextEncoder().encode(keys(length).join(""));
  return () => {
    for (let i = 0; i < calls; i++) {
      const start = (i % 1000) * length;
      string.decode(source, start, start + length);
    }
  };
};

let collections = 0;
new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ["gc"] });
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

async function bytesPerCall(run) {
  // Compiled, with its feedback, before it is measured.
  for (let i = 0; i < 3; i++) run();
  globalThis.gc();
  await settled();
  collections = 0;
  const before = process.memoryUsage().heapUsed;
  run();
  const after = process.memoryUsage().heapUsed;
  await settled();
  return { bytes: (after - before) / calls, collections };
}

const results = {
  encode8: await bytesPerCall(encodeAll(keys(8))),
  encode16: await bytesPerCall(encodeAll(keys(16))),
  encode40: await bytesPerCall(encodeAll(keys(40))),
  encode41: await bytesPerCall(encodeAll(keys(41))),
  decode8: await bytesPerCall(decodeAll(8)),
  decode24: await bytesPerCall(decodeAll(24)),
};
process.stdout.write(JSON.stringify(results));
