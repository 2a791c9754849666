import type { StorePeer } from "./peer.ts";
import { btreeStore } from "./peers/btree-store.ts";
import { classicLevel } from "./peers/classic-level.ts";
import { lmdb } from "./peers/lmdb.ts";
import { betterSqlite, nodeSqlite } from "./peers/sqlite.ts";

/** All peers, this project's store first. */
export const storePeers: readonly StorePeer[] = [
  btreeStore,
  lmdb,
  classicLevel,
  betterSqlite,
  nodeSqlite,
];

/** A peer by its name. */
export function storePeer(name: string): StorePeer {
  const found = storePeers.find((peer) => peer.name === name);
  if (found === undefined) throw new Error(`there is no store '${name}'`);
  return found;
}
