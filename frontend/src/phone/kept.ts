/* What lies on the phone until the clinic has it. Storage may be refused (private windows): the page then works, and keeps nothing. */
export const KEPT_FOR_MS = 21 * 24 * 3600 * 1000;
export const RETRY_MS = 15_000;
const PATIENCE_MS = 20_000;

export function read<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) || "null") as T | null;
  } catch {
    return null;
  }
}

export function keep(name: string, what: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(what));
  } catch {
    /* Nothing is kept; it is still on the page. */
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    /* There was nothing to forget. */
  }
}

export function namesBelow(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((each) => each.startsWith(prefix));
  } catch {
    return [];
  }
}

/* Return the answer of the clinic, or null where there is no network, or nobody answers in a reasonable time. */
export async function post(address: string, fields: Record<string, string>): Promise<Response | null> {
  const given = new AbortController();
  const patience = setTimeout(() => given.abort(), PATIENCE_MS);
  try {
    const answered = await fetch(address, { method: "POST", body: new URLSearchParams(fields), credentials: "same-origin", signal: given.signal });
    return answered.ok || answered.status === 404 || answered.status === 422 || answered.status === 403 ? answered : null;
  } catch {
    return null;
  } finally {
    clearTimeout(patience);
  }
}

/* A random key (UUID, version 4): a second sending of the same thing is the same fact. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => (each + 256).toString(16).slice(1)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
