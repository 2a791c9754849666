// The smallest map over the published tree: numbers in the slots.
import {
  attachMap,
  checkedHandle,
  createMap,
  OrderedMap,
  treeModules,
  WordValues,
} from "../../../dist/index.js";

const kind = { className: "MassTreeInline", modules: treeModules, valueNumbers: { word: 9 } };

const words = {
  write: (views, index, value) => {
    views.u64[index] = value;
  },
  read: (views, index) => views.u64[index],
};

export class WordMap extends OrderedMap {
  constructor(opened = createMap(kind, { width: 15 }, "word")) {
    super({ ...opened, values: new WordValues(opened.tree, words) });
    this.tree = opened.tree;
  }

  static create(options) {
    return new WordMap(createMap(kind, { width: 15, ...options }, "word"));
  }

  static attach(handle) {
    return new WordMap(attachMap(kind, checkedHandle(kind, handle)));
  }
}
