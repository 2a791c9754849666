// A program of a user's whose types are JavaScript's alone: compiled by declarations.test.ts, never run.
import { MassTree, type MassTreeInline } from "masstree";

export const map: MassTree<number> = new MassTree();
export const pages: number = map.handle.memory.grow(0);
export const other: MassTreeInline<bigint> | undefined = undefined;
