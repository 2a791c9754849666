// What a target knows of programs that are drawn at random.
import type { Program } from "../explore.ts";
import { formatSketch, type Sketch } from "./sketch.ts";

/** Numbers in [0, 1). */
export type Random = () => number;

/**
 * Draws programs of a target. All that it draws has to be sound: each sketch of such steps and calls, in any order
 * and any number, is a program that a correct core passes.
 */
export interface Generator {
  /** A program: two or three threads, and calls that meet. */
  draw(random: Random): Sketch;
  /** One more call for some thread, which meets those that are there. */
  call(sketch: Sketch, random: Random): string;
  /** One more step for the setup, close to what the threads call. Without it, a setup only gets shorter. */
  step?(sketch: Sketch, random: Random): string;
  /** Calls that do less than this one, for a failing program to get smaller. */
  simpler?(call: string): readonly string[];
  /** What the texts mean. Throws when they mean nothing. */
  program(sketch: Sketch): Program;
}

/** The program of a sketch: its name is its text. */
export function programOf(generator: Generator, sketch: Sketch): Program {
  return { ...generator.program(sketch), name: formatSketch(sketch) };
}
