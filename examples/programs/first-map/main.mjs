// A first map: cities and how many people live there, which a worker reads and changes, too.
import { once } from "node:events";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { MassTree } from "masstree";

/** @typedef {{ country: string, people: number }} City */

if (isMainThread) {
  const [prefix = "S", ...more] = process.argv.slice(2);
  if (prefix.startsWith("-") || more.length > 0) {
    console.error("node first-map/main.mjs [PREFIX]   lists the cities that begin with PREFIX");
    process.exit(prefix === "--help" ? 0 : 2);
  }
  await main(prefix);
} else {
  work();
}

/** @param {string} prefix */
async function main(prefix) {
  /** @type {MassTree<City>} */
  const cities = new MassTree(); // keys are strings, values are JSON
  cities.setMany([
    ["Sofia", { country: "Bulgaria", people: 1_190_000 }],
    ["Oslo", { country: "Norway", people: 717_000 }],
    ["Santiago", { country: "Chile", people: 5_220_000 }],
    ["Singapore", { country: "Singapore", people: 5_640_000 }],
    ["Lima", { country: "Peru", people: 10_090_000 }],
  ]);

  console.log(`${cities.size} cities, from ${cities.first()?.[0]} to ${cities.last()?.[0]}`);

  // The map is in the order of its keys, so a range costs what it gives, however large the map is.
  for (const [name, { country, people }] of cities.entries({ prefix })) {
    console.log(`${name} (${country}): ${people.toLocaleString("en")}`);
  }

  // A key need not be there to have neighbours.
  console.log(`After Paris comes ${cities.higher("Paris")?.[0] ?? "nothing"}.`);

  // Another thread gets the handle, and opens the same map: nothing is copied.
  const worker = new Worker(new URL(import.meta.url), { workerData: cities.handle });
  await once(worker, "exit");

  console.log(`A worker counted ${cities.get("everywhere")?.people.toLocaleString("en")} people.`);
  cities.close();
}

function work() {
  /** @type {MassTree<City>} */
  const cities = MassTree.attach(workerData);
  let people = 0;
  for (const city of cities.values()) people += city.people;
  cities.set("everywhere", { country: "", people });
  cities.close();
}
