// Workers play games and award points, all on one board.
import { readOptions } from "../support/options.mjs";
import { runWorkers } from "../support/workers.mjs";
import { Leaderboard } from "./board.mjs";

const usage = `
Awards points in several threads at once, and shows the best players.

  node leaderboard/main.mjs [--workers N] [--games N] [--players N] [--top N]

  --workers N  how many threads award points (default: 4)
  --games N    how many games each of them plays (default: 20000)
  --players N  how many players there are (default: 100)
  --top N      how many players to show (default: 5)
`;
const options = readOptions(usage, { workers: 4, games: 20_000, players: 100, top: 5 });

const board = new Leaderboard();
const awarded = await runWorkers(new URL("./worker.mjs", import.meta.url), options.workers, () => ({
  board: board.handles,
  games: options.games,
  players: options.players,
}));

const total = awarded.reduce((sum, points) => sum + points, 0);
console.log(`${options.workers * options.games} games, ${total} points, ${board.players} players`);
for (const [i, { player, score }] of board.top(options.top).entries()) {
  console.log(`${String(i + 1).padStart(3)}. ${player.padEnd(12)} ${score}`);
}

const everyone = board.top(board.players);
const onBoard = everyone.reduce((sum, { score }) => sum + score, 0);
console.log(`The board has ${board.rows} rows with ${onBoard} points.`);
const last = everyone.at(-1);
console.log(`The last one, ${last?.player}, has rank ${board.rankOf(last?.player)}.`);
board.close();
