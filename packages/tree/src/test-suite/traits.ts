// What is tested of all methods together. A new trait is a file in traits/ and a line here.
import type { Trait } from "./method.ts";
import { badKeys } from "./traits/bad-keys.ts";
import { badOptions } from "./traits/bad-options.ts";
import { badRanges } from "./traits/bad-ranges.ts";
import { badValues } from "./traits/bad-values.ts";
import { capabilities } from "./traits/capabilities.ts";
import { closed } from "./traits/closed.ts";
import { dispose } from "./traits/dispose.ts";
import { fromSorted } from "./traits/from-sorted.ts";
import { full } from "./traits/full.ts";
import { handle } from "./traits/handle.ts";
import { iterators } from "./traits/iterators.ts";
import { liveScan } from "./traits/live-scan.ts";
import { model } from "./traits/model.ts";
import { release } from "./traits/release.ts";
import { threads } from "./traits/threads.ts";
import { waitFor } from "./traits/wait-for.ts";
import { watch } from "./traits/watch.ts";

export const traits: readonly Trait[] = [
  model,
  liveScan,
  iterators,
  badKeys,
  badValues,
  badRanges,
  badOptions,
  capabilities,
  handle,
  closed,
  dispose,
  release,
  full,
  fromSorted,
  waitFor,
  watch,
  threads,
];
