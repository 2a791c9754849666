export * from "@masstree/inline";
export {
  LocalMassTree,
  type LocalMassTreeConstructor,
  type LocalMassTreeOptions,
} from "@masstree/local";
export { type CompressedOptions, compressed } from "./compressed.ts";
export {
  type AttachOptions,
  MassTree,
  type MassTreeConstructor,
  type MassTreeOptions,
  type ValueOption,
} from "./masstree.ts";
export type { ValueCodec, ValueCodecName, ValueTypes } from "./value-codec.ts";
