// One of several servers. Each runs in a worker and has a port of its own.
import { once } from "node:events";
import { createServer } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { Sessions } from "./sessions.mjs";

const sessions = new Sessions(workerData.ttl, workerData.sessions);

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (request.method === "POST" && url.pathname === "/login") {
    const user = url.searchParams.get("user") ?? "";
    if (!/^\w{1,50}$/.test(user)) return answer(response, 400, "A user has 1 to 50 letters.");
    response.setHeader("set-cookie", `session=${user}.${sessions.begin(user)}; HttpOnly`);
    return answer(response, 200, `Hello ${user}`);
  }
  const [, user, id] =
    /\bsession=(\w{1,50})\.([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})/.exec(
      request.headers.cookie ?? "",
    ) ?? [];
  const session = user !== undefined && id !== undefined ? sessions.visit(user, id) : undefined;
  if (session === undefined) return answer(response, 401, "Log in first.");
  if (request.method === "POST" && url.pathname === "/logout") {
    return answer(response, 200, sessions.end(user, id) ? "Bye" : "You were out already.");
  }
  if (request.method === "POST" && url.pathname === "/logout-everywhere") {
    return answer(response, 200, `Ended ${sessions.endAll(user)} sessions`);
  }
  answer(response, 200, `${user}: visit ${session.visits}`);
});

function answer(response, status, text) {
  response.writeHead(status, { "content-type": "text/plain" }).end(text);
}

await once(server.listen(0, "127.0.0.1"), "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
parentPort?.postMessage(port);

parentPort?.once("message", () => {
  server.close();
  server.closeAllConnections();
  sessions.close();
});
