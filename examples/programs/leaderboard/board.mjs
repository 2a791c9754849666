// Players by their scores. `scores` has the truth, and `ranks` is an index of it: the same in another
// order. A map changes one key at a time, so the two differ for a moment; this is how they agree again.
//
// A row [score, player] is added only by the thread whose `add` gave that score. If the score has moved
// on since, that thread removes its row again. The thread that moved it on removes the row, too, after
// it has added its own. Whichever of the two comes last, the old row is gone, and the newest stays.
import { descending, MassTreeInline, MassTreeSet, tuple } from "masstree";

const scoreAndPlayer = tuple(descending("number"), "string"); // the greatest score first

export class Leaderboard {
  #scores;
  /** @type {MassTreeSet<readonly [number, string]>} */
  #ranks;

  /** @param {any} [handles] those of another thread's board, to share it */
  constructor(handles) {
    const key = scoreAndPlayer;
    this.#scores = handles ? MassTreeInline.attach(handles.scores) : new MassTreeInline();
    this.#ranks = handles ? MassTreeSet.attach(handles.ranks, { key }) : new MassTreeSet({ key });
  }

  get handles() {
    return { scores: this.#scores.handle, ranks: this.#ranks.handle };
  }

  /** Gives a player points, and returns the player's new score. */
  award(player, points) {
    if (!Number.isSafeInteger(points) || points <= 0) {
      throw new RangeError(`Points must be a positive whole number, not ${points}.`);
    }
    const score = this.#scores.add(player, points); // no other thread gets this one
    this.#ranks.add([score, player]);
    this.#ranks.delete([score - points, player]);
    if (this.#scores.get(player) !== score) this.#ranks.delete([score, player]);
    return score;
  }

  /** The best players. While others award points, one may be listed twice, or be missing. */
  top(count) {
    return [...this.#ranks.keys({ limit: count })].map(([score, player]) => ({ player, score }));
  }

  /** How many are ahead of a player, plus 1. Takes time in proportion to that number. */
  rankOf(player) {
    const score = this.#scores.get(player);
    return score === undefined ? undefined : this.#ranks.count({ lt: [score, ""] }) + 1;
  }

  get players() {
    return this.#scores.size;
  }

  /** How many rows the index has: as many as there are players, once no one is writing. */
  get rows() {
    return this.#ranks.size;
  }

  close() {
    this.#scores.close();
    this.#ranks.close();
  }
}
