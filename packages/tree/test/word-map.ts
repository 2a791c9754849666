// The smallest map over the tree: its values are the tree's own 64-bit words. What all maps have in
// common is tested with it.
import { MassTreeBadValueError } from "@masstree/errors";
import {
  attachMap,
  checkedHandle,
  createMap,
  fillSorted,
  type KeyType,
  type MapHandle,
  type MapKind,
  type OpenMap,
  OrderedMap,
  type TreeInstance,
  treeModules,
  type WordCodec,
  type WordTreeExports,
  WordValues,
} from "../src/index.ts";
import { useDebugBuilds } from "./debug-builds.ts";

useDebugBuilds(treeModules, new URL("../build/", import.meta.url), "tree");

const kind: MapKind<"word"> = {
  className: "MassTreeInline",
  modules: treeModules,
  valueNumbers: { word: 9 },
};

const words: WordCodec<bigint> = {
  write: (views, index, value) => {
    if (typeof value !== "bigint") throw new MassTreeBadValueError("A word must be a bigint.");
    views.u64[index] = value;
  },
  read: (views, index) => views.u64[index]!,
};

type OpenWords<K extends KeyType> = OpenMap<K, "word", WordTreeExports>;

export class WordMap<K extends KeyType = string> extends OrderedMap<K, bigint> {
  readonly tree: TreeInstance<WordTreeExports>;

  constructor(options: object = {}, map?: OpenWords<K>) {
    const opened = map ?? createMap<K, "word", WordTreeExports>(kind, options, "word");
    super({ ...opened, values: new WordValues(opened.tree, words) });
    this.tree = opened.tree;
  }

  /** On a class with a mistake, this makes maps of that class. */
  static fromSorted<K extends KeyType = string>(
    entries: Iterable<readonly [K, bigint]>,
    options?: object,
  ): WordMap<K> {
    return fillSorted<K, bigint, WordMap<K>>(() => new this<K>(options), entries);
  }

  static attach<K extends KeyType = string>(handle: MapHandle): WordMap<K> {
    return new WordMap<K>({}, openWords(handle));
  }
}

/** The map of a handle, for the constructor of a class on WordMap. */
export function openWords<K extends KeyType>(handle: MapHandle): OpenWords<K> {
  return attachMap(kind, checkedHandle(kind, handle));
}
