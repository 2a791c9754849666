import { preset } from "@tooling/vitest";

// Each file in a process of its own: some expect that nobody in it has used a map before. Those with the
// explorer use the same cores, each of which takes a while to compile.
export default preset({
  isolate: true,
  together: "test/explorer",
});
