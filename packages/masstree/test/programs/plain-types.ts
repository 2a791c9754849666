// A program of a user's whose types are JavaScript's alone: compiled by declarations.test.ts, never run.
import { Epochs } from "@masstree/epoch";
import { type KeyCodec, keyCodecs } from "@masstree/key";
import { Region } from "@masstree/memory";
import {
  compressed,
  LocalMassTree,
  MassTree,
  type MassTreeInline,
  MassTreeSet,
  tuple,
} from "masstree";
import { msgpack } from "masstree/msgpack";
import { load as loadFile, save as saveFile } from "masstree/node";
import { load, type save } from "masstree/save";
import { trace } from "masstree/trace";
import "masstree/24";
import { MassTreeCorruptError, type MassTreeError } from "../../../errors/dist/index.js";
import { NodeVersions } from "../../../nodeversion/dist/index.js";
import { Permuter } from "../../../permuter/dist/index.js";
import { WasmModules } from "../../../session/dist/index.js";
import { SharedStructure } from "../../../session/dist/structure.js";
import * as suite from "../../../tree/dist/test-suite.js";
import { instantiate } from "../../../wasm/dist/index.js";

export const map: MassTree<number> = new MassTree();
export const pages: number = map.handle.memory.grow(0);
export const other: MassTreeInline<bigint> | undefined = undefined;

export const local: LocalMassTree<() => void, number> = new LocalMassTree({ key: "number" });
export const members: MassTreeSet<readonly [string, bigint]> = new MassTreeSet({
  key: tuple("string", "bigint"),
});
export const small: MassTree<string> = new MassTree({ value: compressed("utf8") });
export const packed: MassTree<number[]> = new MassTree({ value: msgpack<number[]>() });

export const region: Region = Region.create();
export const epochs: Epochs = new Epochs(region.memory);
export const versions: NodeVersions = new NodeVersions(region.memory);
export const strings: KeyCodec<string> = keyCodecs.string;
export const others: unknown[] = [Permuter, instantiate, WasmModules, SharedStructure, suite];

export const broken: MassTreeError = new MassTreeCorruptError("Broken.", {}, { cause: others });

export const chunks: Uint8Array[] = [];
export const loaded: Promise<MassTree<number>> = load(MassTree<number>, chunks);
export const saved: Promise<{ readonly bytes: number }> = saveFile(map, "map", {
  onProgress: ({ entries }) => void entries,
});
export const again: Promise<MassTree<number>> = loadFile(MassTree<number>, "map");
export const target: Parameters<typeof save>[1] | undefined = undefined;
export const stop: () => void = trace((line) => void line.length);
