/* How much was given so far, from what was done: the twin of treat/rules/amount.py. Moments and spans are whole microseconds. */
import { Decimal, decimal, ZERO } from "./decimal.ts";

export interface Doing { step: string; at: number; rate_ml_per_hour?: string | null; drawn_ml?: string | null; part_mg?: string | null }
export interface Given { dose_mg: Decimal; volume_ml: Decimal; running: number; rate_ml_per_hour: Decimal; ran_dry_at: number | null; parts: number }

const FLOWS = new Set(["started", "resumed", "rate_changed", "rate_raised"]);
const HALTS = new Set(["paused", "syringe_changed", "completed", "stopped"]);
const PARTS = new Set(["started", "given"]);
const PER_HOUR = new Decimal(3_600_000_000n, 0);
const HANDS_DELAY = 60_000_000;

/* Return what was given by the moment `at`. A syringe cannot give more than it held: `drawn` millilitres the first, then what each change says; what is
   given in parts is their sum. Cut to a thousandth. */
export function given(doings: Doing[], at: number, concentration: Decimal | null = null, drawn: Decimal | null = null): Given {
  const done = doings.filter((each) => each.at <= at);
  const parts = done.flatMap((each) => (PARTS.has(each.step) && each.part_mg ? [decimal(each.part_mg)] : []));
  if (parts.length || drawn === null || concentration === null) {
    const total = parts.reduce((sum, each) => sum.plus(each), ZERO);
    const volume = concentration === null || concentration.compare(ZERO) === 0 ? ZERO : total.over(concentration);
    return { dose_mg: total.cut(3), volume_ml: volume.cut(3), running: 0, rate_ml_per_hour: ZERO, ran_dry_at: null, parts: parts.length };
  }
  return pumped(done, at, concentration, drawn);
}

function pumped(done: Doing[], at: number, concentration: Decimal, drawn: Decimal): Given {
  let [volume, left, rate, last] = [ZERO, drawn, ZERO, ZERO];
  let running = 0;
  let since: number | null = null;
  let dry: number | null = null;
  for (const doing of [...done, { step: "paused", at } as Doing]) {
    if (!FLOWS.has(doing.step) && !HALTS.has(doing.step)) continue;
    if (since !== null && rate.compare(ZERO) > 0 && dry === null) {
      const flowed = flowing(rate, doing.at - since);
      if (flowed.compare(left) >= 0) dry = since + timeFor(left, rate);
      running += (dry ?? doing.at) - since;
      const went = flowed.compare(left) > 0 ? left : flowed;
      [volume, left] = [volume.plus(went), left.minus(went)];
    }
    if (doing.step === "syringe_changed") [left, dry] = [doing.drawn_ml ? decimal(doing.drawn_ml) : ZERO, null];
    last = rate;
    rate = FLOWS.has(doing.step) && doing.rate_ml_per_hour ? decimal(doing.rate_ml_per_hour) : ZERO;
    since = doing.at;
  }
  const flow = dry === null ? last : ZERO;
  return { dose_mg: volume.times(concentration).cut(3), volume_ml: volume.cut(3), running, rate_ml_per_hour: flow, ran_dry_at: dry, parts: 0 };
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
