/* One question a screen, answers kept on the phone until they have arrived.

   Without this script the page is one long form that sends just as well. Keys come with the page: a second sending is the same fact. */
import { KEPT_FOR_MS, RETRY_MS, forget, keep, namesBelow, post, read } from "./kept.ts";

interface Kept {
  key: string;
  answers: Record<string, string>;
  isSent: boolean;
  until: number;
}

const PREFIX = "daybreak-answers:";
const PLACE = PREFIX + location.pathname;
const CACHE = "daybreak-phone-1";
const SHOWN_CHOICE_MS = 180;

export function kept(): Kept | null {
  return read<Kept>(PLACE);
}

/* What is to be sent, whatever becomes of this page. */
export function keepSent(key: string, answers: Record<string, string>): void {
  keep(PLACE, { key, answers, isSent: true, until: Date.now() + KEPT_FOR_MS });
}

export function forgetOld(): void {
  for (const name of namesBelow(PREFIX)) {
    const what = read<Kept>(name);
    if (what === null || what.until < Date.now()) forget(name);
  }
}

/* Keep this page with its script and style, so that it opens again where there is no network. */
export function stay(files: string[]): void {
  if ("caches" in window) void caches.open(CACHE).then((cache) => cache.addAll([location.pathname, ...files])).catch(() => undefined);
}

export function leave(): void {
  forget(PLACE);
  if ("caches" in window) void caches.open(CACHE).then((cache) => cache.delete(location.pathname)).catch(() => undefined);
}

/* Answers that were sent without a network, on a page that shows no questions any more. */
export function sendWhatWaits(): void {
  const waiting = kept();
  if (document.querySelector("[data-stored]") && !waiting?.isSent) leave();
  if (!waiting?.isSent) return;
  const again = async (): Promise<void> => {
    const answered = await post(location.pathname, { key: waiting.key, ...waiting.answers });
    if (answered === null) setTimeout(again, RETRY_MS);
    else if (answered.ok) arrive(await answered.text());
    else if (answered.status === 404) leave();
  };
  void again();
}

/* The page that came back takes the place of this one; what was kept is forgotten only now. */
export function arrive(html: string): void {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.querySelector("[data-stored]")) return;
  leave();
  for (const part of [".phone-head", ".phone-main", ".phone-foot"]) {
    const [here, there] = [document.querySelector(part), page.querySelector(part)];
    if (here && there) here.replaceWith(document.adoptNode(there));
  }
  document.title = page.title;
  history.replaceState(null, "", location.pathname);
  document.querySelector<HTMLElement>("[data-arrived]")?.focus();
  scrollTo(0, 0);
}

/* The same as the style does by itself on newer phones: whoever chooses such an answer sees at once whom to call. */
function callsShow(question: HTMLElement): void {
  question.querySelector(".call-now")?.classList.toggle("is-shown", question.querySelector("input[data-calls]:checked") !== null);
}

export function ask(form: HTMLFormElement): void {
  const find = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector);
  const questions = [...form.querySelectorAll<HTMLElement>("[data-question]")];
  for (const question of questions) callsShow(question);
  const review = form.querySelector<HTMLElement>("[data-review]");
  const key = form.querySelector<HTMLInputElement>("input[name=key]");
  const [back, dots, position] = [find("[data-back]"), find("[data-dots]"), find("[data-position]")];
  const send = form.querySelector<HTMLButtonElement>("[data-send]");
  if (!review || !key || !back || !dots || !position || !send) return;
  const screens = [...questions, review];
  let current = 0;
  let isSending = false;
  let isToBeSent = false;

  const earlier = kept();
  const isMending = form.querySelector(".has-error") !== null;
  if (earlier && !isMending) restore(earlier);
  form.classList.add("is-stepped");
  for (const row of form.querySelectorAll<HTMLElement>("[data-next-row]")) row.hidden = false;
  dots.hidden = false;
  const list = form.querySelector<HTMLElement>("[data-review-list]");
  const title = form.querySelector<HTMLElement>("[data-review-title]");
  if (list) list.hidden = false;
  if (title) title.textContent = title.dataset.words ?? "";
  const firstOpen = questions.findIndex((question) => question.querySelector(".has-error") !== null || !chosen(question));
  const start = earlier?.isSent ? questions.length : isMending ? Math.max(0, firstOpen) : earlier ? place(firstOpen) : 0;
  history.replaceState({ screen: start }, "");
  show(start, false);
  if (earlier?.isSent) void trySending();

  form.addEventListener("change", () => {
    remember();
    for (const question of questions) callsShow(question);
  });
  form.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-next]")) next();
    // A tap chooses and goes on; a keyboard or a screen reader chooses, and goes on with “Next”.
    const radio = target?.closest<HTMLInputElement>("input[type=radio]");
    const isTap = radio && event.detail > 0 && !radio.hasAttribute("data-calls");
    if (isTap) setTimeout(next, SHOWN_CHOICE_MS, screens[current]);
    if (radio?.hasAttribute("data-calls")) {
      const lines = screens[current]?.querySelector(".call-now-body");
      lines?.scrollIntoView({ block: "end", behavior: "auto" });
    }
    const change = target?.closest<HTMLElement>("[data-go]");
    if (change) go(Number(change.dataset.go));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (current < questions.length) next();
    else void trySending();
  });
  back.addEventListener("click", () => history.back());
  addEventListener("popstate", (event) => {
    const state = event.state as { screen?: number } | null;
    if (form.isConnected) show(state?.screen ?? 0, true);
  });
  addEventListener("online", () => {
    if (isToBeSent) void trySending();
  });

  function place(index: number): number {
    return index === -1 ? questions.length : index;
  }

  function chosen(question: HTMLElement): HTMLInputElement | null {
    return question.querySelector<HTMLInputElement>("input:checked");
  }

  function mayPass(question: HTMLElement): boolean {
    return chosen(question) !== null || question.querySelector(".field-optional") !== null;
  }

  function next(from: HTMLElement | undefined = screens[current]): void {
    const here = questions[current];
    if (!here || from !== here) return;
    const warning = here.querySelector<HTMLElement>("[data-missing]");
    if (warning) warning.hidden = mayPass(here);
    if (mayPass(here)) go(current + 1);
  }

  function go(screen: number): void {
    history.pushState({ screen }, "");
    show(screen, true);
  }

  function show(screen: number, moveFocus: boolean): void {
    current = Math.min(Math.max(screen, 0), questions.length);
    screens.forEach((each, index) => (each.hidden = index !== current));
    back!.hidden = current === 0;
    form.classList.toggle("is-first", current === 0);
    Array.from(dots!.children).forEach((dot, index) => {
      dot.classList.toggle("is-done", index < current);
      dot.classList.toggle("is-current", index === current);
    });
    if (current === questions.length) fillReview();
    position!.textContent = wordsOfPosition();
    scrollTo(0, 0);
    const focus = current === questions.length ? title : screens[current]?.querySelector<HTMLElement>("fieldset");
    if (moveFocus) focus?.focus({ preventScroll: true });
  }

  function wordsOfPosition(): string {
    const { words = "", last = "" } = position!.dataset;
    if (current === questions.length) return last;
    return words.replace("{current}", String(current + 1)).replace("{total}", String(questions.length));
  }

  function fillReview(): void {
    if (!list) return;
    list.textContent = "";
    list.append(...questions.map((question, index) => reviewed(question, index)));
  }

  function reviewed(question: HTMLElement, index: number): HTMLElement {
    const row = document.createElement("div");
    const [term, answer] = [document.createElement("dt"), document.createElement("dd")];
    const change = document.createElement("button");
    const legend = question.querySelector("[data-text]")?.firstChild?.textContent?.trim() ?? "";
    term.textContent = legend;
    answer.textContent = chosen(question)?.closest("label")?.textContent?.trim() ?? list?.dataset.none ?? "";
    change.type = "button";
    change.dataset.go = String(index);
    change.textContent = list?.dataset.change ?? "";
    change.setAttribute("aria-label", `${change.textContent}: ${legend}`);
    answer.append(change);
    row.append(term, answer);
    return row;
  }

  function answers(): Record<string, string> {
    const found: Record<string, string> = {};
    new FormData(form).forEach((value, name) => name !== "key" && (found[name] = String(value)));
    return found;
  }

  function remember(): void {
    isToBeSent = false;
    keep(PLACE, { key: key!.value, answers: answers(), isSent: false, until: Date.now() + KEPT_FOR_MS });
  }

  function restore(what: Kept): void {
    key!.value = what.key;
    for (const [name, value] of Object.entries(what.answers)) {
      const radio = [...form.querySelectorAll<HTMLInputElement>("input[type=radio]")].find(
        (each) => each.name === name && each.value === value,
      );
      if (radio) radio.checked = true;
    }
  }

  async function trySending(): Promise<void> {
    const open = questions.findIndex((question) => !mayPass(question));
    if (open !== -1) return go(open);
    if (isSending) return;
    isSending = isToBeSent = true;
    send!.disabled = true;
    const body = { key: key!.value, answers: answers() };
    keep(PLACE, { ...body, isSent: true, until: Date.now() + KEPT_FOR_MS });
    const answered = await post(location.pathname, { key: body.key, ...body.answers });
    isSending = false;
    send!.disabled = false;
    if (answered?.ok) return arrive(await answered.text());
    if (answered?.status === 422) return form.submit();
    const notice = find(answered ? "[data-closed]" : "[data-waiting]");
    if (notice) notice.hidden = false;
    notice?.scrollIntoView({ block: "nearest" });
    if (!answered) setTimeout(() => form.isConnected && isToBeSent && void trySending(), RETRY_MS);
  }
}
