// The program's entry point. Everything that can be tested is in main.ts.
import { main } from "./main.ts";

// A reader that has seen enough, such as `head`, closes the pipe. That is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

process.exitCode = await main(process.argv.slice(2));
