// All peers, by their names. Each worker looks its peer up itself, because functions cannot be sent.
import { createRequire } from "node:module";
import type { Peer } from "./peer.ts";

const require = createRequire(import.meta.url);

const loaders: Readonly<Record<string, () => Promise<Peer>>> = {
  MassTreeInline: async () => (await import("./masstree.ts")).massTreeInline,
  "MassTree (json)": async () => (await import("./masstree.ts")).massTreeJson,
  "MassTree (utf8)": async () => (await import("./masstree.ts")).massTreeText,
  LocalMassTree: async () => (await import("./local-masstree.ts")).localMassTree,
  "sorted-btree": async () => (await import("./sorted-btree.ts")).sortedBTree,
  "js-sdsl": async () => (await import("./js-sdsl.ts")).jsSdsl,
  "memory-level": async () => (await import("./memory-level.ts")).memoryLevel,
  lmdb: async () => (await import("./lmdb.ts")).lmdb,
  Map: async () => (await import("./map.ts")).nativeMap,
  "Map + sort": async () => (await import("./sorted-map.ts")).sortedMap,
  ShareableMap: async () => (await import("./shareable-map.ts")).shareableMap,
  SharedMap: async () => (await import("./sharedmap.ts")).sharedMap,
  messages: async () => (await import("./message-passing.ts")).messagePassing,
};

/** In the order of the tables. */
export const peerNames: readonly string[] = Object.keys(loaders);

export async function loadPeer(name: string): Promise<Peer> {
  const load = loaders[name];
  if (load === undefined) throw new Error(`there is no peer '${name}'`);
  return load();
}

/** Why a peer's package cannot be loaded here; `undefined` if it can. Some have native code, and are optional. */
export async function missing(peer: Peer): Promise<string | undefined> {
  if (peer.package === "node" || peer.own) return undefined;
  try {
    require(peer.package);
    return undefined;
  } catch (error) {
    const [line = ""] = (error as Error).message.split("\n");
    return `its package '${peer.package}' cannot be loaded: ${line}`;
  }
}
