import { assertThrowsCode, show } from "../assert.ts";
import type { Trait } from "../method.ts";

export const badOptions: Trait = {
  name: "options",
  needs: ["options"],
  checks: {
    "that are none are refused": (bench) => {
      const { create, refused } = bench.capabilities.options!;
      for (const options of refused) {
        const what = `A map with the options ${show(options)}`;
        assertThrowsCode(() => bench.keep(create(options)), bench.codes.badOption, what);
      }
    },
  },
};
