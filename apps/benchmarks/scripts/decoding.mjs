// What decoding text takes, as docs/performance.md tells under 'Strings across the boundary': ASCII bytes in private memory,
// by TextDecoder, by Node's utf8Slice, and by latin1Slice after a look at all words; then `get` of a map with and without
// utf8Slice, in a process each, which take turns. Processor time in nanoseconds, the best of many rounds.
//
//   node apps/benchmarks/scripts/decoding.mjs [runs of each process]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [arg] = process.argv.slice(2);
if (arg === "with" || arg === "without") console.log(JSON.stringify(await gets(arg === "with")));
else {
  loops();
  compare(Number(arg ?? 4));
}

/** Nanoseconds of processor time for each of `turns`, the best of `rounds`. */
function best(turns, rounds, run) {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, ((user + system) * 1000) / turns);
  }
  return least;
}

function loops() {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytes = Uint8Array.from({ length: 65_536 }, (_, i) => 97 + ((i * 7) % 26));
  const words = new Uint32Array(bytes.buffer);
  const buffer = Buffer.from(bytes.buffer);
  const ways = {
    TextDecoder: (start, end) => decoder.decode(bytes.subarray(start, end)),
    utf8Slice: (start, end) => buffer.utf8Slice(start, end),
    "words and latin1Slice": (start, end) => {
      let all = 0;
      for (let i = start >> 2; 4 * i < end; i++) all |= words[i];
      return (all & 0x80808080) === 0
        ? buffer.latin1Slice(start, end)
        : decoder.decode(bytes.subarray(start, end));
    },
  };
  const turns = 20_000;
  for (const length of [25, 35, 100, 500]) {
    const texts = Object.entries(ways).map(([name, decode]) => {
      let sum = 0;
      const spent = best(turns, 20, () => {
        for (let i = 0; i < turns; i++) {
          const start = (4 * i) % 1000;
          sum += decode(start, start + length).length;
        }
      });
      if (sum === 0) throw new Error("nothing was decoded");
      return `${name} ${spent.toFixed(0)} ns`;
    });
    console.log(`${length} characters: ${texts.join(", ")}`);
  }
}

/** What `get` takes in this process, by kind of value. */
async function gets(hasSlice) {
  const { getBuiltinModule } = process;
  if (!hasSlice) {
    process.getBuiltinModule = (name) =>
      name === "node:buffer" ? undefined : getBuiltinModule.call(process, name);
  }
  const { MassTree } = await import("../../../packages/masstree/dist/index.js");
  const count = 20_000;
  const keys = Array.from({ length: count }, (_, i) => `k${(i * 7919) % count}`);
  const kinds = {
    "utf8, 40 characters": ["utf8", () => "v".repeat(40)],
    "utf8, 100 characters": ["utf8", () => "v".repeat(100)],
    "json, 60 characters": ["json", (name) => ({ name, list: [1, 2, 3], text: "x".repeat(20) })],
  };
  return Object.fromEntries(
    Object.entries(kinds).map(([title, [value, makeValue]]) => {
      const map = new MassTree({ value });
      for (const key of keys) map.set(key, makeValue(key));
      const spent = best(3 * count, 40, () => {
        for (let turn = 0; turn < 3; turn++) for (const key of keys) map.get(key);
      });
      map.close();
      return [title, spent];
    }),
  );
}

function compare(runs) {
  const script = fileURLToPath(import.meta.url);
  const least = { with: {}, without: {} };
  for (let run = 0; run < runs; run++) {
    for (const [how, so] of Object.entries(least)) {
      const found = JSON.parse(execFileSync(process.execPath, [script, how], { encoding: "utf8" }));
      for (const [title, spent] of Object.entries(found)) {
        so[title] = Math.min(so[title] ?? Infinity, spent);
      }
    }
  }
  for (const [title, spent] of Object.entries(least.with)) {
    const before = least.without[title];
    console.log(
      `get, ${title}: ${spent.toFixed(0)} ns, ${before.toFixed(0)} without utf8Slice (${(spent / before).toFixed(2)})`,
    );
  }
}
