// A process of `index`. It either measures one way, or recounts. What it needs comes in one
// message; it answers with its progress, and then with a result or a failure.
import { toPlain } from "./failure.ts";
import { removeDirectory } from "./in-directory.ts";
import { measureWay } from "./word-index/measure.ts";
import type { Asked, Said } from "./word-index/processes.ts";
import { recount } from "./word-index/recount.ts";
import { packTable } from "./word-index/table.ts";
import { WayUnavailable } from "./word-index/way.ts";

const say = (said: Said): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send!(said, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });

// The terminal interrupts both processes. The other one decides what happens.
process.on("SIGINT", () => undefined);

process.once("message", async (asked: Asked) => {
  // The end of the other one is the end of this one, however it came.
  process.on("disconnect", () => {
    if (asked.kind === "way") removeDirectory(asked.directory);
    process.exit();
  });
  let shown = 0;
  const progress = (done: number): void => {
    if (!process.connected || performance.now() - shown < 100) return;
    shown = performance.now();
    void say({ progress: done });
  };
  try {
    if (asked.kind === "recount") {
      await say({ recounted: packTable(await recount(asked.files, progress)) });
    } else {
      await say({ measured: await measureWay(asked, progress) });
    }
  } catch (error) {
    if (error instanceof WayUnavailable) await say({ unavailable: error.message });
    else await say({ failure: toPlain(error) });
  }
  process.exit();
});
