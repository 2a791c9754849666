// All mistakes planted in what threads share; thread-mutants.test.ts hunts some of them.
import { afterAll, test } from "vitest";
import { clean, mustBeCaught, survive } from "./support/thread-hunt.ts";
import { threadMutants } from "./support/thread-mutants.ts";

afterAll(clean);

test("the package as it is survives", survive, 120_000);

test.each(threadMutants)("$name", mustBeCaught, 240_000);
