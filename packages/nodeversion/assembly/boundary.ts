/*
 * The constants that JavaScript shares: the parts of the version word.
 */
export {
  DELETED,
  INSERT_STEP,
  INSERTING,
  LEAF,
  OWNER_MASK,
  ROOT,
  SLEEPERS,
  SPLIT_STEP,
  SPLITTING,
} from "./word";
