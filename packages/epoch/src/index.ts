export { Epochs, type EpochsOptions } from "./epochs.ts";
export { EpochParticipant, RETIRE_TAIL } from "./participant.ts";
