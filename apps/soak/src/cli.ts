// The program. Everything that can be tested is in main.ts.
import { main } from "./main.ts";

// A reader that has seen enough, such as `head`, closes the pipe: no reason to complain, nor to say that all is well.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 141 : 1);
});

process.exit(await main(process.argv.slice(2)));
