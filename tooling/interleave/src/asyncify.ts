// Gives an instrumented module the power to stop inside a step and to go on later.
//
// Binaryen's Asyncify rewrites every function from which a step can be reached: to stop, it saves
// its locals in memory and returns; to go on, it is called again, restores them and jumps to where
// it was. The module then exports `asyncify_start_unwind(data)`, `asyncify_stop_unwind()`,
// `asyncify_start_rewind(data)`, `asyncify_stop_rewind()` and `asyncify_get_state()` (0 runs,
// 1 unwinds, 2 rewinds), where `data` points to two words: where the saved frames go, and their end.
//
// Asyncify optimises what it has rewritten, which makes it three times smaller; to optimise the module
// again takes as long and makes no difference. It cannot move an access over a step, for a step is a call
// of an unknown function.
import binaryen from "binaryen";
import { hostFunctions, hostModule, suspendingImports } from "./host-functions.ts";

const { Features } = binaryen;

const features =
  Features.Atomics |
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.SIMD128 |
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.SignExt |
  Features.Multivalue;

export interface AsyncifyOptions {
  /** 0 to 3. With 0 the build takes a fifth of the time, and a schedule a little longer. */
  readonly optimize?: number;
}

/** Rewrites the bytes that `instrument` made. Throws when they do not validate. */
export function asyncify(bytes: Uint8Array, { optimize = 2 }: AsyncifyOptions = {}): Uint8Array {
  const module = binaryen.readBinaryWithFeatures(bytes, features);
  try {
    module.setFeatures(features);
    if (!module.validate()) throw new Error("the instrumented module is not valid");
    const suspending = hostFunctions.slice(0, suspendingImports);
    binaryen.setPassArgument(
      "asyncify-imports",
      suspending.map(({ name }) => `${hostModule}.${name}`).join(","),
    );
    binaryen.setOptimizeLevel(optimize);
    binaryen.setShrinkLevel(0);
    module.runPasses(["asyncify"]);
    if (!module.validate()) throw new Error("the asyncified module is not valid");
    return module.emitBinary();
  } finally {
    binaryen.setPassArgument("asyncify-imports", null);
    module.dispose();
  }
}
