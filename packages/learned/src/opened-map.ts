// Which of the two modules a `LearnedMap` has, by its option `value`: numbers in slots, or values of any kind in boxes.
import { badOption, readOptions } from "@masstree/errors/options";
import {
  type InlineValueName,
  valueNumbers as inlineNumbers,
  type OtherValues,
} from "@masstree/inline";
import {
  attachMap,
  checkedHandle,
  type KeyType,
  type MapKind,
  type OpenMap,
  oneOf,
  type WordTreeExports,
} from "@masstree/tree";
import {
  type BoxExports,
  BoxValues,
  valueNumbers as boxedNumbers,
  checkAttachedValue,
  checkCodec,
  kindOf,
  type ValueCodec,
  type ValueCodecName,
  type ValueKind,
  type ValueName,
  Values,
} from "masstree/codecs";
import type { LearnedExports } from "./generated/learned-exports.ts";
import { boxedModules } from "./modules.ts";
import { createLearned, learnedKind, type OpenLearned } from "./open.ts";
import { optionNames } from "./options.ts";

const valueNames = Object.keys(inlineNumbers) as InlineValueName[];

const CLASS = "LearnedMap";
const inlineKind: MapKind<InlineValueName> = /* @__PURE__ */ learnedKind(CLASS, inlineNumbers);
const boxedKind: MapKind<ValueKind> = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ learnedKind<ValueName>(CLASS, boxedNumbers, boxedModules),
  { customValues: true },
);
/** For handles, which are of one or the other. */
const kind: MapKind<InlineValueName | ValueKind> = /* @__PURE__ */ Object.assign(
  /* @__PURE__ */ learnedKind<InlineValueName | ValueName>(CLASS, {
    ...inlineNumbers,
    ...boxedNumbers,
  }),
  { customValues: true },
);

/** An open map whose values are numbers in slots, or in boxes. */
export type Opened<K extends KeyType, V> = OpenLearned<K, InlineValueName> | OtherValues<K, V>;

function isInline(value: unknown): value is InlineValueName {
  return valueNames.includes(value as InlineValueName);
}

/** A map with values in boxes. */
function withBoxes<V>(
  map: OpenMap<KeyType, ValueKind, BoxExports>,
  codec: ValueCodec<V> | undefined,
): OtherValues<KeyType, V> {
  return { ...map, values: new BoxValues(map.tree, new Values<V>(map.value, codec)) };
}

/**
 * Creates a map in its own memory.
 *
 * @param options as of `new LearnedMap`
 * @throws as `new LearnedMap`
 */
export function newLearned(options: unknown): Opened<KeyType, unknown> {
  const read = readOptions(options, optionNames);
  const { value = "f64" } = read;
  if (isInline(value)) {
    return createLearned<InlineValueName>(inlineKind, read, value);
  }
  if (typeof value !== "object" && !Object.hasOwn(boxedNumbers, value as string)) {
    const names = [...valueNames, ...Object.keys(boxedNumbers).filter((name) => name !== "custom")];
    throw badOption("value", `${oneOf(names)}, or { encode, decode }`, value);
  }
  const codec = checkCodec(value, "value");
  const name = codec === undefined ? (value as ValueCodecName) : kindOf(codec);
  return withBoxes(createLearned<ValueKind, BoxExports>(boxedKind, read, name), codec);
}

/**
 * Opens the map of a handle as one more participant.
 *
 * @param options as of `LearnedMap.attach`
 * @throws as `LearnedMap.attach`
 */
export function attachLearned(handle: unknown, options: unknown): Opened<KeyType, unknown> {
  const { key, value } = readOptions(options, ["key", "value"]);
  const { value: name, ...checked } = checkedHandle(kind, handle);
  if (isInline(name)) {
    if (value !== undefined && value !== name) {
      throw badOption("value", `what the map was created with: "${name}"`, value);
    }
    return attachMap<KeyType, InlineValueName, WordTreeExports & LearnedExports>(
      inlineKind,
      { ...checked, value: name },
      key,
    );
  }
  const codec = checkAttachedValue<unknown>(name, value);
  const map = attachMap<KeyType, ValueKind, BoxExports>(
    boxedKind,
    { ...checked, value: name },
    key,
  );
  return withBoxes(map, codec);
}
