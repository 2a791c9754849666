/*
 * What the codes of assembly/verify.ts mean, in order from 1. In brackets are the labels of the invariants in the files
 * under assembly/, and what the details of the place are.
 */
export const invariants: readonly string[] = [
  "A line or group is locked or dirty though nobody is writing (its version)",
  "A line is frozen though nobody is rebuilding (FREEZE2; its state)",
  "The state of a line makes no sense (its state)",
  "An entry is not in the line that a model says (LINE5; its key, and the line's number)",
  "Entries are out of order, or a key is there twice (MODEL2, LINE5; the key before, and the state)",
  "A model has a number that it cannot have (MODEL2, FIT2; slope and intercept as bits)",
  "A bit does not agree with its line or group (GROUP1; the line, and its state)",
  "A way down has too many nodes",
  "A counter differs from what it counts (WORDS1; the number found, and the counter)",
  "A thread has left something under way (SUBTREE1, SUBTREE3, FREEZE3; its words)",
  "The allocator's own invariants are broken (its code)",
  "The epochs' own invariants are broken (its code)",
  "An event is waited for by nobody, or a wait is known to no writer (EVENT3)",
  "Bytes in use differ from those that something leads to (used, and found)",
];
