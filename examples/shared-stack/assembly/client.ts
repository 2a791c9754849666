/*
 * What the stack tells @masstree/session about itself.
 */
import { Client, holdsStructure } from "@masstree/session/assembly";

/** Which structure this is, in which version of its layout: "STK" and version 1. */
export const STACK_LAYOUT: u32 = 0x014b5453;

/**
 * The defaults do for the rest. An empty stack is all zeros, as a new region is, so there is nothing to create. Every
 * write goes through the journal, so there is nothing to undo. And nothing is put off, so there is nothing to leave.
 */
@unmanaged
export class StackClient extends Client {
  override isHere(): bool {
    return holdsStructure(STACK_LAYOUT);
  }
}
