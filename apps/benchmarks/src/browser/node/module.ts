// `createRequire` for the packages that are required.
import * as hdr from "hdr-histogram-js";
import * as sortedBTree from "sorted-btree";

const packages: Readonly<Record<string, unknown>> = {
  "hdr-histogram-js": hdr,
  "sorted-btree": sortedBTree,
};

export function createRequire(): (name: string) => unknown {
  return (name) => {
    if (!(name in packages)) throw new Error(`the page has no package '${name}'`);
    return packages[name];
  };
}
