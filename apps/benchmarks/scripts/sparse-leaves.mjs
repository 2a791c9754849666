// How many keys there are for each leaf after scattered removals, as docs/decisions/0023 tells: inline numbers, one thread,
// keys removed in an order that looks random. Prints a row of a Markdown table for each kind of key and width.
//
//   node apps/benchmarks/scripts/sparse-leaves.mjs [keys]
import "../../../packages/masstree/dist/24.js";
import { MassTreeInline } from "../../../packages/masstree/dist/index.js";

const [count = 30_000] = process.argv.slice(2).map(Number);

const kinds = {
  "8 digits": (i) => String(10_000_000 + i),
  paths: (i) => `/srv/data/${i % 7}/part-${String(i).padStart(8, "0")}`,
};

/** Shares of the keys that have been removed. */
const shares = [0, 0.5, 0.7, 0.9, 0.99];

/** 0 to count - 1 in an order that looks random, which is always the same. */
function shuffled() {
  const order = Array.from({ length: count }, (_, i) => i);
  let state = 1;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

for (const [kind, keyOf] of Object.entries(kinds)) {
  for (const width of [15, 24]) {
    const map = new MassTreeInline({ width });
    const order = shuffled();
    for (const i of order) map.set(keyOf(i), i);
    const left = [];
    let removed = 0;
    for (const share of shares) {
      while (removed < count * share) map.delete(keyOf(order[removed++]));
      while (map.maintain()); // Until nothing is left to unlink.
      const { size, leaves } = map.stats();
      left.push((size / leaves).toFixed(1));
    }
    map.verify();
    map.close();
    console.log(`| ${kind}, ${width} | ${left.join(" | ")} |`);
  }
}
