import { library, libraryForBrowsers } from "@tooling/tsup";

export default [
  library({ entry: ["src/index.ts", "src/structure.ts", "src/trace.ts"] }),
  libraryForBrowsers({ entry: ["src/index.ts", "src/structure.ts"] }),
];
