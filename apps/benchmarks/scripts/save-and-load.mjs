// How long saving and loading take, beside setting the same entries one by one, and what memory they take on top of
// the map's. Keys of 16 characters in random order; medians.
//
//   node apps/benchmarks/scripts/save-and-load.mjs [entries] [runs]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MassTree, MassTreeInline } from "../../../packages/masstree/dist/index.js";
import { load, save } from "../../../packages/masstree/dist/node.js";

const [count = 1_000_000, runs = 3] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "masstree-"));
const file = join(folder, "map");
process.on("exit", () => rmSync(folder, { recursive: true }));

function* entries(value) {
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const key = `${state.toString(36).padStart(7, "0")}-${i.toString(36).padStart(8, "0")}`;
    yield [key, value(i)];
  }
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const seconds = async (action) => {
  const start = performance.now();
  await action();
  return (performance.now() - start) / 1000;
};

for (const [name, Class, options, value] of [
  ["MassTreeInline, u32", MassTreeInline, { value: "u32" }, (i) => i],
  ["MassTree, json", MassTree, {}, (n) => ({ n })],
]) {
  const times = { set: [], save: [], load: [] };
  let most = 0;
  for (let run = 0; run < runs; run++) {
    const map = new Class(options);
    const all = [...entries(value)];
    times.set.push(
      await seconds(() => {
        for (const [key, one] of all) map.set(key, one);
      }),
    );
    globalThis.gc?.();
    const before = process.memoryUsage();
    const onProgress = () => {
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      most = Math.max(most, heapUsed - before.heapUsed + arrayBuffers - before.arrayBuffers);
    };
    times.save.push(await seconds(() => save(map, file)));
    map.close();
    let copy;
    times.load.push(
      await seconds(async () => {
        copy = await load(Class, file);
      }),
    );
    if (copy.size !== count) throw new Error("entries are missing");
    if (run === 0) {
      await save(copy, file, { onProgress });
      copy.verify();
    }
    copy.close();
  }
  const megabytes = statSync(file).size / 1e6;
  const [set, saved, loaded] = Object.values(times).map(median);
  console.log(
    `${name}: set ${set.toFixed(2)} s, save ${saved.toFixed(2)} s, load ${loaded.toFixed(2)} s; ` +
      `${megabytes.toFixed(1)} MB, ${(statSync(file).size / count).toFixed(1)} bytes an entry; ` +
      `at most ${(most / 1e6).toFixed(1)} MB on top`,
  );
}
