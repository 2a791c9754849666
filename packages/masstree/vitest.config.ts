import { preset } from "@tooling/vitest";

// Each file in a process of its own: some fill gigabytes, others count what is collected.
export default preset({ isolate: true });
