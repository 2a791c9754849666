/**
 * `@masstree/tree/save`: writes a map to a stream, and reads it back.
 */
export { type AnyMap, type LoadOptions, load, type MapClass } from "./save/load.ts";
export type { Signal } from "./save/pace.ts";
export { type ProgressOptions, type SaveProgress, save } from "./save/save.ts";
export type {
  LoadSource,
  ReadableBytes,
  SaveTarget,
  SourceReader,
  TargetWriter,
} from "./save/streams.ts";
