import { preset } from "@tooling/vitest";

// One process for all files: what each would do first is to load the compiler and to compile the same cores.
export default preset({ isolate: false });
