// Puts debug builds in place of the published ones: imported for that.
import { useDebugBuilds } from "../../tree/test/debug-builds.ts";
import { boxedModules } from "../src/modules.ts";

useDebugBuilds(boxedModules, new URL("../build/", import.meta.url), "boxed");
