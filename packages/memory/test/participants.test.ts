import { describe, expect, test } from "vitest";
import { builds, expectSound, newRegion, nothing, registered, wasmPage } from "./module.ts";

describe.each(builds)("%s", (build) => {
  test("248 participants fit, the next is one too many, and a number that is given back is reused", () => {
    const { memory, region } = newRegion(build, 16, 2048);
    const participants: number[] = [];
    for (let number = 1; number <= 248; number++) {
      const participant = registered(region);
      expect(region.participantNumber(participant)).toBe(number);
      expect(region.participantAt(number - 1) >>> 0).toBe(participant);
      participants.push(participant);
    }
    expect(region.participantLimit()).toBe(248);
    expect(region.register()).toBe(0);
    expect(region.failure.value).toBe(region.TOO_MANY.value);
    const size = memory.buffer.byteLength;

    const gone = participants[99] as number;
    region.unregister(gone);
    expect(region.isTaken(99)).toBe(0);
    expect(region.participantAt(99) >>> 0).toBe(gone);
    expect(registered(region)).toBe(gone);
    expect(region.failure.value).toBe(region.OK.value);
    expect(region.register()).toBe(0);
    expect(memory.buffer.byteLength).toBe(size);
    expectSound(region, nothing);
  });

  test("a region without room for a descriptor says so and gives the number back", () => {
    const { region } = newRegion(build, 1, 6);
    const participant = registered(region);
    expect(region.register()).toBe(0);
    expect(region.failure.value).toBe(region.FULL.value);
    expect(region.participantLimit()).toBe(1);
    expect(region.isTaken(1)).toBe(0);
    expect(region.allocate(participant, 100)).not.toBe(0);
    expectSound(region);
  });

  test("the state tells whether a descriptor is in use", () => {
    const { memory, region } = newRegion(build, 16, 16);
    const participant = registered(region);
    const words = new Uint32Array(memory.buffer);
    const state = (participant + region.PARTICIPANT_STATE.value) / 4;
    expect(words[state]).toBe(region.IN_USE.value);
    expect(words[(participant + region.PARTICIPANT_NUMBER.value) / 4]).toBe(1);
    region.unregister(participant);
    expect(words[state]).toBe(region.UNUSED.value);
  });

  test("blocks outlive the participant that allocated them", () => {
    const { region } = newRegion(build, 16, 64);
    const first = registered(region);
    const blocks = Array.from({ length: 500 }, () => region.allocate(first, 48) >>> 0);
    region.unregister(first);
    expectSound(region, { blocks: 500, bytes: 500 * 48 });
    const second = registered(region);
    for (const block of blocks) region.free(second, block, 48);
    expectSound(region, nothing);
  });

  test("a descriptor's areas for others are zero at first, whatever its pages held, and then kept", () => {
    const { memory, region } = newRegion(build, 16, 16);
    const first = registered(region);
    const dirty = 600_000;
    const block = region.allocate(first, dirty) >>> 0;
    new Uint8Array(memory.buffer).fill(0xff, block, block + dirty);
    region.free(first, block, dirty);
    const second = registered(region);
    expect(second).toBeGreaterThanOrEqual(block);
    const start = second + region.PARTICIPANT_EPOCH.value;
    const end = second + region.KEY_SCRATCH.value;
    const areas = new Uint8Array(memory.buffer).subarray(start, end);
    expect(areas.length).toBe(128 + 960 + 256);
    expect(areas.every((byte) => byte === 0)).toBe(true);
    areas.fill(7);
    region.unregister(second);
    expect(registered(region)).toBe(second);
    expect(areas.every((byte) => byte === 7)).toBe(true);
    expectSound(region, nothing);
  });

  test("the areas of header and descriptor are aligned, in order and of the promised sizes", () => {
    const { memory, region } = newRegion(build, 16, 16);
    const value = (name: "KEY_SCRATCH" | "BOUND_SCRATCH" | "RESULT_SCRATCH") => region[name].value;
    expect(region.EPOCH_WORDS.value % 128).toBe(0);
    expect(region.PARTICIPANT_EPOCH.value % 128).toBe(0);
    expect(region.STRUCTURE_WORDS.value - region.EPOCH_WORDS.value).toBe(128);
    expect(region.PARTICIPANTS.value - region.STRUCTURE_WORDS.value).toBe(256);
    expect(region.PARTICIPANT_JOURNAL.value - region.PARTICIPANT_EPOCH.value).toBe(128);
    expect(region.PARTICIPANT_STRUCTURE.value - region.PARTICIPANT_JOURNAL.value).toBe(960);
    expect(value("KEY_SCRATCH") - region.PARTICIPANT_STRUCTURE.value).toBe(256);
    expect(value("BOUND_SCRATCH") - value("KEY_SCRATCH")).toBe(65536 + 64);
    expect(value("RESULT_SCRATCH") - value("BOUND_SCRATCH")).toBe(65536 + 64);
    expect(region.RESULT_SCRATCH_BYTES.value).toBe(2 * 65536 + 4096);
    expect(region.PARTICIPANT_LOG.value).toBe(
      value("RESULT_SCRATCH") + region.RESULT_SCRATCH_BYTES.value,
    );
    for (const name of ["KEY_SCRATCH", "BOUND_SCRATCH", "RESULT_SCRATCH"] as const) {
      expect(value(name) % 64).toBe(0);
    }
    // Filling scratch areas and log to their last byte touches nothing else.
    const participant = registered(region);
    registered(region);
    region.allocate(participant, 64);
    const start = participant + value("KEY_SCRATCH");
    const end = participant + region.PARTICIPANT_LOG.value + region.LOG_BYTES.value;
    new Uint8Array(memory.buffer).fill(0xff, start, end);
    expectSound(region);
    const zero = new Uint8Array(memory.buffer, region.EPOCH_WORDS.value, 128 + 256);
    expect(zero.every((byte) => byte === 0)).toBe(true);
  });

  test("a region is only made of an empty memory that the maximum covers", () => {
    const region = newRegion(build, 2, 4).region;
    expect(region.createRegion(4)).toBe(region.BAD.value);
    expect(region.checkRegion()).toBe(region.OK.value);
    const { region: other } = newRegion(build, 1, 1);
    expect(other.committedBytes()).toBe(wasmPage);
    expectSound(other, nothing);
  });
});
