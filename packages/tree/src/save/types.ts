// The types of saving and loading that every entry for it has.
export type { LoadOptions, MapClass } from "./load.ts";
export type { Signal } from "./pace.ts";
export type { ProgressOptions, Savable, SaveProgress } from "./save.ts";
export type {
  LoadSource,
  ReadableBytes,
  SaveTarget,
  SourceReader,
  TargetWriter,
} from "./streams.ts";
