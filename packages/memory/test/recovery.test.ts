// What others see of a dead participant, and of private blocks.
import { describe, expect, test } from "vitest";
import { builds, expectSound, newRegion, nothing, type Raw, registered } from "./module.ts";

const lock = 128;
const tickets = 12288;
const held = 2 ** 31;

function words({ memory }: Raw): Uint32Array {
  return new Uint32Array(memory.buffer);
}

describe.each(builds)("%s", (build) => {
  test("a block is private from its allocation until it is dropped from the list or freed", () => {
    const { region } = newRegion(build, 16, 64);
    const participant = registered(region);
    const [a, b, c] = [48, 5000, 20_000].map((bytes) => region.allocate(participant, bytes) >>> 0);
    expect(region.privateCount(participant)).toBe(3);
    expect([0, 1, 2].map((i) => region.privateBlock(participant, i) >>> 0)).toEqual([a, b, c]);
    expect([0, 1, 2].map((i) => region.privateBytes(participant, i))).toEqual([48, 5000, 20_000]);
    region.dropPrivate(participant, b!);
    expect([a, b, c].map((block) => region.isPrivate(participant, block!))).toEqual([1, 0, 1]);
    region.free(participant, c!, 20_000);
    expect(region.privateCount(participant)).toBe(1);
    region.addPrivate(participant, b!, 5000);
    expectSound(region, { blocks: 2, bytes: 48 + region.blockBytes(5000) });
    region.dropAllPrivate(participant);
    expect(region.privateCount(participant)).toBe(0);
    expect(region.liveBlocks()).toBe(2);
    region.addPrivate(participant, a!, 48);
    region.addPrivate(participant, b!, 5000);
    region.freePrivate(participant);
    expectSound(region, nothing);
  });

  test("a participant that never drops private blocks drops them all when its list is full", () => {
    const { region } = newRegion(build, 16, 64);
    const participant = registered(region);
    const capacity = region.PRIVATE_CAPACITY.value;
    for (let i = 0; i <= capacity; i++) region.allocate(participant, 16);
    expect(region.privateCount(participant)).toBe(1);
    expectSound(region, { blocks: capacity + 1, bytes: 16 * (capacity + 1) });
  });

  test("one at a time recovers a dead participant, and another when that one has died too", () => {
    const { region } = newRegion(build, 32, 64);
    const [a, b, c] = [registered(region), registered(region), registered(region)];
    expect(region.claimRecovery(a, region.participantNumber(b))).toBe(0);
    region.markDead(a);
    expect(region.claimRecovery(a, region.participantNumber(b))).toBe(1);
    expect(region.claimRecovery(a, region.participantNumber(b))).toBe(1);
    expect(region.claimRecovery(a, region.participantNumber(c))).toBe(0);
    region.markDead(b);
    expect(region.claimRecovery(a, region.participantNumber(c))).toBe(1);
    region.recoverMemory(a, region.participantNumber(c));
    expect(region.claimRecovery(b, region.participantNumber(c))).toBe(1);
    region.recoverMemory(b, region.participantNumber(c));
    expect([0, 1, 2].map((index) => region.isTaken(index))).toEqual([0, 0, 1]);
    expect(registered(region)).toBe(a);
    expectSound(region, nothing);
  });

  test("a thread that wants the lock of a dead one takes it over and repairs the region", () => {
    const raw = newRegion(build, 16, 64);
    const { region } = raw;
    const [dead, by] = [registered(region), registered(region)];
    region.allocate(dead, 64);
    region.dropAllPrivate(dead);
    region.markDead(dead);
    // It died holding the lock, in the middle of anything.
    const at = words(raw);
    at[lock / 4] = 1;
    for (const counter of [192, 200, 208, 216]) at[counter / 4] = 12_345;
    expect(region.allocate(by, 100_000)).not.toBe(0);
    // Nobody's, and counted.
    expect(at[lock / 4]! & 0x3ff).toBe(0);
    expect(at[lock / 4]! >>> 16).toBeGreaterThan(0);
    region.claimRecovery(dead, region.participantNumber(by));
    region.recoverMemory(dead, region.participantNumber(by));
    expectSound(region, { blocks: 2, bytes: 64 + region.blockBytes(100_000) });
  });

  test("a number that is held for a moment is waited for, not refused", () => {
    const raw = newRegion(build, 16, 2048);
    const { region } = raw;
    const last = region.MAX_PARTICIPANTS.value;
    for (let i = 0; i < last; i++) registered(region);
    // Only one that is never given back is refused in the end.
    words(raw)[tickets / 4 + last - 1] = held + 1;
    expect(region.register()).toBe(0);
    expect(region.failure.value).toBe(region.TOO_MANY.value);
    words(raw)[tickets / 4 + last - 1] = 0;
    expect(region.participantNumber(registered(region))).toBe(last);
  });

  test("a ticket names the thread that has the number", () => {
    const { region } = newRegion(build, 16, 64);
    registered(region);
    region.setThread(77);
    const participant = registered(region);
    expect([0, 1, 2].map((index) => region.ticketAt(index))).toEqual([2 ** 30 - 1, 77, 0]);
    region.unregister(participant);
    expect(region.ticketAt(1)).toBe(0);
  });

  test("a private block that is free or cached, and an unfinished recovery, are found", () => {
    const { region } = newRegion(build, 32, 64);
    const [a, b] = [registered(region), registered(region)];
    const block = region.allocate(a, 48) >>> 0;
    region.addPrivate(b, block, 48);
    expect(region.verifyMemory()).toBe(15);
    expect(region.place.value >>> 0).toBe(block);
    region.dropPrivate(b, block);
    expectSound(region);
    const run = region.allocate(a, 9000) >>> 0;
    region.addPrivate(b, run, 20_000);
    expect(region.verifyMemory()).toBe(15);
    region.dropPrivate(b, run);
    expectSound(region);
    region.markDead(a);
    region.claimRecovery(a, region.participantNumber(b));
    expect(region.verifyMemory()).toBe(16);
    expect(region.place.value).toBe(1);
    region.recoverMemory(a, region.participantNumber(b));
    expectSound(region, nothing);
  });

  test("repairing a gigabyte of slabs and runs takes little time", () => {
    const raw = newRegion(build, 16, 16_384);
    const { region } = raw;
    const [dead, by] = [registered(region), registered(region)];
    // Every slab has a block out, and so a page of its own memory.
    for (let i = 0; i < 12_000; i++) {
      for (let j = 0; j < 4; j++) region.allocate(dead, 8128);
      region.allocate(dead, 40_000);
      region.dropAllPrivate(dead);
    }
    const { committedBytes, liveBlocks } = region;
    const before = liveBlocks();
    region.markDead(dead);
    words(raw)[lock / 4] = 1;
    // Of this process's own time, for the machine may be busy with others.
    const start = process.cpuUsage();
    region.repairRegion(2);
    const milliseconds = process.cpuUsage(start).user / 1000;
    console.log(`${build}: ${committedBytes() / 2 ** 20} MiB in ${milliseconds.toFixed(1)} ms`);
    expect(milliseconds).toBeLessThan(1000);
    expect(liveBlocks()).toBe(before);
    region.claimRecovery(dead, region.participantNumber(by));
    region.recoverMemory(dead, region.participantNumber(by));
    expectSound(region);
  });
});
