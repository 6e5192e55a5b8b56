/* How much was given so far, from what was done: the twin of treat/rules/amount.py. Moments and spans are whole microseconds. */
import { Decimal, decimal, ZERO } from "./decimal.ts";

export interface Doing { step: string; at: number; rate_ml_per_hour?: string | null }
export interface Given { dose_mg: Decimal; volume_ml: Decimal; running: number; rate_ml_per_hour: Decimal; ran_dry_at: number | null }

const FLOWS = new Set(["started", "resumed", "rate_changed"]);
const HALTS = new Set(["paused", "completed", "stopped"]);
const PER_HOUR = new Decimal(3_600_000_000n, 0);
const HANDS_DELAY = 60_000_000;

/* Return what was given by the moment `at`. A syringe cannot give more than the `drawn` millilitres that it held. Cut to a thousandth. */
export function given(doings: Doing[], at: number, concentration: Decimal, drawn: Decimal): Given {
  let [volume, rate, last] = [ZERO, ZERO, ZERO];
  let running = 0;
  let since: number | null = null;
  let dry: number | null = null;
  for (const doing of [...doings.filter((each) => each.at <= at), { step: "paused", at } as Doing]) {
    if (!FLOWS.has(doing.step) && !HALTS.has(doing.step)) continue;
    if (since !== null && rate.compare(ZERO) > 0 && dry === null) {
      const after = volume.plus(flowing(rate, doing.at - since));
      if (after.compare(drawn) >= 0) dry = since + timeFor(drawn.minus(volume), rate);
      running += (dry ?? doing.at) - since;
      volume = after.compare(drawn) > 0 ? drawn : after;
    }
    last = rate;
    rate = FLOWS.has(doing.step) && doing.rate_ml_per_hour ? decimal(doing.rate_ml_per_hour) : ZERO;
    since = doing.at;
  }
  return { dose_mg: volume.times(concentration).cut(3), volume_ml: volume.cut(3), running, rate_ml_per_hour: dry === null ? last : ZERO, ran_dry_at: dry };
}

/* Whether more of the dose is left than flows in a minute at the ordered rate. */
export function fallsShort(soFar: Given, drawn: Decimal, rate: Decimal): boolean {
  return drawn.minus(soFar.volume_ml).compare(flowing(rate, HANDS_DELAY)) > 0;
}

function flowing(rate: Decimal, span: number): Decimal {
  return rate.times(new Decimal(BigInt(span), 0)).over(PER_HOUR);
}

function timeFor(volume: Decimal, rate: Decimal): number {
  return Number(volume.times(PER_HOUR).over(rate).whole());
}
