/*
 * The map behind a set. All members have one value, a word of zeros, which guards show as no bytes and files do not hold.
 */
import type {
  Cursor,
  KeyType,
  OpenMap,
  Range,
  TreeInstance,
  WordTreeExports,
} from "@masstree/tree";
import { OrderedMap, WordValues } from "@masstree/tree";

/**
 * The kind of value that the maps behind sets have: next to the kinds of number.
 *
 * @internal
 */
export const MEMBER = 6;

const nothing = /* @__PURE__ */ new Uint8Array(0);

/** The value of all members, which needs no bytes in a file. */
class MemberValues extends WordValues<true> {
  override savedBytes(): Uint8Array {
    return nothing;
  }

  override fromSaved(bytes: Uint8Array): bigint | undefined {
    return bytes.length === 0 ? 0n : undefined;
  }
}

/** The map behind a set: every key has the same value. */
export class SetMembers<K extends KeyType> extends OrderedMap<K, true> {
  constructor(map: OpenMap<K, "member", WordTreeExports>) {
    const codec = {
      bytes: 0,
      write(views: { u32: Uint32Array }, index: number): void {
        views.u32[2 * index] = 0;
        views.u32[2 * index + 1] = 0;
      },
      read: () => true as const,
    };
    super({ ...map, values: new MemberValues(map.tree, codec) });
  }

  override keyCursor(range?: Range<K>): Cursor<K, K> {
    return super.keyCursor(range);
  }

  override open(): TreeInstance {
    return super.open();
  }
}
