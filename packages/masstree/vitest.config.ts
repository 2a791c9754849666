import { preset } from "@tooling/vitest";

// Each file in a process of its own: some fill gigabytes, others count what is collected. Those with the
// explorer use the same cores, each of which takes a while to compile.
export default preset({
  isolate: true,
  together: "test/explorer",
});
