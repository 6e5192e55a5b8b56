/* Which reading since the start is the worst: the twin of treat/rules/worst.py. */
import { type Decimal, decimal } from "./decimal.ts";
import { breaches, convert, type Limit, type Priority, type Reading, testOf } from "./limits.ts";

export interface Seen extends Reading { at: number }
export interface Worst<Kind extends Seen> { seen: Kind; limit: Limit; beyond: boolean }
interface Badness { rank: number; share: Decimal; at: number }

const RANK: Record<Priority, number> = { high: 0, medium: 1, low: 2 };
const WITHIN = 3;
const ZERO = decimal("0");

/* Return the worst reading of all stages, each judged by the limits that held then; nothing where none is nearer to a limit than its baseline. */
export function worst<Kind extends Seen>(stages: [Limit[], Kind[]][], baseline: Record<string, Reading>): Worst<Kind> | null {
  let first: [Badness, Worst<Kind>] | null = null;
  for (const [limits, seen] of stages) {
    for (const limit of limits) {
      const extreme = extremeOf(limit, seen);
      if (!extreme) continue;
      const beyond = breaches([limit], baseline, extreme).length > 0;
      const bad = badness(limit, baseline, extreme, beyond);
      if (bad && (!first || isWorse(bad, first[0]))) first = [bad, { seen: extreme, limit, beyond }];
    }
  }
  return first?.[1] ?? null;
}

/* The furthest reading in the direction of a limit: no other of its sign can be worse by it. */
function extremeOf<Kind extends Seen>(limit: Limit, seen: Kind[]): Kind | null {
  const side = falls(limit) ? -1 : 1;
  let found: Kind | null = null;
  for (const each of seen) {
    if (each.sign !== limit.sign) continue;
    const further = found ? side * inUnit(limit, each).compare(inUnit(limit, found)) || each.at - found.at : 1;
    if (further > 0) found = each;
  }
  return found;
}

function badness(limit: Limit, baseline: Record<string, Reading>, extreme: Seen, beyond: boolean): Badness | null {
  const share = shareOf(limit, baseline[limit.sign], extreme);
  if (beyond) return { rank: RANK[limit.priority], share: share ?? decimal("1"), at: extreme.at };
  return share && share.compare(ZERO) > 0 ? { rank: WITHIN, share, at: extreme.at } : null;
}

function shareOf(limit: Limit, before: Reading | undefined, now: Reading): Decimal | null {
  if (!before) return null;
  const test = testOf(limit);
  const [start, value, bound] = [inUnit(limit, before), inUnit(limit, now), decimal(limit[test] ?? "")];
  const way = test === "rise_above" || test === "fall_above" ? bound : falls(limit) ? start.minus(bound) : bound.minus(start);
  const gone = falls(limit) ? start.minus(value) : value.minus(start);
  return way.compare(ZERO) > 0 ? gone.over(way) : null;
}

function isWorse(one: Badness, other: Badness): boolean {
  return (other.rank - one.rank || one.share.compare(other.share) || one.at - other.at) > 0;
}

function falls(limit: Limit): boolean {
  return ["below", "at_most", "fall_above"].includes(testOf(limit));
}

function inUnit(limit: Limit, reading: Reading): Decimal {
  return convert(decimal(reading.value), reading.unit, limit.unit);
}
