// Calls of an EpochParticipant that the engine interrupts, in a thread that lives on.
//
//   node interrupted-calls.mjs overflow|timeout region|pool ROUNDS
import assert from "node:assert";
import { runInNewContext } from "node:vm";
import { Region } from "@masstree/memory";
import { Epochs } from "../../dist/index.js";

/** Calls `step` ever deeper in the stack, until there is no more of it. */
function fillStack(step, round) {
  const deeper = () => {
    step();
    deeper();
  };
  const shift = (by, ...frame) => (by === 0 ? deeper() : shift(by - 1, by, ...frame));
  assert.throws(() => shift(round % 97, round), RangeError);
}

/** Repeats `step` until node:vm ends it, without any `catch` or `finally`. */
function timeOut(step, round) {
  const forever = () => {
    for (;;) step();
  };
  const run = () => runInNewContext("forever()", { forever }, { timeout: 2 + (round % 5) });
  assert.throws(run, { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
}

/** What the program knows of its blocks at every moment. */
class Blocks {
  live = 0;
  /** A block that `retire` was called with and has not returned for. */
  retiring = 0;
  /** How many blocks the program's own `free` has lost. */
  lost = 0;
  /** How many pins are this program's. */
  pins = 0;

  constructor(region, participant, bytes) {
    this.region = region;
    this.participant = participant;
    this.bytes = bytes;
  }

  // Nothing is interrupted between a call that returns and what follows it: there is no call and no loop.
  allocate() {
    this.retiring = this.region.allocate(this.bytes);
    this.live++;
  }

  retire() {
    this.participant.retire(this.retiring, this.bytes);
    this.retiring = 0;
    this.live--;
  }

  pin() {
    this.participant.pin();
    this.pins++;
  }

  unpin() {
    this.pins--;
    this.participant.unpin();
  }
}

const steps = {
  retire(blocks) {
    blocks.allocate();
    blocks.retire();
  },
  retirePinned(blocks) {
    blocks.pin();
    blocks.pin();
    blocks.allocate();
    blocks.retire();
    blocks.unpin();
    blocks.unpin();
  },
  collect(blocks) {
    blocks.allocate();
    blocks.retire();
    blocks.participant.collect();
  },
  drain(blocks) {
    blocks.allocate();
    blocks.retire();
    blocks.participant.drain();
  },
};

/** Pins that an interruption may have ended: nobody is led to believe that they hold. */
function undoPins({ participant, pins }) {
  if (participant.pinned) {
    while (participant.pinned) participant.unpin();
    return;
  }
  for (let left = pins; left > 0; left--) {
    assert.throws(() => participant.pin(), { code: "MASSTREE_INTERRUPTED" });
    participant.unpin();
  }
}

function checkThatAllGoOn({ region, epochs, participant, other, blocks, freed }) {
  const { bytes } = blocks;
  // Another participant of the thread first: it needs the locks that this one may have held.
  other.pin();
  other.retire(region.allocate(bytes), bytes);
  other.unpin();
  if (blocks.retiring !== 0) {
    if (blocks.live === 0) blocks.live++;
    blocks.retire();
  }
  undoPins(blocks);
  blocks.pins = 0;
  participant.pin();
  assert.equal(participant.pinned, true);
  participant.unpin();
  // What a former participant held is freed by those that go on.
  assert.equal(participant.drain() && other.drain() && participant.drain(), true);
  assert.deepEqual([epochs.retiredBlocks, epochs.retiredBytes], [0, 0]);
  epochs.verify();
  let lost = 0;
  if (freed !== undefined) {
    assert.equal(new Set(freed).size, freed.length);
    for (const block of freed.splice(0)) region.free(block, bytes);
    // The one that the program's own `free` was called with when it was interrupted counts as freed.
    if (task === "timeout") lost = Math.min(1, region.account().liveBlocks - blocks.lost);
  }
  blocks.lost += lost;
  assert.equal(region.account().liveBlocks, blocks.lost);
  region.verify();
}

const [task, kind, rounds] = process.argv.slice(2);
const interrupt = { overflow: fillStack, timeout: timeOut }[task];
for (let round = 0; round < Number(rounds); round++) {
  for (const step of Object.values(steps)) {
    const region = Region.create({ maxBytes: 2 ** 28 });
    // A pool never gives a block out again while this runs: one that is there twice was freed twice.
    const freed = kind === "pool" ? [] : undefined;
    const options = freed && { free: (block) => (freed[freed.length] = block) };
    const epochs = new Epochs(region.memory, options);
    const [participant, other] = [epochs.join(), epochs.join()];
    const blocks = new Blocks(region, participant, kind === "pool" ? 64 : 20_000);
    const all = { region, epochs, participant, other, blocks, freed };
    for (let i = 0; i < 3; i++) {
      interrupt(() => step(blocks), round + i);
      checkThatAllGoOn(all);
    }
    // It leaves without having been used since.
    interrupt(() => step(blocks), round);
    participant.leave();
    other.leave();
    const { number } = region;
    const others = Array.from({ length: 3 }, () => Region.attach(region.memory).number);
    assert.deepEqual([number, ...others].sort(), [1, 2, 3, 4]);
    epochs.verify();
    region.verify();
  }
}
console.log("done");
