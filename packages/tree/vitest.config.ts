import { preset } from "@tooling/vitest";

// Each file in a process of its own: some expect that nobody in it has used a map before.
export default preset({ isolate: true });
