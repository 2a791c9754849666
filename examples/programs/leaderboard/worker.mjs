import { parentPort, workerData } from "node:worker_threads";
import { Leaderboard } from "./board.mjs";

const board = new Leaderboard(workerData.board);
const { games, players } = workerData;
let awarded = 0;
for (let i = 0; i < games; i++) {
  const points = 1 + Math.floor(Math.random() * 10);
  board.award(`player ${1 + Math.floor(Math.random() * players)}`, points);
  awarded += points;
}
board.close();
parentPort?.postMessage(awarded);
