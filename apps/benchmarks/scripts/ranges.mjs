// What sorted entries, counting, parts and cursors take, as docs/decisions/0014 and 0015 and the READMEs tell: inline
// numbers, one thread, processor time, medians.
//
//   node apps/benchmarks/scripts/ranges.mjs [entries] [runs]
import { MassTreeInline } from "../../../packages/masstree/dist/index.js";

const [count = 500_000, runs = 5] = process.argv.slice(2).map(Number);

const kinds = {
  "8 digits": (i) => String(10_000_000 + 7 * i),
  "URLs of 45 bytes": (i) => `https://example.org/items/by-number/${100_000_000 + 7 * i}`,
};

/** The same list in an order that looks random. */
function shuffled(list) {
  const mixed = [...list];
  let state = 1;
  for (let i = mixed.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [mixed[i], mixed[other]] = [mixed[other], mixed[i]];
  }
  return mixed;
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

/** Milliseconds of processor time. */
function time(action) {
  const before = process.cpuUsage();
  const result = action();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, result];
}

function measure(make, use = (map) => map.close()) {
  const times = [];
  let kept;
  for (let run = 0; run < runs; run++) {
    const [spent, result] = time(make);
    times.push(spent);
    kept = use(result);
  }
  return [median(times), kept];
}

for (const [kind, keyOf] of Object.entries(kinds)) {
  const sorted = Array.from({ length: count }, (_, i) => [keyOf(i), i]);
  const mixed = shuffled(sorted);
  const setAll = (entries) => () => {
    const map = new MassTreeInline({ value: "u32" });
    for (const [key, value] of entries) map.set(key, value);
    return map;
  };
  const bytes = (map) => {
    const each = map.stats().liveBytes / count;
    map.close();
    return each;
  };
  const built = {
    "set, shuffled": measure(setAll(mixed), bytes),
    "set, sorted": measure(setAll(sorted), bytes),
    fromSorted: measure(() => MassTreeInline.fromSorted(sorted, { value: "u32" }), bytes),
  };
  console.log(`${count} keys, ${kind}`);
  for (const [name, [spent, each]] of Object.entries(built)) {
    console.log(`  ${name}: ${spent.toFixed(0)} ms, ${each.toFixed(1)} bytes an entry`);
  }
  for (const [name, make] of [
    ["packed", () => MassTreeInline.fromSorted(sorted, { value: "u32" })],
    ["shuffled", setAll(mixed)],
  ]) {
    const map = make();
    const half = { lt: sorted[count >> 1][0] };
    const [counting] = measure(
      () => map.count(half),
      () => {},
    );
    const [splitting] = measure(
      () => map.splitPoints(8),
      () => {},
    );
    const walk = () => {
      const cursor = map.cursor();
      while (cursor.next());
    };
    const scan = () => {
      for (const _ of map.entries());
    };
    const [walking] = measure(walk, () => {});
    const [scanning] = measure(scan, () => {});
    const each = (spent, of) => `${((spent * 1e6) / of).toFixed(0)} ns`;
    console.log(
      `  ${name}: count ${each(counting, count >> 1)} an entry, splitPoints(8) ${splitting.toFixed(2)} ms, ` +
        `cursor ${each(walking, count)} a step, entries ${each(scanning, count)} an entry`,
    );
    map.close();
  }
}
