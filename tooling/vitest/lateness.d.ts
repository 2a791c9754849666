/**
 * Runs an action, and a thread beside it that sleeps for a millisecond again and again.
 *
 * @returns what the action returned, and by how many milliseconds the thread came too late at most
 */
export function withLateness<T>(
  action: () => T | Promise<T>,
): Promise<{ result: T; lateness: number }>;
