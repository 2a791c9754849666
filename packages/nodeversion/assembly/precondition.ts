/** Traps unless a precondition holds. Called in builds with DEBUG=1 only. */
export function precondition(holds: bool): void {
  if (!holds) unreachable();
}
