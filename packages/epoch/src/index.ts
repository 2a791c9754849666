export { Epochs, type EpochsOptions } from "./epochs.ts";
export { RETIRE_TAIL } from "./generated/epoch-exports.ts";
export { EpochParticipant } from "./participant.ts";
