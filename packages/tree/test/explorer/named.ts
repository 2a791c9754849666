// The catalog's targets by name, for tests.
import { type Core, coreOf, type Target } from "@tooling/interleave";
import { targets } from "./catalog.ts";

export function targetNamed(name: string): Target {
  return targets.find((target) => target.name === name)!;
}

export function coreNamed(name: string): Promise<Core> {
  return coreOf(targetNamed(name));
}
