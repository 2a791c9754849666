// Commits as fast as it can, and tells its parent the number of each commit that was acknowledged. Killed in the middle.
//
//   writer.mjs PACKAGE FILE
import { writeSync } from "node:fs";

const [, , url, file] = process.argv;
const { BTreeStore } = await import(url);
const store = BTreeStore.open(file);
let n = store.read("count", (txn) => txn.get("n") ?? 0);
for (;;) {
  n++;
  store.writeMany((m) => {
    m.bucket("count").set("n", n);
    const rows = m.bucket("rows");
    // Row i has the number of the commit that wrote it last: they all have to be of one state.
    for (let i = 0; i < 20; i++)
      rows.set(`row ${(n * 7 + i) % 60}`, { n, text: "x".repeat(n % 3000) });
    for (let i = 0; i < 5; i++) rows.delete(`row ${(n * 11 + i) % 60}`);
  });
  writeSync(1, `${n}\n`);
}
