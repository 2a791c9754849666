import vm from "node:vm";
import { MassTreeBadKeyError } from "@masstree/errors";
import { expect, test } from "vitest";
import { date, keyCodecs, uuid } from "../src/index.ts";
import { byteOrder, decode, encode } from "./helpers.ts";

test("the earliest and the latest date sort at the ends", () => {
  const times = [-8.64e15, -8.64e15 + 1, -62_198_755_200_000, -1, 0, 1, 4e12, 8.64e15];
  const keys = times.map((time) => encode(date, new Date(time)));
  for (let i = 1; i < keys.length; i++) expect(byteOrder(keys[i - 1]!, keys[i]!)).toBe(-1);
  expect(keys.map((key) => decode(date, key).getTime())).toEqual(times);
});

test("a date has the bytes of its time value as a number", () => {
  expect(encode(date, new Date(1e12))).toEqual(encode(keyCodecs.number, 1e12));
});

test("invalid dates and what is no Date are refused", () => {
  expect(() => encode(date, new Date(Number.NaN))).toThrow(/An invalid Date cannot be a key/);
  for (const other of [8.64e15, "2026-11-29", null, undefined, {}, new Proxy(new Date(), {})]) {
    expect(() => encode(date, other as never)).toThrow(MassTreeBadKeyError);
    expect(() => encode(date, other as never)).toThrow(/needs a Date as a key/);
  }
});

test("nothing of a date but its time counts, and no code of its class runs", () => {
  class Odd extends Date {
    override getTime(): number {
      throw new Error("ran");
    }
    override valueOf = this.getTime;
    override [Symbol.toPrimitive] = this.getTime as never;
  }
  expect(decode(date, encode(date, new Odd(5)))).toStrictEqual(new Date(5));
  const foreign = vm.runInNewContext("new Date(7)") as Date;
  expect(decode(date, encode(date, foreign))).toStrictEqual(new Date(7));
});

test.each([0.5, -0.25, 8.64e15 + 2, -1e300, Infinity])("the number %d is no date", (time) => {
  expect(() => decode(date, encode(keyCodecs.number, time))).toThrow(
    `no Date has the time ${time}`,
  );
});

test.each([0, 7, 9])("%i bytes are no date", (length) => {
  expect(() => decode(date, new Uint8Array(length))).toThrow(`there are ${length} of them, not 8`);
});

test("a UUID has its 16 bytes", () => {
  const key = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  expect(Buffer.from(encode(uuid, key)).toString("hex")).toBe(key.replaceAll("-", ""));
  expect(encode(uuid, key.toUpperCase())).toEqual(encode(uuid, key));
  expect(decode(uuid, encode(uuid, key.toUpperCase()))).toBe(key);
  for (const end of [
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
  ])
    expect(decode(uuid, encode(uuid, end))).toBe(end);
});

test.each<[unknown]>([
  [""],
  ["f81d4fae7dec11d0a76500a0c91e6bf6"],
  ["f81d4fae-7dec-11d0-a765-00a0c91e6bf"],
  ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6a"],
  ["{81d4fae-7dec-11d0-a765-00a0c91e6bf}"],
  ["f81d4fag-7dec-11d0-a765-00a0c91e6bf6"],
  ["f81d4fa`-7dec-11d0-a765-00a0c91e6bf6"],
  ["f81d4fae-7dec-11d0-a765_00a0c91e6bf6"],
  ["f81d4fae-7dec-11d0a-765-00a0c91e6bf6"],
  ["\u{10466}81d4fae-7dec-11d0-a765-00a0c91e6b"],
  [" f81d4fae-7dec-11d0-a765-00a0c91e6bf"],
  [16],
  [null],
  [new Uint8Array(16)],
])("%s is no UUID", (key) => {
  expect(() => encode(uuid, key as never)).toThrow(MassTreeBadKeyError);
});

test.each([0, 15, 17, 36])("%i bytes are no UUID", (length) => {
  expect(() => decode(uuid, new Uint8Array(length))).toThrow(MassTreeBadKeyError);
});
