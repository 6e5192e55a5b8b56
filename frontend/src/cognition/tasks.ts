/* Four short tasks of cognition: simple and choice reaction time, digits for symbols, delayed recall.

   How the device measures time is measured first: the milliseconds between two frames, and the smallest step of its clock. A reaction counts
   from the frame that shows the stimulus to the event's own time stamp. Practice is kept apart. Nothing is sent before the end. Patients' own phones
   run this too, so that it asks for nothing that old ones lack. */

type Trial = { ms: number | null; right: boolean };
type Run = { task: string; practice: Trial[]; trials: Trial[] };
type Words = Record<"learn" | "simple" | "choice" | "symbols" | "recall" | "practice" | "now" | "go" | "early" | "wrong" | "done" | "words", string>;
export type Plan = {
  tasks: {
    simple_reaction: { practice: number; trials: number };
    choice_reaction: { practice: number; trials: number };
    digit_symbol: { practice: number; seconds: number };
    delayed_recall: { words: number; learn_seconds: number };
  };
  symbols: string[];
  words: string[];
  said: Words;
};
type Answer = { choice: string; at: number };

const FRAMES = 40;
const WAIT_MS = [900, 2600] as const;
const GIVE_UP_MS = 5000;

export async function all(plan: Plan, stage: HTMLElement): Promise<object> {
  const timing = { frame_ms: await frame(), timer_ms: timer() };
  const words = drawn(plan.words, plan.tasks.delayed_recall.words);
  await learn(plan, stage, words);
  const runs = [await simple(plan, stage), await choice(plan, stage), await symbols(plan, stage), await recall(plan, stage, words)];
  stage.textContent = plan.said.done;
  return { device: device(timing.frame_ms), timing, runs };
}

function drawn(words: string[], count: number): string[] {
  const order = words.map((word) => ({ word, place: Math.random() })).sort((one, other) => one.place - other.place);
  return order.slice(0, count).map((each) => each.word);
}

/* What kind of device this is, without saying which one: browser, system, size of the screen, refresh. */
function device(frameMs: number): string {
  const agent = navigator.userAgent;
  const browser = /(Firefox|Edg|Chrome|Safari)\/(\d+)/.exec(agent)?.slice(1).join(" ") ?? "browser";
  const system = /(Android|iPhone|iPad|Windows|Mac OS|Linux)/.exec(agent)?.[1] ?? "system";
  return `${browser}, ${system}, ${screen.width}×${screen.height}, ${refresh(1000 / frameMs)} Hz`;
}

/* A display is told by the nearest usual rate: what is measured trembles by a frame or two in a second. */
function refresh(measured: number): number {
  const usual = [30, 48, 60, 72, 75, 90, 120, 144, 165, 240];
  const nearest = usual.reduce((best, each) => (Math.abs(each - measured) < Math.abs(best - measured) ? each : best));
  return Math.abs(nearest - measured) / nearest < 0.06 ? nearest : Math.round(measured);
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function frame(): Promise<number> {
  const gaps: number[] = [];
  let last = await nextFrame();
  for (let n = 0; n < FRAMES; n += 1) {
    const now = await nextFrame();
    gaps.push(now - last);
    last = now;
  }
  gaps.sort((one, other) => one - other);
  return Math.max(gaps[Math.floor(gaps.length / 2)] ?? 0, 0.001);
}

function timer(): number {
  let smallest = Infinity;
  for (let n = 0; n < 200; n += 1) {
    const before = performance.now();
    let now = before;
    while (now === before) now = performance.now();
    smallest = Math.min(smallest, now - before);
  }
  return smallest;
}

function fill(stage: HTMLElement, ...parts: Node[]): void {
  stage.textContent = "";
  stage.append(...parts);
}

function say(stage: HTMLElement, words: string): void {
  const line = document.createElement("p");
  line.className = "cognition-words";
  line.setAttribute("role", "status");
  line.textContent = words;
  fill(stage, line);
}

async function explained(stage: HTMLElement, plan: Plan, ...words: string[]): Promise<void> {
  say(stage, words.join(" "));
  const go = document.createElement("button");
  go.type = "button";
  go.className = "button button-primary button-large";
  go.textContent = plan.said.go;
  stage.append(go);
  go.focus();
  await new Promise<void>((resolve) => go.addEventListener("click", () => resolve(), { once: true }));
  fill(stage);
  await rest(300); // the touch that said “go on” is not an answer
}

async function learn(plan: Plan, stage: HTMLElement, words: string[]): Promise<void> {
  await explained(stage, plan, plan.said.learn);
  for (const word of words) {
    say(stage, word);
    await rest(plan.tasks.delayed_recall.learn_seconds * 1000);
  }
}

/* Wait for one of `choices`, by a touch of its place or by its key; null when nothing comes in time. */
function answer(places: Map<string, EventTarget>, keys: Record<string, string>, until: number): Promise<Answer | null> {
  return new Promise((resolve) => {
    const heard: (() => void)[] = [];
    const hear = (place: EventTarget, name: string, what: (event: Event) => void): void => {
      place.addEventListener(name, what);
      heard.push(() => place.removeEventListener(name, what));
    };
    const tell = (found: Answer | null): void => {
      for (const stop of heard) stop();
      clearTimeout(late);
      resolve(found);
    };
    const late = setTimeout(() => tell(null), until);
    places.forEach((place, choice) => hear(place, "pointerdown", (event) => tell({ choice, at: event.timeStamp })));
    hear(window, "keydown", (event) => {
      const { key, repeat, timeStamp } = event as KeyboardEvent;
      const choice = keys[key];
      if (choice === undefined || repeat) return;
      event.preventDefault();
      tell({ choice, at: timeStamp });
    });
  });
}

const between = ([low, high]: readonly [number, number]): number => low + Math.random() * (high - low);

async function reaction(stage: HTMLElement, said: Words, sides: string[], keys: Record<string, string>): Promise<Trial> {
  const field = document.createElement("div");
  field.className = "cognition-field";
  const halves = sides.map((side) => {
    const half = document.createElement("div");
    half.className = "cognition-half";
    half.dataset["side"] = side;
    field.append(half);
    return half;
  });
  fill(stage, field);
  const places = new Map<string, EventTarget>(sides.map((side, n) => [side, halves[n] ?? field]));
  const early = await answer(places, keys, between(WAIT_MS));
  if (early) {
    say(stage, said.early);
    await rest(900);
    return { ms: null, right: false };
  }
  const side = sides[Math.floor(Math.random() * sides.length)] ?? "";
  const circle = document.createElement("span");
  circle.className = "cognition-circle";
  halves[sides.indexOf(side)]?.append(circle);
  const shown = await nextFrame();
  const given = await answer(places, keys, GIVE_UP_MS);
  if (given === null) return { ms: null, right: false };
  return { ms: Math.max(0, given.at - shown), right: given.choice === side };
}

async function series(stage: HTMLElement, plan: Plan, words: string, counts: { practice: number; trials: number }, sides: string[], keys: Record<string, string>): Promise<[Trial[], Trial[]]> {
  const practice: Trial[] = [];
  const trials: Trial[] = [];
  await explained(stage, plan, words, plan.said.practice);
  for (let n = 0; n < counts.practice; n += 1) {
    const done = await reaction(stage, plan.said, sides, keys);
    practice.push(done);
    if (done.ms !== null && !done.right) {
      say(stage, plan.said.wrong);
      await rest(700);
    }
  }
  await explained(stage, plan, plan.said.now);
  for (let n = 0; n < counts.trials; n += 1) trials.push(await reaction(stage, plan.said, sides, keys));
  return [practice, trials];
}

async function simple(plan: Plan, stage: HTMLElement): Promise<Run> {
  const [practice, trials] = await series(stage, plan, plan.said.simple, plan.tasks.simple_reaction, ["here"], { " ": "here" });
  return { task: "simple_reaction", practice, trials };
}

async function choice(plan: Plan, stage: HTMLElement): Promise<Run> {
  const keys = { ArrowLeft: "left", ArrowRight: "right" };
  const [practice, trials] = await series(stage, plan, plan.said.choice, plan.tasks.choice_reaction, ["left", "right"], keys);
  return { task: "choice_reaction", practice, trials };
}

async function symbols(plan: Plan, stage: HTMLElement): Promise<Run> {
  const { practice: first, seconds } = plan.tasks.digit_symbol;
  const order = plan.symbols.map((symbol) => ({ symbol, place: Math.random() })).sort((one, other) => one.place - other.place);
  const keys = Object.fromEntries(order.map((_, n) => [String(n + 1), String(n)]));
  await explained(stage, plan, plan.said.symbols, plan.said.practice);
  const [table, shown, buttons] = board(stage, order.map((each) => each.symbol));
  const one = async (until: number): Promise<Trial | null> => {
    const wanted = Math.floor(Math.random() * order.length);
    shown.textContent = order[wanted]?.symbol ?? "";
    const from = await nextFrame();
    const given = await answer(new Map(buttons.map((button, n) => [String(n), button])), keys, until);
    return given && { ms: Math.max(0, given.at - from), right: given.choice === String(wanted) };
  };
  const practice: Trial[] = [];
  const trials: Trial[] = [];
  while (practice.length < first) practice.push((await one(GIVE_UP_MS * 4)) ?? { ms: null, right: false });
  await explained(stage, plan, plan.said.now);
  fill(stage, ...table);
  const end = performance.now() + seconds * 1000;
  for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
    const done = await one(left);
    if (done) trials.push(done);
  }
  return { task: "digit_symbol", practice, trials };
}

function board(stage: HTMLElement, symbols: string[]): [HTMLElement[], HTMLElement, HTMLButtonElement[]] {
  const key = document.createElement("div");
  key.className = "cognition-key";
  key.append(
    ...symbols.map((symbol, n) => {
      const cell = document.createElement("span");
      cell.textContent = `${symbol} ${n + 1}`;
      return cell;
    }),
  );
  const shown = document.createElement("p");
  shown.className = "cognition-symbol";
  const digits = document.createElement("div");
  digits.className = "cognition-digits";
  const buttons = symbols.map((_, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary button-large";
    button.textContent = String(n + 1);
    return button;
  });
  digits.append(...buttons);
  fill(stage, key, shown, digits);
  return [[key, shown, digits], shown, buttons];
}

async function recall(plan: Plan, stage: HTMLElement, words: string[]): Promise<Run> {
  say(stage, plan.said.recall);
  const label = document.createElement("label");
  label.className = "field-label";
  label.textContent = plan.said.words;
  const typed = document.createElement("textarea");
  typed.rows = 3;
  typed.autocomplete = "off";
  typed.spellcheck = false;
  label.append(typed);
  const go = document.createElement("button");
  go.type = "button";
  go.className = "button button-primary button-large";
  go.textContent = plan.said.go;
  stage.append(label, go);
  typed.focus();
  await new Promise<void>((resolve) => go.addEventListener("click", () => resolve(), { once: true }));
  const said = new Set(plain(typed.value).split(/[\s,;.]+/));
  return { task: "delayed_recall", practice: [], trials: words.map((word) => ({ ms: null, right: said.has(plain(word)) })) };
}

/* Accents and capitals are not what is asked for. */
function plain(words: string): string {
  return words.toLocaleLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
}
