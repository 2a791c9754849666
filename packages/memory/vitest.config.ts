import { preset } from "@tooling/vitest";

export default preset({ stressed: ["test/crash.test.ts"] });
