/*
 * The constants that JavaScript shares.
 */
export { FULL, TOO_MANY } from "@masstree/memory/assembly";
export {
  EPOCHS_BAD_COUNT,
  EPOCHS_BAD_FREEING,
  EPOCHS_BAD_LABEL,
  EPOCHS_BAD_LIST,
  EPOCHS_BAD_ORPHAN,
  EPOCHS_BAD_PIN,
  EPOCHS_OK,
  RETIRE_TAIL,
} from "./index";
