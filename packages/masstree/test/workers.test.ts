import { testWorkers } from "./worker-suite.ts";

testWorkers(1);
