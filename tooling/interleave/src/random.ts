// Randomness of the schedulers: everything derives from one seed.
import { splitmix32 } from "@tooling/random";

/** Numbers in [0, 1), the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  const words = splitmix32(seed);
  return () => words() / 2 ** 32;
}
