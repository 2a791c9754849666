import { preset } from "@tooling/vitest";

export default preset({ stressed: ["test/conformance.test.ts"] });
