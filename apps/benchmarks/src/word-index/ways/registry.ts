// Finds a way by its name. Each thread looks it up itself, because functions cannot be sent.
import type { Way } from "../way.ts";

const known: Record<string, () => Promise<Way>> = {
  masstree: async () => (await import("./shared-map.ts")).sharedMap,
  "one-thread": async () => (await import("./one-thread.ts")).oneThread,
  messages: async () => (await import("./messages.ts")).messages,
  merged: async () => (await import("./merged.ts")).merged,
  lmdb: async () => (await import("./lmdb.ts")).lmdb,
};

export const wayNames: readonly string[] = Object.keys(known);

/**
 * @param reference a name from above, or the URL of a module whose default export is a way. The tests
 * pass the URLs of ways with planted faults.
 */
export async function loadWay(reference: string): Promise<Way> {
  const load = known[reference];
  if (load !== undefined) return load();
  const module: { default: Way } = await import(reference);
  return module.default;
}
