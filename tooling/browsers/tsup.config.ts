import { app } from "@tooling/tsup";

export default app({ entry: ["src/index.ts", "src/origin.ts"] });
