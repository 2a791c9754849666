// This project's maps as benchmark subjects, through their public API.
import { LocalMassTree, MassTree, MassTreeInline } from "masstree";
import { settle } from "../maps/occupied.ts";
import type { KeyType } from "./kinds.ts";
import type { BenchSubject, MapLike } from "./subjects.ts";

type Map = MassTree<unknown, never> | MassTreeInline<number, never> | LocalMassTree<unknown, never>;

interface Parts {
  readonly name: string;
  create(type: KeyType): Map;
  /** Absent if threads cannot share it. */
  attach?(handle: never): Map;
  value(i: number): unknown;
  isValue(found: unknown, i: number): boolean;
}

function subject({ name, create, attach, value, isValue }: Parts): BenchSubject {
  return {
    name,
    keyTypes: ["string", "number", "bytes"],
    create: (type) => create(type) as unknown as MapLike,
    value,
    isValue,
    scan(map) {
      let seen = 0;
      for (const [, found] of (map as unknown as Map).entries()) if (found !== undefined) seen++;
      return seen;
    },
    forEach(map) {
      let seen = 0;
      (map as unknown as MassTree<unknown>).forEach((found) => {
        if (found !== undefined) seen++;
      });
      return seen;
    },
    scanFrom(map, start, limit) {
      let seen = 0;
      const range = { gte: start as never, limit };
      for (const [, found] of (map as unknown as Map).entries(range))
        if (found !== undefined) seen++;
      return seen;
    },
    occupied: (map) =>
      attach ? settle(map as never).live : (map as unknown as Map).stats().liveBytes,
    close: (map) => (map as unknown as Map).close(),
    ...(attach && {
      handle: (map: MapLike) => (map as unknown as MassTree).handle,
      attach: (handle: unknown) => attach(handle as never) as unknown as MapLike,
    }),
  };
}

export const massTrees: readonly BenchSubject[] = [
  subject({
    name: "MassTreeInline",
    create: (key) => new MassTreeInline({ key, value: "u32" }) as unknown as Map,
    attach: (handle) => MassTreeInline.attach(handle),
    value: (i) => i,
    isValue: (found, i) => found === i,
  }),
  subject({
    name: "MassTree (json)",
    create: (key) => new MassTree({ key, value: "json" }) as unknown as Map,
    attach: (handle) => MassTree.attach(handle),
    value: (i) => ({ n: i }),
    isValue: (found, i) => (found as { n: unknown }).n === i,
  }),
  subject({
    name: "MassTree (utf8)",
    create: (key) => new MassTree({ key, value: "utf8" }) as unknown as Map,
    attach: (handle) => MassTree.attach(handle),
    value: (i) => `value ${i}`,
    isValue: (found, i) => found === `value ${i}`,
  }),
  subject({
    name: "LocalMassTree",
    create: (key) => new LocalMassTree({ key }) as unknown as Map,
    value: (i) => i,
    isValue: (found, i) => found === i,
  }),
];
