// The compiler's flags, the same for every module of every package.

/** How what is published is optimised. */
const published = "-O3";

/** How what only tests use is optimised: in a third of the time, because less is inlined. */
export const quickly = "-O2";

/** @param {string} [level] of optimisation */
export function compilerFlags(use, level = published) {
  return [
    // No garbage collector and no static data: instantiating a module must not touch the shared memory.
    "--runtime",
    "stub",
    // The memory comes from outside, is shared, and may grow to 4 GiB.
    "--importMemory",
    "--sharedMemory",
    "--initialMemory",
    "1",
    "--maximumMemory",
    "65536",
    "--noExportMemory",
    "--enable",
    "threads,simd,bulk-memory",
    level,
    // Without an abort function, a failed assertion is an `unreachable` instead of a call to an import.
    "--use",
    "abort=",
    // Classes are exported for code that imports the entry. asc need not warn that they do not become
    // exports of the module.
    "--disableWarning",
    "235",
    ...Object.entries(use).flatMap(([name, value]) => ["--use", `${name}=${value}`]),
  ];
}
