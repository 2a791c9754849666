// The methods that the suite tests. A new one is a file in methods/ and a line here; if not every class has it,
// it is an optional member of TestedMap and a capability as well.
import type { Method } from "./method.ts";
import { clear } from "./methods/clear.ts";
import { compareAndSet } from "./methods/compare-and-set.ts";
import { count } from "./methods/count.ts";
import { cursor } from "./methods/cursor.ts";
import { delete_ } from "./methods/delete.ts";
import { diff } from "./methods/diff.ts";
import { entries } from "./methods/entries.ts";
import { exchange } from "./methods/exchange.ts";
import { first } from "./methods/first.ts";
import { forEach } from "./methods/for-each.ts";
import { get } from "./methods/get.ts";
import { getOrInsert } from "./methods/get-or-insert.ts";
import { getOrInsertComputed } from "./methods/get-or-insert-computed.ts";
import { has } from "./methods/has.ts";
import { iterate } from "./methods/iterate.ts";
import { keys } from "./methods/keys.ts";
import { last } from "./methods/last.ts";
import { maintain } from "./methods/maintain.ts";
import { deleteMany, getMany, hasMany, setMany } from "./methods/many.ts";
import { ceiling, floor, higher, lower } from "./methods/neighbours.ts";
import { guardGet, guardScan } from "./methods/pin.ts";
import { popFirst, popLast } from "./methods/pop.ts";
import { replace } from "./methods/replace.ts";
import { set } from "./methods/set.ts";
import { setIfAbsent } from "./methods/set-if-absent.ts";
import { size } from "./methods/size.ts";
import { splitPoints } from "./methods/split-points.ts";
import { take } from "./methods/take.ts";
import { update } from "./methods/update.ts";
import { values } from "./methods/values.ts";
import { waitForSync } from "./methods/wait-for-sync.ts";

export const methods: readonly Method[] = [
  get,
  has,
  set,
  replace,
  exchange,
  setIfAbsent,
  getOrInsert,
  getOrInsertComputed,
  delete_,
  take,
  compareAndSet,
  update,
  waitForSync,
  size,
  clear,
  first,
  last,
  floor,
  lower,
  ceiling,
  higher,
  count,
  popFirst,
  popLast,
  getMany,
  hasMany,
  setMany,
  deleteMany,
  entries,
  keys,
  values,
  iterate,
  forEach,
  cursor,
  guardGet,
  guardScan,
  splitPoints,
  diff,
  maintain,
];
