// Mistakes in the lock: most of them leave a thread asleep.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";

const lock = "nodeversion/assembly/lock.ts";
const mark = "nodeversion/assembly/mark.ts";
const read = "nodeversion/assembly/read.ts";
const sleep = "nodeversion/assembly/sleep.ts";

const wakes = "  if ((atomic.xchg<u64>(node, next) & SLEEPERS) !== 0) wakeOne(node);\n";

export const versionMutants: readonly Mutant[] = [
  mutant("an unlock wakes nobody", edit(lock, wakes, "  atomic.xchg<u64>(node, next);\n")),
  mutant(
    "an unlock overlooks who falls asleep just before it",
    edit(
      lock,
      wakes,
      "  atomic.xchg<u64>(node, next);\n  if ((version & SLEEPERS) !== 0) wakeOne(node);\n",
    ),
  ),
  mutant(
    "a lock taken after a sleep forgets that others may be asleep",
    edit(
      lock,
      "    if (mayWait && sleepWhile(node, OWNER_MASK, SLEEP_NANOSECONDS) === WOKEN) mark |= SLEEPERS;\n",
      "    if (mayWait) sleepWhile(node, OWNER_MASK, SLEEP_NANOSECONDS);\n",
    ),
  ),
  mutant(
    "the same in the form that times out",
    edit(lock, "    if (outcome === WOKEN) mark |= SLEEPERS;\n", ""),
  ),
  mutant(
    "a reader keeps the wake-up that it got",
    edit(
      read,
      "        if (woken) wakeOne(node);\n        return version;\n",
      "        return version;\n",
    ),
  ),
  mutant(
    "the same in the form that times out, for readers",
    edit(
      read,
      "  if (woken) wakeOne(node);\n  return version;\n}\n\n/**\n * Whether what",
      "  return version;\n}\n\n/**\n * Whether what",
    ),
  ),
  mutant(
    "a sleeper does not say that it sleeps",
    edit(
      sleep,
      "    if (atomic.cmpxchg<u64>(node, version, version | SLEEPERS) !== version) return NOT_SLEPT;\n    version |= SLEEPERS;\n",
      "",
    ),
  ),
  mutant(
    "a mark is stored over the bit of a sleeper",
    edit(
      mark,
      "  atomic.or<u64>(node, INSERTING);\n",
      "  atomic.store<u64>(node, atomic.load<u64>(node) | INSERTING);\n",
    ),
  ),
  mutant(
    "a lock is taken though it is held",
    edit(lock, "  return !isLocked(version) && atomic.cmpxchg", "  return atomic.cmpxchg"),
  ),
  mutant(
    "an insert does not count",
    edit(
      lock,
      "(version & INSERTING) !== 0 ? INSERT_STEP : 0",
      "(version & INSERTING) !== 0 ? 0 : 0",
    ),
  ),
  mutant(
    "a reader does not wait until the node is clean",
    edit(
      read,
      "  const version = loadVersion(node);\n  return isDirty(version) ? awaitStable(node) : version;\n",
      "  return loadVersion(node);\n",
    ),
  ),
];
