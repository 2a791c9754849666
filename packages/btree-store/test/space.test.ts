// The space map of files that need index pages above its map pages, without files of that size.
import { expect, test } from "vitest";
import { countBits, hasBit, type Run } from "../src/bits.ts";
import type { VfsFile } from "../src/index.ts";
import { emptyState, type State } from "../src/meta.ts";
import { PageFile } from "../src/page-file.ts";
import { PageMemory } from "../src/page-memory.ts";
import { SharedStates } from "../src/shared-states.ts";
import { SpaceMap } from "../src/space.ts";

const pageBytes = 4096;
/** Pages that one map page tells about. */
const perMap = 8 * (pageBytes - 32);

/** A file of which only the pages are kept that were written. */
class SparseFile implements VfsFile {
  readonly pages = new Map<number, Uint8Array>();

  size() {
    return 2 ** 44;
  }

  read(target: Uint8Array, position: number) {
    target.set(this.pages.get(position / pageBytes) ?? new Uint8Array(target.length));
    return target.length;
  }

  write(source: Uint8Array, position: number) {
    this.pages.set(position / pageBytes, source.slice());
    return source.length;
  }

  truncate() {}
  sync() {}
  close() {}
}

/** A map, and the states that it goes through. */
class Scene {
  readonly file = new SparseFile();
  readonly memory = new PageMemory({ pageBytes, cacheBytes: 0 });
  readonly states = new SharedStates(this.memory);
  space = new SpaceMap(this.memory, this.states.book);
  state: State = emptyState;

  constructor() {
    this.memory.file = new PageFile(this.file, pageBytes);
    this.space.load(emptyState, undefined);
  }

  commit(taken: readonly Run[], freed: readonly Run[]): void {
    const commit = this.state.commit + 1;
    const { state, pending } = this.space.commit(commit, taken, freed);
    this.state = { ...this.state, ...state, commit };
    this.states.publish(this.state, pending, false);
    this.space.releasePending(commit);
    this.space.verify();
    this.reopen();
  }

  /** Reads the map again, and compares it with what is known. */
  reopen(): void {
    const { used } = this.space;
    const { bits } = this.space.mapOf(this.state);
    this.space = new SpaceMap(this.memory, this.states.book);
    this.space.reload(this.state);
    this.space.verify();
    expect(this.space.used).toBe(used);
    expect(countBits(bits)).toBe(used);
  }
}

test("it gets a level when the file grows beyond one map page, and keeps it when it shrinks", () => {
  const scene = new Scene();
  scene.commit([{ first: scene.space.take(), pages: 1 }], []);
  expect(scene.state).toMatchObject({ mapLevels: 0, used: 4 });
  const large = scene.space.takeRuns(3 * perMap);
  scene.commit(large, []);
  expect(scene.state).toMatchObject({ mapLevels: 1 });
  expect(scene.state.used).toBe(4 + 3 * perMap - 1 + 1 + 4);
  scene.commit([], large);
  expect(scene.state.mapLevels).toBe(1);
  expect(scene.state.used).toBeLessThan(12);
  // Everything that was free can be taken again, and nothing twice.
  const taken = new Set<number>();
  for (let i = 0; i < 2000; i++) taken.add(scene.space.take());
  expect(taken.size).toBe(2000);
  const { bits } = scene.space.mapOf(scene.state);
  expect([...taken].every((page) => !hasBit(bits, page))).toBe(true);
});

test("a commit writes only the map pages whose bits change", () => {
  const scene = new Scene();
  scene.commit(scene.space.takeRuns(5 * perMap), []);
  scene.commit([{ first: scene.space.take(), pages: 1 }], []);
  scene.file.pages.clear();
  const before = scene.space;
  const page = before.take();
  const map = before.commit(3, [{ first: page, pages: 1 }], []);
  // A map page or two, and the index page.
  expect(scene.file.pages.size).toBeLessThanOrEqual(4);
  expect(scene.file.pages.has(map.state.map)).toBe(true);
});

test("a failed commit leaves no trace once the map is read again", () => {
  const scene = new Scene();
  scene.commit(scene.space.takeRuns(100), []);
  const { used } = scene.space;
  const runs = scene.space.takeRuns(50);
  scene.space.commit(2, runs, [{ first: 2, pages: 10 }]);
  scene.space.reload(scene.state);
  scene.space.verify();
  expect(scene.space.used).toBe(used);
  expect(hasBit(scene.space.mapOf(scene.state).bits, 5)).toBe(true);
});
