// This project's maps as subjects of the check, through their public API.
import { MassTree, MassTreeInline } from "masstree";
import type { OrderedMap, Sharing, Subject } from "./contract.ts";
import { settle } from "./occupied.ts";

type Map = Pick<MassTree<unknown>, "handle" | "close">;

const sharing = (attach: (handle: never) => unknown): Sharing => ({
  handle: (map) => (map as unknown as Map).handle,
  attach: (handle) => attach(handle as never) as OrderedMap,
  settle: (map) => settle(map as never),
});

export const massTree: Subject = {
  name: "MassTree",
  value: (i, byteLength) => ({ number: i, bytes: byteLength }),
  isValue(found, i, byteLength) {
    const { number, bytes } = found as { number: unknown; bytes: unknown };
    return number === i && bytes === byteLength;
  },
  create: () => new MassTree() as unknown as OrderedMap,
  shared: sharing((handle) => MassTree.attach(handle)),
};

export const massTreeInline: Subject = {
  name: "MassTreeInline",
  value: (i) => i,
  isValue: (found, i) => found === i,
  create: () => new MassTreeInline({ value: "u32" }) as unknown as OrderedMap,
  shared: sharing((handle) => MassTreeInline.attach(handle)),
};
