// Finds a subject by its name. Each worker does so for itself: functions cannot be sent.
import type { Subject } from "./contract.ts";

const known: Record<string, () => Promise<Subject>> = {
  masstree: async () => (await import("./masstree.ts")).massTree,
  "masstree-inline": async () => (await import("./masstree.ts")).massTreeInline,
  "sorted-btree": async () => (await import("./sorted-btree.ts")).sortedBTree,
  map: async () => (await import("./native-map.ts")).nativeMap,
};

/**
 * @param reference a name from above, or the URL of a module whose default export is a subject:
 * the tests hold maps with planted faults against the job that way
 */
export async function loadSubject(reference: string): Promise<Subject> {
  const load = known[reference];
  if (load !== undefined) return load();
  const module: { default: Subject } = await import(reference);
  return module.default;
}
