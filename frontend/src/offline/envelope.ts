/* An act as it lies on a device: sealed under the key of the person's sign-in, with a proof that it is theirs. The server can
   open it and nobody else can: not the next nurse on a shared tablet, and not this device once the person has signed out. */
import { base64, bytesOf, hex, utf8 } from "./keys.ts";

export interface SignIn { account: string; site: string; device: string; signedIn: number; until: number; sealing: CryptoKey; proving: CryptoKey }
export interface Envelope { key: string; session: string; account: string; device: string; number: number; nonce: string; sealed: string }
export interface Act {
  key: string; kind: string; address: string; fields: [string, string][];
  clocks: { wall: number; running: number; opened: string }; believed: number; signed_in: number; words: string;
}
interface Released { account: string; site: string; sealing: string; proving: string; signed_in: number; until: number }

/* Take the keys that the server released. From here on no script can read them, only use them. */
export async function signInOf(released: Released, device: string): Promise<SignIn> {
  return {
    account: released.account,
    site: released.site,
    device,
    signedIn: released.signed_in,
    until: released.until,
    sealing: await crypto.subtle.importKey("raw", bytesOf(released.sealing), "AES-GCM", false, ["encrypt", "decrypt"]),
    proving: await crypto.subtle.importKey("raw", bytesOf(released.proving), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
  };
}

export async function sealAct(signIn: SignIn, session: string, number: number, act: Act): Promise<Envelope> {
  const outside = { key: act.key, session, account: signIn.account, device: signIn.device, number };
  const body = JSON.stringify(act);
  const proof = hex(new Uint8Array(await crypto.subtle.sign("HMAC", signIn.proving, utf8(body))));
  const { nonce, sealed } = await seal(signIn.sealing, JSON.stringify({ body, proof }), bindingOf(outside));
  return { ...outside, nonce, sealed };
}

/* Open an act of one's own; nothing where the key is another's. */
export async function openAct(signIn: SignIn, envelope: Envelope): Promise<Act | null> {
  const text = await open(signIn.sealing, envelope, bindingOf(envelope));
  return text === null ? null : (JSON.parse((JSON.parse(text) as { body: string }).body) as Act);
}

/* The hash by which the server acknowledges an envelope, as anybody can compute it. */
export async function hashOf(envelope: Envelope): Promise<string> {
  const [nonce, sealed] = [bytesOf(envelope.nonce), bytesOf(envelope.sealed)];
  const both = new Uint8Array(nonce.length + sealed.length);
  both.set(nonce);
  both.set(sealed, nonce.length);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", both)));
}

export async function seal(key: CryptoKey, text: string, bound: string): Promise<{ nonce: string; sealed: string }> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: utf8(bound) }, key, utf8(text));
  return { nonce: base64(nonce), sealed: base64(new Uint8Array(sealed)) };
}

export async function open(key: CryptoKey, closed: { nonce: string; sealed: string }, bound: string): Promise<string | null> {
  try {
    const how = { name: "AES-GCM", iv: bytesOf(closed.nonce), additionalData: utf8(bound) };
    return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, bytesOf(closed.sealed)));
  } catch {
    return null;
  }
}

function bindingOf(outside: Pick<Envelope, "key" | "session" | "account" | "device" | "number">): string {
  return [outside.key, outside.session, outside.account, outside.device, outside.number].join("|");
}
