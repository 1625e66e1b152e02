/** How long to wait before try number `attempt` (from 0), in milliseconds: doubles up to 15 s; `random` spreads it. */
export function backoff(attempt: number, random: number): number {
  return Math.min(15_000, 500 * 2 ** Math.min(attempt, 10)) * (0.75 + random / 2);
}
