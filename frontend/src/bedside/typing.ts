/* Typing a number with large keys: what a touch makes of what stands in a field. No page, no clock. */

/* What a key makes of the digits so far: “back” takes the last away, a digit is added. */
export function typed(value: string, key: string): string {
  if (key === "back") return value.slice(0, -1);
  return value === "0" ? key : value + key;
}

/* True when no further digit can make a value that is right: the next field's turn has come. */
export function isComplete(value: string, highest: number): boolean {
  return value !== "" && !value.includes(".") && Number(value) * 10 > highest;
}

/* A step starts from what is typed, else from the last value: the ghost is where to start, never what is stored. */
export function stepped(value: string, ghost: string, by: number): string {
  const from = number(value) ?? number(ghost);
  return from === null ? value : String(Math.max(0, Number((from + by).toFixed(1))));
}

/* The whole numbers around a value, lowest first: what one touch may choose. `shift` moves them up or down; none lies below nought or above `highest`. */
export function around(ghost: string, shift: number, reach: number, highest: number): number[] {
  const last = number(ghost);
  if (last === null) return [];
  const first = Math.max(0, Math.min(Math.round(last) + shift - reach, highest - 2 * reach));
  return Array.from({ length: 2 * reach + 1 }, (_, index) => first + index).filter((each) => each <= highest);
}

/* What people write as a number, with a point or a comma; null for anything else. */
export function number(words: string): number | null {
  const plain = words.trim().replace(",", ".");
  return plain === "" || Number.isNaN(Number(plain)) ? null : Number(plain);
}

/* True when a value is further from the last one than a slip of the finger leaves unasked: by more than a step, or less than half or more than twice of it. */
export function isSlip(value: number, last: number | null, step: number | null): boolean {
  if (last === null || step === null) return false;
  return Math.abs(value - last) > step || value * 2 < last || value > last * 2;
}

/* A change in words: “+20 from baseline”. */
export function change(value: number, first: number | null, words: string): string {
  if (first === null) return "";
  const by = Number((value - first).toFixed(1));
  return by === 0 ? `as ${words}` : `${by > 0 ? "+" : "−"}${Math.abs(by)} from ${words}`;
}
