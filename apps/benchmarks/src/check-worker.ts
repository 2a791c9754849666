// A thread of the check. It either prepares the input, or takes part in the steps over one map.

import { Steps, type StepsData } from "./check/steps.ts";
import { arrangeInput } from "./keys/order.ts";
import { serve } from "./threads/serve.ts";

/** Sorting gets its own thread, so that the main thread can keep showing progress. */
const prepareHandlers = { prepare: arrangeInput };

export type PrepareHandlers = typeof prepareHandlers;

const stepsHandlers = (steps: Steps) => ({
  ready: () => steps.ready(),
  write: (...args: Parameters<Steps["write"]>) => steps.write(...args),
  watch: (...args: Parameters<Steps["watch"]>) => steps.watch(...args),
  find: (...args: Parameters<Steps["find"]>) => steps.find(...args),
  walk: (...args: Parameters<Steps["walk"]>) => steps.walk(...args),
  prefixes: (...args: Parameters<Steps["prefixes"]>) => steps.prefixes(...args),
  size: () => steps.size(),
  settle: () => steps.settle(),
  occupied: () => steps.occupied(),
  close: () => steps.close(),
});

export type StepsHandlers = ReturnType<typeof stepsHandlers>;

serve(async (data: StepsData | undefined) =>
  data === undefined ? prepareHandlers : stepsHandlers(await Steps.open(data)),
);
