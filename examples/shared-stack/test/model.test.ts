// Any sequence of calls, by threads in turn, answers as an array would.
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SharedStack } from "../src/index.ts";
import { bytesOf, numberOf } from "./numbers.ts";

type Model = Uint8Array[];

interface Real {
  readonly views: readonly SharedStack[];
}

class Step implements fc.Command<Model, Real> {
  readonly name: string;
  readonly view: number;
  readonly act: (model: Model, stack: SharedStack) => void;

  constructor(name: string, view: number, act: Step["act"]) {
    this.name = name;
    this.view = view;
    this.act = act;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, { views }: Real): void {
    this.act(model, views[this.view]!);
  }

  toString(): string {
    return `${this.view}: ${this.name}`;
  }
}

const step = (name: string, act: Step["act"]) => fc.nat(1).map((view) => new Step(name, view, act));

const commands = [
  fc.tuple(fc.nat(1), fc.uint8Array({ maxLength: 300, size: "max" })).map(
    ([view, value]) =>
      new Step(`push [${value}]`, view, (model, stack) => {
        const own = value.slice();
        stack.push(own);
        own.fill(1); // The stack has a copy.
        model.unshift(value);
      }),
  ),
  step("pop", (model, stack) => {
    const value = stack.pop();
    expect(value).toEqual(model.shift());
    value?.fill(2); // So have we.
  }),
  step("peek", (model, stack) => {
    const value = stack.peek();
    expect(value).toEqual(model[0]);
    value?.fill(3);
  }),
  step("size", (model, stack) => expect(stack.size).toBe(model.length)),
  step("toArray", (model, stack) => expect(stack.toArray()).toEqual(model)),
  step("iterate", (model, stack) => expect([...stack]).toEqual(model)),
  step("stats", (model, stack) => {
    const bytes = model.reduce((sum, { length }) => sum + length, 0);
    expect(stack.stats()).toEqual({ size: model.length, bytes });
  }),
];

test("two views of a stack answer as an array would, whoever does what", () => {
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 100 }), (list) => {
      using one = SharedStack.create();
      using two = SharedStack.attach(one.handle);
      fc.modelRun(() => ({ model: [] as Model, real: { views: [one, two] } }), list);
      one.verify();
    }),
    { numRuns: runs(60) },
  );
});

test("numbers come back as they were, and in the opposite order", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (numbers) => {
      using stack = SharedStack.create();
      for (const number of numbers) stack.push(bytesOf(number));
      expect(numbers.map(() => numberOf(stack.pop()))).toEqual(numbers.toReversed());
      expect(stack.pop()).toBeUndefined();
    }),
    { numRuns: runs(30) },
  );
});
