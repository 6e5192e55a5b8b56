/* This page tells the server that it is open and what it can do; the server tells it who else would hear an alarm. */
export interface Told { others: number }
export interface Beat { visible: boolean; sound: boolean; hears: boolean; heard: number }

const EVERY = 2000;

export class Presence {
  private page = crypto.randomUUID();
  private readonly device = deviceKey();
  private readonly address: string;
  private readonly session: string;
  private readonly state: () => Beat;
  private readonly answered: (told: Told) => void;

  constructor(address: string, session: string, state: () => Beat, answered: (told: Told) => void) {
    this.address = address;
    this.session = session;
    this.state = state;
    this.answered = answered;
    void this.send();
    window.setInterval(() => void this.send(), EVERY);
    document.addEventListener("visibilitychange", () => void this.send());
    /* A page that is closed on purpose says goodbye, so that nobody misses it. */
    window.addEventListener("pagehide", () => void this.send(true));
    /* One that the browser brings back is another page: the first one has said goodbye for good. */
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      this.page = crypto.randomUUID();
      void this.send();
    });
  }

  async send(goodbye = false): Promise<void> {
    const body = { page: this.page, device: this.device, session: this.session || null, at: Date.now(), goodbye, ...this.state() };
    try {
      const answer = await fetch(this.address, {
        method: "POST", keepalive: true, signal: goodbye ? null : AbortSignal.timeout(4000),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(body),
      });
      if (answer.ok && !goodbye) this.answered((await answer.json()) as Told);
    } catch {
      /* The next beat tries again; the server misses this one. */
    }
  }
}

function token(): string {
  return document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "";
}

/* One device is one browser: two of its pages are no second pair of ears. */
function deviceKey(): string {
  const name = "daybreak-device";
  try {
    const known = localStorage.getItem(name) ?? crypto.randomUUID();
    localStorage.setItem(name, known);
    return known;
  } catch {
    return crypto.randomUUID();
  }
}
