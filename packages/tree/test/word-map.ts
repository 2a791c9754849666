// The smallest map over the tree: its values are the tree's own 64-bit words. What all maps have in
// common is tested with it.
import {
  attachMap,
  checkedHandle,
  createMap,
  ENTRY_VALUE,
  type KeyType,
  type MapHandle,
  type MapKind,
  type OpenMap,
  OrderedMap,
  type ScanValues,
  type TreeInstance,
  treeModules,
  WORD_IN,
  WORD_OUT,
} from "../src/index.ts";
import { useDebugBuilds } from "./debug-builds.ts";

useDebugBuilds(treeModules, new URL("../build/", import.meta.url), "tree");

const kind: MapKind<"word"> = {
  className: "MassTreeInline",
  modules: treeModules,
  valueNumbers: { word: 9 },
};

const values: ScanValues<bigint> = {
  pinned: false,
  keep: (_buffer, count) => count,
  read: (buffer, entry) => buffer.views.u64[(entry + ENTRY_VALUE) / 8]!,
};

export class WordMap<K extends KeyType = string> extends OrderedMap<K, bigint> {
  readonly tree: TreeInstance;

  constructor(options: object = {}, map?: OpenMap<K, "word">) {
    const opened = map ?? createMap<K, "word">(kind, options, "word");
    super({ ...opened, values });
    this.tree = opened.tree;
  }

  static attach<K extends KeyType = string>(handle: MapHandle): WordMap<K> {
    return new WordMap<K>({}, attachMap(kind, checkedHandle(kind, handle)));
  }

  get(key: K): bigint | undefined {
    const length = this.encodeKey(key);
    const found = this.tree.exports.get(length);
    return found === 0 ? undefined : this.tree.result.u64[WORD_OUT];
  }

  set(key: K, value: bigint): this {
    const length = this.encodeKey(key);
    this.tree.result.u64[WORD_IN] = value;
    if (this.tree.exports.set(length) === 2) throw new Error("full");
    return this;
  }
}
