/** How many slots `permutation` holds. */
export function size(permutation: u64): i32 {
  return min(<i32>(permutation & 15), WIDTH);
}
