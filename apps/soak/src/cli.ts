// The program's entry point. Everything that can be tested is in main.ts.
import { main } from "./main.ts";

// A reader that has seen enough, such as `head`, closes the pipe. That is neither an error nor a success.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 141 : 1);
});

process.exit(await main(process.argv.slice(2)));
