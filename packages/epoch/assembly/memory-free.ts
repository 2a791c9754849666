import { free } from "@masstree/memory/assembly";

/**
 * What frees a block by default: gives it back to @masstree/memory.
 *
 * Any class with a method of this shape can take its place as the `F` of `retire<F>`, `unpin<F>`,
 * `collect<F>`, `drain<F>` and `leave<F>`. The method is called on a null reference and bound when
 * compiling: no instance, no function table, no data. It must not retire, pin or collect.
 */
@unmanaged
export class MemoryFree {
  /**
   * @param participant whose caches the block goes to: the thread that collects, not that which
   *   retired
   * @param block what was passed to `retire`
   * @param bytes what was passed to `retire`
   */
  free(participant: usize, block: usize, bytes: u32): void {
    free(participant, block, bytes);
  }
}
