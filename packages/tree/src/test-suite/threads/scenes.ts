// The checks with several threads. A new one is a file in this folder and a line here.
import { desert } from "./desert.ts";
import { exchange } from "./exchange.ts";
import { fill } from "./fill.ts";
import { scan } from "./scan.ts";
import { share } from "./share.ts";
import type { Scene } from "./task.ts";

export const scenes: readonly Scene[] = [fill, share, scan, exchange, desert];
