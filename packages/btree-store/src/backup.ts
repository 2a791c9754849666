import { MassTreeBadOptionError, MassTreeInterruptedError } from "@masstree/errors";
import { countPages } from "./bits.ts";
import type { Core } from "./core.ts";
import { encodeMeta } from "./meta.ts";
import { PageFile } from "./page-file.ts";
import type { Hold } from "./reads.ts";
import type { Vfs } from "./vfs.ts";

/** Is told how many pages are done, and how many there are. */
export type Progress = (done: number, total: number) => void;

/** What `BTreeStore.backup` resolves to. */
export interface BackupReport {
  /** The commit that the copy has. */
  readonly commit: number;
  /** Pages that were copied and checked. */
  readonly pages: number;
  /** Length of the copy in bytes. Where nothing is in use, file systems that can keep holes. */
  readonly bytes: number;
}

/** How many pages are copied between two turns of the event loop. */
const TURN_PAGES = 256;

/**
 * Copies a state to a new file: its pages, a sync, the meta page, a sync. So a copy that is not complete is no store.
 *
 * @param isHeld whether the state's pages are still kept; it throws if the store was closed
 */
export async function copyState(
  core: Core,
  hold: Hold,
  vfs: Vfs,
  path: string,
  progress: Progress | undefined,
  isHeld: () => void,
): Promise<BackupReport> {
  const { memory } = core;
  const { state } = hold;
  const { pageBytes, stagePages } = memory;
  const lock = vfs.lock(path, "readWrite");
  try {
    const target = vfs.open(path, "readWrite");
    try {
      if (target.size() > 0) {
        throw new MassTreeBadOptionError(
          `There is a file '${path}' already. A backup makes a new one.`,
        );
      }
      const file = new PageFile(target, pageBytes);
      const runs = core.space.runsOf(state);
      const total = countPages(runs);
      file.lengthen(state.pages);
      let done = 0;
      let pauseAt = TURN_PAGES;
      for (const { first, pages } of runs) {
        for (let at = 0; at < pages; ) {
          const count = Math.min(stagePages, pages - at);
          file.write(memory.readToStage(first + at, count, state.commit), first + at);
          at += count;
          done += count;
          if (done < pauseAt) continue;
          pauseAt = done + TURN_PAGES;
          progress?.(done, total);
          await new Promise<void>((resolve) => setTimeout(resolve));
          isHeld();
          if (hold.isLost) throw lost();
        }
      }
      file.sync();
      const identity = crypto.getRandomValues(new Uint8Array(8));
      file.writeMeta(encodeMeta({ pageBytes, identity }, state), 0);
      file.sync();
      progress?.(total, total);
      return { commit: state.commit, pages: total, bytes: target.size() };
    } finally {
      target.close();
    }
  } finally {
    lock.release();
  }
}

function lost(): MassTreeInterruptedError {
  return new MassTreeInterruptedError(
    "A call of this thread was interrupted, and other threads have written since. Begin the backup again.",
  );
}
