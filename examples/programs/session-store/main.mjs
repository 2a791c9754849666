// Starts several servers that share their sessions, and visits them as a load balancer would: each
// request of a user goes to the next server.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { readOptions } from "../support/options.mjs";
import { Sessions } from "./sessions.mjs";

const usage = `
Starts servers that share their sessions, and sends them requests of several users.

  node session-store/main.mjs [--servers N] [--users N] [--visits N]

  --servers N  how many servers, each in a thread of its own (default: 3)
  --users N    how many users log in, each on two devices (default: 4)
  --visits N   how many requests each device sends (default: 50)
`;
const options = readOptions(usage, { servers: 3, users: 4, visits: 50 });

const ttl = 60_000;
const sessions = new Sessions(ttl);
const workers = Array.from(
  { length: options.servers },
  () =>
    new Worker(new URL("./server.mjs", import.meta.url), {
      workerData: { ttl, sessions: sessions.handle },
    }),
);
const ports = await Promise.all(workers.map(async (worker) => (await once(worker, "message"))[0]));

let requests = 0;
/** Sends a request to the next server. */
async function send(path, cookie = "", method = "GET") {
  const port = ports[requests++ % ports.length];
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { cookie } });
  return { status: response.status, text: await response.text(), response };
}

async function logIn(user) {
  const { response } = await send(`/login?user=${user}`, "", "POST");
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

async function visit(cookie) {
  for (let i = 0; i < options.visits; i++) {
    const { status, text } = await send("/", cookie);
    if (status !== 200) throw new Error(text);
  }
}

const users = Array.from({ length: options.users }, (_, i) => `user${i + 1}`);
const devices = await Promise.all(
  [...users, ...users].map(async (user) => {
    const cookie = await logIn(user);
    // Two windows of one device: their visits go to different servers at the same time.
    await Promise.all([visit(cookie), visit(cookie)]);
    return { user, cookie };
  }),
);

console.log(`${requests} requests to ${ports.length} servers`);
for (const user of users) {
  const visits = sessions.of(user).map((session) => session.visits);
  console.log(`${user}: ${visits.length} sessions with ${visits.join(" and ")} visits`);
}

const [first] = devices;
const { text } = await send("/logout-everywhere", first?.cookie, "POST");
console.log(`${first?.user} logs out everywhere: ${text}.`);
for (const { user, cookie } of devices.filter(({ user }) => user === first?.user)) {
  const { status } = await send("/", cookie);
  console.log(`${user} is answered ${status}.`);
}

for (const worker of workers) worker.postMessage("end");
await Promise.all(workers.map((worker) => once(worker, "exit")));
sessions.close();
