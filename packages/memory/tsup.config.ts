import { library } from "@tooling/tsup";

// Files of their own: bundlers leave the allocator for JavaScript out where only headers are read.
export default library({
  entry: {
    index: "src/index.ts",
    region: "src/region.ts",
    "read-header": "src/read-header.ts",
    "create-memory": "src/create-memory.ts",
  },
});
