// Finds a subject by its name. Each worker looks it up itself, because functions cannot be sent.
import type { Subject } from "./contract.ts";

const known: Record<string, () => Promise<Subject>> = {
  masstree: async () => (await import("./masstree.ts")).massTree,
  "masstree-inline": async () => (await import("./masstree.ts")).massTreeInline,
  "sorted-btree": async () => (await import("./sorted-btree.ts")).sortedBTree,
  map: async () => (await import("./native-map.ts")).nativeMap,
};

/**
 * @param reference a name from above, or the URL of a module whose default export is a subject. The
 * tests pass the URLs of maps with planted faults.
 */
export async function loadSubject(reference: string): Promise<Subject> {
  const load = known[reference];
  if (load !== undefined) return load();
  const module: { default: Subject } = await import(reference);
  return module.default;
}
