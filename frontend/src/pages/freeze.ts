/* While a snapshot is being frozen the page says how far it is, and the button cannot be pressed twice. */
const place = document.querySelector<HTMLElement>("[data-freezing]");
const act = document.querySelector<HTMLElement>("[data-freeze]");
const address = act?.dataset.freeze ?? "";
const EVERY_MS = 500;

async function ask(): Promise<void> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000) });
    if (!answer.ok) return;
    show((await answer.json()) as { done: number | null; of: number });
  } catch {
    /* The next question may be answered. */
  }
}

function show(found: { done: number | null; of: number }): void {
  const bar = place?.querySelector("progress");
  const words = place?.querySelector(".progress-words span:last-child");
  if (!bar || !words || found.done === null) return;
  bar.max = Math.max(found.of, 1);
  bar.value = found.done;
  words.textContent = `${found.done} of ${found.of} people`;
}

act?.querySelector("form")?.addEventListener("submit", () => {
  place?.toggleAttribute("hidden", false);
  act.querySelector("button")?.setAttribute("disabled", "");
  setInterval(() => void ask(), EVERY_MS);
});
// Somebody else is freezing: look again until it is done.
if (act && place && !place.hidden) setTimeout(() => location.reload(), 4000);

export {};
