// Puts the tree's debug builds in place of its published ones: imported for that.
import { treeModules } from "@masstree/tree";
import { useDebugBuilds } from "../../tree/test/debug-builds.ts";

useDebugBuilds(treeModules, new URL("../../tree/build/", import.meta.url), "tree");
