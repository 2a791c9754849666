#!/usr/bin/env node
// The program's entry point.
// As it is built: a module of its own, beside its workers.
import { main } from "./main.js";

// A reader that has seen enough, such as `head`, closes the pipe: no reason to complain, nor to say that all is well.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 141 : 1);
});

process.exitCode = await main(process.argv.slice(2));
