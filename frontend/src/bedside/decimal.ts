/* Decimal numbers as the server's rules compute them, so that both tongues give one answer.

   A number is a whole coefficient times a power of ten, both exact. A result of more than 28 digits is rounded half to even, as
   Python's decimal does by default. JavaScript's own numbers are never used for a value: 0.1 + 0.2 is not 0.3 there. */
const DIGITS = 28;
const FORM = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

export class Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;

  constructor(coefficient: bigint, exponent: number) {
    this.coefficient = coefficient;
    this.exponent = exponent;
  }

  plus(other: Decimal): Decimal {
    const exponent = Math.min(this.exponent, other.exponent);
    return rounded(this.at(exponent) + other.at(exponent), exponent);
  }

  minus(other: Decimal): Decimal {
    return this.plus(new Decimal(-other.coefficient, other.exponent));
  }

  times(other: Decimal): Decimal {
    return rounded(this.coefficient * other.coefficient, this.exponent + other.exponent);
  }

  /* Throws RangeError for a division by zero. */
  over(other: Decimal): Decimal {
    const spare = Math.max(0, DIGITS + 1 + digits(other.coefficient) - digits(this.coefficient));
    const scaled = this.coefficient * 10n ** BigInt(spare);
    let quotient = scaled / other.coefficient;
    /* What is cut off must not look like an exact half. */
    if (scaled % other.coefficient !== 0n && quotient % 5n === 0n) quotient += (scaled < 0n) === (other.coefficient < 0n) ? 1n : -1n;
    return rounded(quotient, this.exponent - other.exponent - spare);
  }

  /* Less than 0, 0, or more than 0, as this is below, at, or above the other. */
  compare(other: Decimal): number {
    const exponent = Math.min(this.exponent, other.exponent);
    const [mine, its] = [this.at(exponent), other.at(exponent)];
    return mine < its ? -1 : mine > its ? 1 : 0;
  }

  /* The whole part, towards zero. */
  whole(): bigint {
    return this.exponent >= 0 ? this.at(0) : this.coefficient / 10n ** BigInt(-this.exponent);
  }

  /* Cut to so many places, towards zero. */
  cut(places: number): Decimal {
    return new Decimal(this.times(new Decimal(1n, places)).whole(), -places);
  }

  toString(): string {
    const [sign, plain] = this.coefficient < 0n ? ["-", -this.coefficient] : ["", this.coefficient];
    if (this.exponent >= 0) return sign + String(plain * 10n ** BigInt(this.exponent));
    const text = String(plain).padStart(1 - this.exponent, "0");
    const whole = text.slice(0, this.exponent);
    const part = text.slice(this.exponent).replace(/0+$/, "");
    return sign + (part ? `${whole}.${part}` : whole);
  }

  private at(exponent: number): bigint {
    return this.coefficient * 10n ** BigInt(this.exponent - exponent);
  }
}

/* Read a number as it is written; throws RangeError for anything else. */
export function decimal(text: string): Decimal {
  const found = FORM.exec(text);
  if (!found) throw new RangeError(`“${text}” is not a number`);
  const [, sign, whole, part = "", power = "0"] = found;
  const coefficient = BigInt(`${whole ?? ""}${part}`);
  return new Decimal(sign === "-" ? -coefficient : coefficient, Number(power) - part.length);
}

export const ZERO = new Decimal(0n, 0);

function digits(coefficient: bigint): number {
  return String(coefficient < 0n ? -coefficient : coefficient).length;
}

function rounded(coefficient: bigint, exponent: number): Decimal {
  const over = digits(coefficient) - DIGITS;
  if (over <= 0) return new Decimal(coefficient, exponent);
  const step = 10n ** BigInt(over);
  const size = coefficient < 0n ? -coefficient : coefficient;
  const [kept, rest] = [size / step, size % step];
  const up = rest * 2n > step || (rest * 2n === step && kept % 2n === 1n);
  const whole = up ? kept + 1n : kept;
  return new Decimal(coefficient < 0n ? -whole : whole, exponent + over);
}
