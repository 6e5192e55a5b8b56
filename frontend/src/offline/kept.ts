/* The open session as it is kept on the device: sealed under the key of the person's sign-in. */
import { open, type SignIn } from "./envelope.ts";
import type { Drawer } from "./shelf.ts";
import type { Kept } from "./story.ts";

/* Open the session that is kept on this device, if it is this person's. */
export async function openKept(drawer: Drawer, signIn: SignIn, session: string): Promise<Kept | null> {
  const closed = await drawer.kept();
  if (!closed || closed.account !== signIn.account || closed.session !== session) return null;
  const text = await open(signIn.sealing, closed, boundOf(signIn, session));
  return text === null ? null : (JSON.parse(text) as Kept);
}

export function boundOf(signIn: SignIn, session: string): string {
  return ["kept", signIn.site, signIn.account, session].join("|");
}
