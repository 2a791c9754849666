export { corruption } from "./corruption.ts";
export {
  createMemory,
  type MemoryOptions,
  type MemoryPages,
  memoryPages,
} from "./create-memory.ts";
export { type RegionHeader, readHeader } from "./read-header.ts";
export { Region, type RegionAccount } from "./region.ts";
export { RegionView } from "./region-view.ts";
