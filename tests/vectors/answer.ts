/* Answers questions to the evaluators of the bedside: one JSON object a line in, one a line out. Moments are seconds, as text. */
import { createInterface } from "node:readline";
import { fallsShort, given } from "../../frontend/src/bedside/amount.ts";
import { decimal } from "../../frontend/src/bedside/decimal.ts";
import { due } from "../../frontend/src/bedside/due.ts";
import { type Breach, breaches, limitsAt, news, unjudged, UnknownUnit, UNITS } from "../../frontend/src/bedside/limits.ts";
import { worst } from "../../frontend/src/bedside/worst.ts";

/* eslint-disable-next-line -- questions are checked by the Python side, which asks the same of its own rules */
type Question = any;

const micro = decimal("1000000");
const moment = (seconds: string): number => Number(decimal(seconds).times(micro).whole());
const seconds = (micros: number): string => decimal(String(micros)).over(micro).toString();
const perhaps = (text: string | null): number | null => (text === null ? null : moment(text));
const spoken = (found: Breach[]): unknown => found.map((each) => [each.limit.id, each.compared.toString(), each.bound.toString()]);
const mapped = <A, B>(table: Record<string, A>, turn: (each: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(table).map(([name, each]) => [name, turn(each)]));

const ANSWERS: Record<string, (question: Question) => unknown> = {
  breaches: (q) => spoken(breaches(q.limits, q.baseline, q.reading)),
  unjudged: (q) => unjudged(q.limits, q.baseline).map((each) => each.id),
  limits_at: (q) => limitsAt(q.during, q.after, moment(q.measured_at), perhaps(q.started_at), perhaps(q.ended_at)).map((each) => each.id),
  news: (q) =>
    spoken(news(q.limits, q.signs, {
      baseline: q.baseline, reading: q.reading, before: q.before, measured_at: moment(q.measured_at),
      calls: mapped(q.calls, (call: Question) => ({ raised_at: moment(call.raised_at), acknowledged_at: perhaps(call.acknowledged_at) })),
    })),
  due: (q) =>
    due(q.signs, moment(q.started_at), mapped(q.read_at, (each: string[]) => each.map(moment)))
      .map((each) => [each.sign, seconds(each.due_at), seconds(each.overdue_at)]),
  given: (q) => {
    const drawn = decimal(q.drawn_ml);
    const found = given(q.doings.map((each: Question) => ({ ...each, at: moment(each.at) })), moment(q.at), decimal(q.concentration_mg_per_ml), drawn);
    return {
      dose_mg: found.dose_mg.toString(), volume_ml: found.volume_ml.toString(), running: seconds(found.running),
      rate_ml_per_hour: found.rate_ml_per_hour.toString(), ran_dry_at: found.ran_dry_at === null ? null : seconds(found.ran_dry_at),
      parts: found.parts,
      falls_short: fallsShort(found, drawn, decimal(q.ordered_rate)),
    };
  },
  worst: (q) => {
    const found = worst(q.stages.map(([limits, seen]: Question) => [limits, seen.map((each: Question) => ({ ...each, at: moment(each.at) }))]), q.baseline);
    return found && [found.seen.sign, found.seen.value, seconds(found.seen.at), found.limit.id, found.beyond];
  },
  units: () => UNITS,
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Question;
  let answer: unknown;
  try {
    const ask = ANSWERS[question.ask as string];
    if (!ask) throw new RangeError(`nobody answers “${question.ask}”`);
    answer = ask(question);
  } catch (fault) {
    if (!(fault instanceof UnknownUnit)) throw fault;
    answer = "refused";
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
