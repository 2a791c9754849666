// Kills a process in the middle of its commits, again and again, and looks at the file.
import { join } from "node:path";
import { BTreeStore } from "../../src/index.ts";
import { inFolder, kill, start } from "./processes.ts";

/** @returns how many commits were acknowledged in all */
export function killWriters(rounds: number, random: () => number): Promise<number> {
  return inFolder(async (folder) => {
    const file = join(folder, "data.db");
    let acknowledged = 0;
    for (let round = 0; round < rounds; round++) {
      const told = await killOne(file, random() * 120);
      acknowledged = Math.max(acknowledged, told);
      const store = BTreeStore.open(file); // Takes over the lock of the dead.
      try {
        store.check();
        const found = store.read<number>("count", (txn) => txn.get("n") ?? 0);
        if (found !== acknowledged && found !== acknowledged + 1) {
          throw new Error(
            `round ${round}: commit ${acknowledged} was acknowledged, ${found} is there`,
          );
        }
        acknowledged = found;
        store.read<{ n: number }>("rows", (txn) => {
          for (const [key, { n }] of txn)
            if (n !== wrote(Number(key.slice(4)), found)) throw new Error(key);
        });
      } finally {
        store.close();
      }
    }
    return acknowledged;
  });
}

/** The commit that has written a row last, of those up to one. */
function wrote(row: number, last: number): number {
  for (let n = last; n > 0; n--) {
    if ((row - ((n * 7) % 60) + 60) % 60 < 20) return n;
  }
  return 0;
}

/** Starts a writer, kills it some time after its first commit, and returns the last commit that it has told. */
function killOne(file: string, delay: number): Promise<number> {
  const child = start("writer", file);
  let text = "";
  let isDoomed = false;
  return new Promise((resolve) => {
    child.stdout!.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (isDoomed) return;
      isDoomed = true;
      setTimeout(() => void kill(child), delay);
    });
    child.once("close", () => {
      const lines = text.split("\n");
      // The last line may be half.
      resolve(Number(lines.at(-2) ?? 0));
    });
  });
}
