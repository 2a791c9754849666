// The examples of docs/guide run.
import { readdirSync } from "node:fs";
import { testDocuments } from "@tooling/vitest/readme";

const guides = readdirSync(new URL("../../../docs/guide", import.meta.url))
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .map((name) => `../../../docs/guide/${name}`);

testDocuments(import.meta.url, guides);
