/* The shell: what stands in the place of a page when the server does not answer. It opens the session that is kept on this device, for the
   person whose keys are here, and says plainly when there is none. */
import { openKept } from "../offline/kept.ts";
import { DeviceClock } from "../offline/clock.ts";
import { openAct, type SignIn } from "../offline/envelope.ts";
import { Drawer } from "../offline/shelf.ts";
import { Story } from "../offline/story.ts";

const SESSION = /^\/at\/([^/]+)\/treat\/sessions\/([0-9a-f-]{36})\/(?:chair\/|after\/)?$/;
const AGAIN_MS = 5000;

void open().catch(() => false).then((isOpen) => {
  if (!isOpen) setInterval(() => void lookAgain(), AGAIN_MS);
});

async function open(): Promise<boolean> {
  const drawer = await Drawer.open();
  const signIn = await signedIn(drawer);
  const waiting = (await drawer.all()).length;
  if (!signIn) return say("nobody", waiting);
  const closed = await drawer.kept();
  const asked = SESSION.exec(location.pathname);
  const session = asked?.[1] === signIn.site ? (asked[2] ?? "") : "";
  const kept = session ? await openKept(drawer, signIn, session) : null;
  if (!kept) return say("elsewhere", waiting, closed ? `/at/${signIn.site}/treat/sessions/${closed.session}/` : "");
  const acts = [];
  for (const { envelope } of await drawer.all()) {
    const act = envelope.session === session && envelope.account === signIn.account ? await openAct(signIn, envelope) : null;
    if (act) acts.push(act);
  }
  const story = new Story(kept, acts);
  await draw(kept.pages[story.state] ?? kept.pages[kept.state] ?? "");
  return true;
}

async function signedIn(drawer: Drawer): Promise<SignIn | null> {
  const signIn = await drawer.signIn();
  const { offset } = await drawer.device();
  const clock = new DeviceClock({ wall: () => Date.now(), running: () => performance.now() }, "", offset);
  return signIn && signIn.until > (clock.believed() ?? Infinity) ? signIn : null;
}

/* The page as the server drew it takes the place of this one; its script comes from the shell's own build. */
async function draw(html: string): Promise<void> {
  const page = new DOMParser().parseFromString(html, "text/html");
  const script = document.body.dataset.bedside ?? "";
  for (const { name, value } of page.documentElement.attributes) document.documentElement.setAttribute(name, value);
  document.documentElement.setAttribute("data-from-device", "");
  document.title = page.title;
  for (const each of page.body.querySelectorAll("script")) each.remove();
  document.body.replaceWith(document.adoptNode(page.body));
  await import(/* the address is known to the shell alone */ script);
}

function say(which: string, waiting: number, link = ""): boolean {
  for (const each of document.querySelectorAll<HTMLElement>("[data-shell]")) each.hidden = each.dataset.shell !== which;
  const words = document.querySelector<HTMLElement>("[data-shell-waiting]");
  if (words) {
    words.hidden = waiting === 0;
    words.textContent = (words.dataset.words ?? "").replace("{n}", String(waiting));
  }
  const place = document.querySelector<HTMLAnchorElement>("[data-shell-link]");
  if (place) {
    place.hidden = link === "";
    place.href = link;
  }
  return false;
}

async function lookAgain(): Promise<void> {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(AGAIN_MS) });
    if (answer.ok) location.reload();
  } catch {
    /* Not yet. */
  }
}
