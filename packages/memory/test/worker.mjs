// A thread of the tests: instantiates the module it is given over the region it is given, and runs
// one task of it once every thread is there.
import { parentPort, workerData } from "node:worker_threads";
import { RegionView } from "@masstree/memory";

const { module, memory, shared, task, thread, rounds, seed } = workerData;
const { exports: region } = new WebAssembly.Instance(module, { env: { memory } });
const view = new RegionView(memory);
const [gate, failures] = [shared.subarray(0, 1), shared.subarray(1, 2)];
const numbers = shared.subarray(2, 2 + 257);
const exchange = shared.subarray(2 + 257);

let state = (seed + thread * 0x9e3779b9) | 1;
function draw(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

function check(condition) {
  if (!condition) Atomics.add(failures, 0, 1);
}

function join() {
  const participant = region.register() >>> 0;
  check(participant !== 0);
  // No other thread may have this number now.
  const number = region.participantNumber(participant);
  check(Atomics.add(numbers, number, 1) === 0);
  return { participant, number };
}

function leave({ participant, number }) {
  Atomics.sub(numbers, number, 1);
  region.unregister(participant);
}

/** A size, mostly small, sometimes more than a page. */
const size = () => (draw(50) === 0 ? 4 + draw(40_000) : 4 + draw(600));

const tasks = {
  /** Fills blocks, swaps them for those of other threads, and frees what it got. */
  pass() {
    const self = join();
    for (let round = 0; round < rounds; round++) {
      const bytes = size() & ~3;
      const block = region.allocate(self.participant, bytes) >>> 0;
      check(block !== 0);
      view.reach(block + bytes);
      view.words[block / 4] = bytes;
      view.words.fill(block ^ bytes, block / 4 + 1, (block + bytes) / 4);
      region.dropAllPrivate(self.participant);
      const got = Atomics.exchange(exchange, draw(exchange.length), block) >>> 0;
      if (got === 0) continue;
      view.reach(got + 4);
      const length = view.words[got / 4];
      view.reach(got + length);
      const contents = view.words.subarray(got / 4 + 1, (got + length) / 4);
      check(contents.every((word) => word === (got ^ length) >>> 0));
      region.free(self.participant, got, length);
    }
    leave(self);
  },
  /** As `pass`, in a region that is full: who gets no block makes room. Ends with no more than it began with. */
  squeeze() {
    const self = join();
    const give = (got) => {
      if (got === 0) return;
      const length = view.words[got / 4];
      const contents = view.words.subarray(got / 4 + 1, (got + length) / 4);
      check(contents.every((word) => word === (got ^ length) >>> 0));
      region.free(self.participant, got, length);
    };
    for (let round = 0; round < rounds; round++) {
      const at = draw(exchange.length);
      const bytes = (4 + draw(draw(4) === 0 ? 2000 : 300)) & ~3;
      const block = region.allocate(self.participant, bytes) >>> 0;
      if (block !== 0) {
        view.words[block / 4] = bytes;
        view.words.fill(block ^ bytes, block / 4 + 1, (block + bytes) / 4);
        region.dropAllPrivate(self.participant);
      }
      give(Atomics.exchange(exchange, at, block) >>> 0);
    }
    leave(self);
  },
  /** Comes and goes, and allocates a little each time. */
  come() {
    for (let round = 0; round < rounds; round++) {
      const self = join();
      const blocks = [];
      for (let i = draw(5); i >= 0; i--) blocks.push(region.allocate(self.participant, 64) >>> 0);
      check(blocks.every((block) => block !== 0));
      for (const block of blocks) region.free(self.participant, block, 64);
      leave(self);
    }
  },
};

Atomics.sub(gate, 0, 1);
Atomics.notify(gate, 0);
while (Atomics.load(gate, 0) > 0) Atomics.wait(gate, 0, Atomics.load(gate, 0), 10);
tasks[task]();
parentPort.postMessage("done");
