import { describe } from "vitest";
import { testWorkers } from "./worker-suite.ts";

describe.each(Array.from({ length: 20 }, (_, round) => round))("round %i", () => {
  testWorkers(5);
});
