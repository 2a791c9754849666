/**
 * The WebAssembly exports of the tree whose value words are addresses of boxes: those of the tree, and in place of its
 * functions that take or give value words those of box.ts, through which values of any size go in and out.
 */
export {
  attach,
  boundScratch,
  committedBytes,
  create,
  detach,
  entryCount,
  failAfter,
  has,
  internodeCount,
  keyScratch,
  layerCount,
  leafCount,
  liveBlocks,
  liveBytes,
  maxHeight,
  overheadBytes,
  participantNumber,
  pin,
  quiesce,
  resultScratch,
  retiredBlocks,
  retiredBytes,
  scan,
  scanDone,
  size,
  unpin,
} from "@masstree/tree/assembly/module";
export {
  allocateBox,
  clear,
  copyIn,
  copyOut,
  discardBox,
  getBox,
  removeBox,
  setBox,
  verify,
} from "./box";
