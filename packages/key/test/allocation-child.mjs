// Measures in its own process how many bytes of heap one call takes. allocation.test.ts starts it with
// --expose-gc and a nursery so large that nothing is collected during a measurement.
import { keyCodecs } from "../dist/index.js";

const { string } = keyCodecs;
const calls = 300_000;
const target = new Uint8Array(new SharedArrayBuffer(65_536 + 64));

// Made from a Buffer, so that the engine holds them as flat strings, as it does most strings.
const keys = (length) =>
  Array.from({ length: 1000 }, (_, i) => Buffer.from(String(i).padStart(length, "k")).toString());

const encodeAll =
  (texts, offset = 16) =>
  () => {
    for (let i = 0; i < calls; i++) string.encode(texts[i % 1000], target, offset);
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

function bytesPerCall(run) {
  // Warm up: let the engine collect feedback and compile before the measurement.
  for (let i = 0; i < 5; i++) run();
  // The median: a stray collection lowers one measurement, a late compilation raises one.
  const measurements = Array.from({ length: 7 }, () => {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    run();
    return (process.memoryUsage().heapUsed - before) / calls;
  });
  return measurements.sort((a, b) => a - b)[3];
}

const results = {
  encode8: bytesPerCall(encodeAll(keys(8))),
  encodeFirst24: bytesPerCall(encodeAll(keys(24), 0)),
  encode16: bytesPerCall(encodeAll(keys(16))),
  encode40: bytesPerCall(encodeAll(keys(40))),
  encode41: bytesPerCall(encodeAll(keys(41))),
  decode8: bytesPerCall(decodeAll(8)),
  decode24: bytesPerCall(decodeAll(24)),
};
process.stdout.write(JSON.stringify(results));
