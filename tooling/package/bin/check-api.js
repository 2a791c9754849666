#!/usr/bin/env node
// Checks that the public types of the current package are those that its committed reports show.
//
//   check-api            status 1 and a diff if they are not
//   check-api --update   writes the reports
import { parseArgs } from "node:util";
import { checkApi } from "../src/api.js";

const { values } = parseArgs({ options: { update: { type: "boolean", default: false } } });
const problems = checkApi(process.cwd(), values);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) {
  process.exitCode = 1;
  if (!values.update) {
    process.stderr.write(
      "If the public types are meant to change, run 'npm run api' and commit the reports in api/; " +
        "users notice, so add a file from 'pnpm changeset' as well.\n",
    );
  }
}
