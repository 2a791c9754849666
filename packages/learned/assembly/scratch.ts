/*
 * How the index uses the workspace of a descriptor. The other scratch areas are used as the tree uses them (its
 * scratch.ts), so that the same JavaScript moves keys and values in and out.
 *
 *     workspace   0     Rebuild   rebuild.ts, build.ts: what they keep while they wait for locks
 *                 128   Walk      scan.ts: the same
 *                 256   SMALL     conflict.ts: up to four entries, sorted
 *                 512   FRAMES    a way down: node and line number, 8 bytes each
 */
import { PARTICIPANT_WORKSPACE, WORKSPACE_BYTES } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";

const REBUILD: usize = PARTICIPANT_WORKSPACE;
const WALK: usize = REBUILD + 128;
const SMALL: usize = WALK + 128;
const FRAMES: usize = SMALL + 256;

@unmanaged
class Frame {
  node: u32;
  line: u32;
}

/** How many nodes a way down can have. */
export const MOST_FRAMES: u32 = 1024;

/** Address of what a rebuild keeps. */
export function rebuildArea(bytes: usize): usize {
  if (FRAMES + MOST_FRAMES * offsetof<Frame>() > PARTICIPANT_WORKSPACE + WORKSPACE_BYTES) {
    ERROR("the workspace is too small");
  }
  if (DEBUG && bytes > WALK - REBUILD) unreachable();
  return participant + REBUILD;
}

/** Address of what a scan keeps. */
export function walkArea(bytes: usize): usize {
  if (DEBUG && bytes > SMALL - WALK) unreachable();
  return participant + WALK;
}

/** Address of room for a few entries. */
export function smallArea(): usize {
  return participant + SMALL;
}

function frameAt(depth: u32): Frame {
  if (DEBUG && depth >= MOST_FRAMES) unreachable();
  return changetype<Frame>(participant + FRAMES + <usize>depth * offsetof<Frame>());
}

/** Writes step number `depth` of a way down. */
export function setFrame(depth: u32, node: usize, line: u32): void {
  const frame = frameAt(depth);
  frame.node = <u32>node;
  frame.line = line;
}

/** The node of step number `depth`. */
export function frameNode(depth: u32): usize {
  return frameAt(depth).node;
}

/** The line number of step number `depth`. */
export function frameLine(depth: u32): u32 {
  return frameAt(depth).line;
}

/** Sets it. */
export function setFrameLine(depth: u32, line: u32): void {
  frameAt(depth).line = line;
}
