// The program. Everything that can be tested is in main.ts.
import { main } from "./main.ts";

process.exit(await main(process.argv.slice(2)));
