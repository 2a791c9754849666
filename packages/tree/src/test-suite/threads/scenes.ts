// The checks with several threads. A new one is a file in this folder and a line here.
import { getOrInsert, getOrInsertComputed, setIfAbsent } from "./claim.ts";
import { compareAndSet, update } from "./count.ts";
import { desert } from "./desert.ts";
import { exchange, replace } from "./exchange.ts";
import { fill } from "./fill.ts";
import { parts } from "./parts.ts";
import { pop } from "./pop.ts";
import { scan } from "./scan.ts";
import { share } from "./share.ts";
import { take } from "./take.ts";
import type { Scene } from "./task.ts";

export const scenes: readonly Scene[] = [
  fill,
  share,
  scan,
  parts,
  replace,
  exchange,
  setIfAbsent,
  getOrInsert,
  getOrInsertComputed,
  take,
  compareAndSet,
  update,
  pop,
  desert,
];
