// Watches that nobody refers to any more end by themselves: writes then cost what they did before, and the ring of the
// thread is given back. Run with --expose-gc.
import { setTimeout as sleep } from "node:timers/promises";
import { MassTree } from "../../dist/index.js";

const map = new MassTree({ value: "utf8" });
map.set("a", "1");
const before = map.stats().liveBytes;

async function forget() {
  for (let i = 0; i < 10; i++) {
    const changes = map.watch();
    map.set("a", String(i));
    await changes.next();
  }
}

await forget();
if (map.stats().liveBytes < before + 65536) throw new Error("the map has no ring");
for (let tries = 0; tries < 200; tries++) {
  globalThis.gc();
  await sleep(5);
  map.maintain();
  if (map.stats().liveBytes === before) break;
}
if (map.stats().liveBytes !== before) throw new Error("a watch that was forgotten has not ended");
map.verify();
map.close();
process.stdout.write("done");
