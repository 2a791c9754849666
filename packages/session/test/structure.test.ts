// A class on SharedStructure, over the README's example: two accounts whose sum stays 0.
import { Region } from "@masstree/memory";
import { compileExample } from "@tooling/vitest/readme";
import { afterEach, describe, expect, test } from "vitest";
import {
  type MemoryOptions,
  SharedStructure,
  type StructureExports,
  type StructureKind,
} from "../src/structure.ts";

interface AccountsExports extends StructureExports {
  create(maxWasmPages: number): number;
  transfer(amount: bigint): void;
  sum(): bigint;
  balance(): bigint;
}

const layout = 0x01434341;
const accountB = 512 + 16;

const kind: StructureKind = {
  className: "Accounts",
  noun: "set of accounts",
  layout,
  code: await compileExample(import.meta.url, 0, ["host.isGone", "host.now", "host.tell"]),
};
const otherKind: StructureKind = { ...kind, className: "Others", noun: "other" };

const opened: SharedStructure<AccountsExports>[] = [];

class Accounts extends SharedStructure<AccountsExports> {
  static create(options: MemoryOptions = {}, as = kind): Accounts {
    const accounts = new Accounts(as, { options, layOut: ({ create }, pages) => create(pages) });
    opened.push(accounts);
    return accounts;
  }

  static attach(handle: unknown, as = kind): Accounts {
    const accounts = new Accounts(as, { handle });
    opened.push(accounts);
    return accounts;
  }

  transfer(amount: bigint): void {
    this.open().exports.transfer(amount);
  }

  get balance(): bigint {
    return this.open().exports.balance();
  }

  get sum(): bigint {
    return this.open().exports.sum();
  }

  /** Answers what `statuses` say, one after the other, and how often it was asked. */
  tryTwice(...statuses: number[]): [status: number, asked: number] {
    let asked = 0;
    const status = this.reclaimIfFull(() => statuses[asked++]!);
    return [status, asked];
  }

  /** How `other` sees this participant while it is pinned. */
  seenPinned(other: Accounts): boolean[] {
    return this.pinned(() => other.participants().map(({ pinned }) => pinned));
  }

  throwPinned(): void {
    this.pinned(() => {
      throw new Error("no");
    });
  }

  /** Makes a call that traps. */
  interrupt(): void {
    const { exports } = this.open();
    expect(() => exports.threadOf(2 ** 28)).toThrow(WebAssembly.RuntimeError);
  }
}

afterEach(() => {
  for (const accounts of opened.splice(0)) accounts.close();
});

const withCode = (code: string) => expect.objectContaining({ code });

describe("a structure", () => {
  test("is shared by all that attach to its handle", () => {
    const one = Accounts.create();
    const two = Accounts.attach(structuredClone(one.handle));
    one.transfer(5n);
    two.transfer(2n);
    expect(one.balance).toBe(7n);
    expect(two.sum).toBe(0n);
    expect([one.participant, two.participant]).toEqual([1, 2]);
    expect(two.participants()).toMatchObject([
      { number: 1, self: false },
      { number: 2, self: true },
    ]);
    one.verify();
  });

  test("is not made with new", () => {
    // @ts-expect-error: the constructor is protected
    const construct = () => new Accounts();
    expect(construct).toThrow("Call 'create' or 'attach' of its class.");
    expect(construct).toThrow(withCode("MASSTREE_BAD_OPTION"));
  });

  test("has a frozen handle of the class, the layout and the memory", () => {
    const { handle } = Accounts.create();
    expect(handle).toEqual({ masstree: "Accounts", layout: String(layout), memory: handle.memory });
    expect(Object.isFrozen(handle)).toBe(true);
    expect(Accounts.attach(handle).handle).toEqual(handle);
  });

  test("outlives the object that created it", () => {
    const one = Accounts.create();
    one.transfer(5n);
    one.close();
    expect(Accounts.attach(one.handle).balance).toBe(5n);
  });

  test("does not exceed its 'maxBytes'", () => {
    const { handle } = Accounts.create({ initialBytes: 2 ** 20, maxBytes: 2 ** 21 });
    expect(handle.memory.buffer.byteLength).toBe(2 ** 20);
    handle.memory.grow(16);
    expect(() => handle.memory.grow(1)).toThrow(RangeError);
  });

  test("goes on as another participant after a call was interrupted", () => {
    const one = Accounts.create();
    const two = Accounts.attach(one.handle);
    two.interrupt();
    two.transfer(1n);
    expect(one.balance).toBe(1n);
    expect(one.participants()).toHaveLength(2);
    one.verify();
  });
});

describe("what is refused:", () => {
  test("options that are none", () => {
    expect(() => Accounts.create({ maxBytes: -1 })).toThrow(withCode("MASSTREE_BAD_OPTION"));
    expect(() => Accounts.create({ width: 3 } as object)).toThrow(/no option 'width'/);
    expect(() => Accounts.create([] as object)).toThrow(
      "The options must be an object, not an iterable.",
    );
  });

  test("a memory in which nothing fits", () => {
    expect(() => Accounts.create({ maxBytes: 2 ** 17 })).toThrow(
      expect.objectContaining({
        code: "MASSTREE_FULL",
        message: expect.stringContaining("Not even an empty set of accounts fits"),
      }),
    );
  });

  test("a memory that holds another structure, or none", () => {
    using region = Region.create({ maxBytes: 2 ** 22 });
    const { handle } = Accounts.create();
    expect(() => Accounts.attach({ ...handle, memory: region.memory })).toThrow(
      "The handle's memory holds no set of accounts.",
    );
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    expect(() => Accounts.attach({ ...handle, memory })).toThrow("This memory holds no region.");
    expect(() => Accounts.attach({ ...handle, memory: {} })).toThrow(
      "This is not a shared WebAssembly.Memory. Pass the 'memory' of a region, or what another thread sent.",
    );
  });

  test("a memory that holds another version of the structure", () => {
    using region = Region.create({ config: [0, 0, 0, 0, 0, 0, 0, layout + 1], maxBytes: 2 ** 22 });
    const { handle } = Accounts.create();
    expect(() => Accounts.attach({ ...handle, memory: region.memory })).toThrow(
      withCode("MASSTREE_BAD_HANDLE"),
    );
  });

  test("a handle of another version", () => {
    const { handle } = Accounts.create();
    expect(() => Accounts.attach({ ...handle, layout: "5" })).toThrow(
      `The handle has layout "5", but this thread's Accounts has layout "${layout}". Use the same version in all threads.`,
    );
  });

  test("a handle of another class", () => {
    expect(() => Accounts.attach(Accounts.create({}, otherKind).handle)).toThrow(
      "This handle is for the class Others. Open it with Others.attach(handle).",
    );
  });

  test("an open structure in place of its handle", () => {
    expect(() => Accounts.attach(Accounts.create())).toThrow("not the set of accounts itself");
    expect(() => Accounts.attach(Accounts.create({}, otherKind))).toThrow(
      "not an object of another kind",
    );
  });
});

describe("a closed object", () => {
  test("refuses everything, and others go on", () => {
    const one = Accounts.create();
    const two = Accounts.attach(one.handle);
    one.close();
    one.close();
    expect(one.closed).toBe(true);
    expect(two.closed).toBe(false);
    const calls = [
      () => one.balance,
      () => one.participant,
      () => one.participants(),
      () => one.release(2),
      () => one.verify(),
      () => one.tryTwice(0),
      () => one.seenPinned(two),
    ];
    for (const call of calls) expect(call).toThrow(withCode("MASSTREE_CLOSED"));
    expect(two.participants()).toHaveLength(1);
  });

  test("is what 'using' leaves", () => {
    let left: Accounts;
    {
      using accounts = Accounts.create();
      left = accounts;
    }
    expect(left.closed).toBe(true);
  });
});

describe("verify", () => {
  test("says which check fails", () => {
    const accounts = Accounts.create();
    new Uint8Array(accounts.handle.memory.buffer)[accountB] = 1;
    expect(() => accounts.verify()).toThrow(
      expect.objectContaining({
        code: "MASSTREE_CORRUPT",
        message: "An invariant of the set of accounts is broken. (check 1)",
        place: { check: 1 },
      }),
    );
  });

  test("recovers first whoever has ended", () => {
    const one = Accounts.create();
    Accounts.attach(one.handle).interrupt();
    one.verify();
    expect(one.participants()).toHaveLength(1);
  });
});

test("release refuses its own participant", () => {
  expect(() => Accounts.create().release(1)).toThrow(withCode("MASSTREE_BAD_OPTION"));
});

describe("an operation that may find no memory", () => {
  const [ok, full, other] = [0, 1, 7];

  test.each([
    ["is made once if it finds some", [ok], [ok, 1]],
    ["is made once if it answers something else", [other], [other, 1]],
    ["is made again after memory was reclaimed", [full, other], [other, 2]],
  ])("%s", (_, statuses, expected) => {
    expect(Accounts.create().tryTwice(...statuses)).toEqual(expected);
  });

  test("says so if there is still none", () => {
    expect(() => Accounts.create().tryTwice(full, full, ok)).toThrow(
      expect.objectContaining({
        code: "MASSTREE_FULL",
        message: expect.stringContaining("The set of accounts has reached its 'maxBytes'."),
      }),
    );
  });
});

describe("an operation of several calls", () => {
  test("is pinned to its end", () => {
    const one = Accounts.create();
    const two = Accounts.attach(one.handle);
    expect(one.seenPinned(two)).toEqual([true, false]);
    expect(one.participants().map(({ pinned }) => pinned)).toEqual([false, false]);
  });

  test("ends the participant if it throws, and the next operation makes another", () => {
    const one = Accounts.create();
    const two = Accounts.attach(one.handle);
    expect(() => two.throwPinned()).toThrow("no");
    two.transfer(1n);
    expect(one.participants().map(({ pinned }) => pinned)).toEqual([false, false]);
    expect(one.balance).toBe(1n);
  });
});
