export { randomNumbers as randomOf } from "@tooling/random";

/** A whole number below `end`. */
export function below(random: () => number, end: number): number {
  return Math.floor(random() * end);
}
