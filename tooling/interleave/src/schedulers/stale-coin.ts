// Which reads of a random schedule return an older value: with a probability that is drawn for each schedule, as
// that of switches is. Draws nothing for a schedule without such a choice, so that others stay the same.
const probabilities = [1, 1 / 2, 1 / 8, 1 / 32];

export class StaleCoin {
  readonly #random: () => number;
  #probability: number | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A new schedule. */
  begin(): void {
    this.#probability = undefined;
  }

  /** One of so many older values, from 1; 0 for the last value. */
  toss(alternatives: number): number {
    const random = this.#random;
    this.#probability ??= probabilities[Math.floor(random() * probabilities.length)]!;
    return random() < this.#probability ? 1 + Math.floor(random() * alternatives) : 0;
  }
}
