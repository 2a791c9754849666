// All mistakes planted in the built package; mutants.test.ts hunts some of them.
import { afterAll, test } from "vitest";
import { clean, mustBeCaught, survive } from "./support/hunt.ts";
import { mutants } from "./support/mutants.ts";

afterAll(clean);

test("the package as it is survives", survive);

test.each(mutants)("$name", mustBeCaught);
