/* What is read next, and what is overdue: the twin of `due` in rulebook/limits.py. Moments are whole microseconds since 1970. */
import { MINUTE, type Sign } from "./limits.ts";

export interface Due { sign: string; due_at: number; overdue_at: number }

/* Return the next reading that each line of the schedule asks for, the earliest first. `read` maps a sign to the moments it was read. */
export function due(signs: Sign[], started: number, read: Record<string, number[]>): Due[] {
  const found: Due[] = [];
  for (const sign of signs) {
    const next = nextOf(sign, started, [...(read[sign.sign] ?? [])].sort((one, other) => one - other));
    if (next !== null) found.push({ sign: sign.sign, due_at: next, overdue_at: next + sign.grace_minutes * MINUTE });
  }
  return found.sort((one, other) => one.due_at - other.due_at || (one.sign < other.sign ? -1 : one.sign > other.sign ? 1 : 0));
}

export function isOverdue(each: Due, at: number): boolean {
  return at >= each.overdue_at;
}

function nextOf(sign: Sign, started: number, moments: number[]): number | null {
  const grace = sign.grace_minutes * MINUTE;
  if (sign.every_minutes) {
    const last = moments.filter((moment) => moment >= started - grace).at(-1);
    return last === undefined ? started : last + sign.every_minutes * MINUTE;
  }
  for (const minute of [...(sign.at_minutes ?? [])].sort((one, other) => one - other)) {
    const when = started + minute * MINUTE;
    if (!moments.some((moment) => moment >= when - grace)) return when;
  }
  return null;
}
