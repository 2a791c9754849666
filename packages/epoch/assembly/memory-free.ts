import { free } from "@masstree/memory/assembly";

/**
 * What frees a block by default: gives it back to @masstree/memory.
 *
 * Any class with a method of this shape can replace it as the `F` of `retire<F>`, `unpin<F>`, `collect<F>`,
 * `drain<F>` and `leave<F>`. The method is called on a null reference, and the compiler binds it: there is no
 * instance, no function table, no data. It must not retire, pin or collect.
 */
@unmanaged
export class MemoryFree {
  /**
   * @param participant whose caches get the block: the thread that collects, not the one that retired
   * @param block what was passed to `retire`
   * @param bytes what was passed to `retire`
   */
  free(participant: usize, block: usize, bytes: u32): void {
    free(participant, block, bytes);
  }
}
