/* The way to the server. A page that was kept may be older than the sign-in: the token against forged requests is read from its cookie. */
import { type Answer, type Message, NotTaken, Unreachable } from "./outbox.ts";

const PATIENCE_MS = 8000;
/* Nobody waits for what is kept, and it holds whole pages. */
const LONG_PATIENCE_MS = 30_000;

export class SignedOut extends Unreachable {}

export function send(site: string, session: string, message: Message): Promise<{ server: number; answers: Answer[] }> {
  return asked(`/at/${site}/treat/sessions/${session}/acts/`, JSON.stringify(message), "application/json");
}

export function keys(site: string, device: string): Promise<Parameters<typeof import("./envelope.ts").signInOf>[0] & { server: number }> {
  return asked(`/at/${site}/treat/device/keys/`, new URLSearchParams({ device }), "application/x-www-form-urlencoded");
}

export function kept<Bundle>(site: string, session: string): Promise<{ kept: Bundle | null; server: number }> {
  return asked(`/at/${site}/treat/sessions/${session}/kept/`, null, "", LONG_PATIENCE_MS);
}

async function asked<Found>(address: string, body: BodyInit | null, type: string, patience = PATIENCE_MS): Promise<Found> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== null) Object.assign(headers, { "Content-Type": type, "X-CSRFToken": token() });
  const answer = await reached(address, { method: body === null ? "GET" : "POST", body, headers }, patience);
  if (answer.status === 400) throw new NotTaken(address);
  if (answer.redirected || answer.status === 401 || answer.status === 403) throw new SignedOut(address);
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Unreachable(address);
  try {
    return (await answer.json()) as Found;
  } catch {
    throw new Unreachable(address);
  }
}

async function reached(address: string, how: RequestInit, patience: number): Promise<Response> {
  try {
    return await fetch(address, { ...how, signal: AbortSignal.timeout(patience) });
  } catch {
    throw new Unreachable(address);
  }
}

function token(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
