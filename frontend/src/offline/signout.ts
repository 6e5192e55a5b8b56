/* Signing out wipes what the device keeps of the open session, and the keys. Sealed acts stay until the server has them. */
const OUT = "daybreak-signed-out";
const LEAVES = /\/accounts\/logout\/$/;

/* Call it on every page. A sign-out that the server has not heard of, for want of a network, is told first. */
export function wipeAtSignOut(): void {
  if (remembered()) void tellServer();
  document.addEventListener("submit", (event) => {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    if (!form || !LEAVES.test(new URL(form.action).pathname)) return;
    event.preventDefault();
    void leave(form);
  });
}

async function leave(form: HTMLFormElement): Promise<void> {
  await wiped();
  try {
    await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(4000) });
    HTMLFormElement.prototype.submit.call(form);
  } catch {
    remember(true);
    location.assign(location.pathname);
  }
}

async function wiped(): Promise<void> {
  try {
    const { Drawer } = await import("./shelf.ts");
    await (await Drawer.open()).wipe();
  } catch {
    /* A browser that keeps nothing has nothing to wipe. */
  }
}

async function tellServer(): Promise<void> {
  document.documentElement.hidden = true;
  await wiped();
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  try {
    const answer = await fetch("/accounts/logout/", { method: "POST", headers: { "X-CSRFToken": token } });
    if (answer.ok) {
      remember(false);
      return location.assign("/accounts/login/");
    }
  } catch {
    /* Told at the next page. */
  }
  document.documentElement.hidden = false;
}

function remembered(): boolean {
  try {
    return localStorage.getItem(OUT) !== null;
  } catch {
    return false;
  }
}

function remember(isOut: boolean): void {
  try {
    if (isOut) localStorage.setItem(OUT, "yes");
    else localStorage.removeItem(OUT);
  } catch {
    /* Private windows forget the sign-in too. */
  }
}
