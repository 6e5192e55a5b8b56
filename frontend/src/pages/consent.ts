/* A consent in the patient's hands: how long each part stands on the screen, and a field to draw the signature in.

   Without this script the page signs just as well: the time of the parts is then not measured, and the name is typed. */
const TICK_MS = 250;
const HALF = 0.5;
const WIDTH = 600;
const HEIGHT = 200;

const form = document.querySelector<HTMLFormElement>("form[data-consent]");
if (form) {
  measure(form);
  const place = form.querySelector<HTMLElement>("[data-signature]");
  if (place) draw(form, place);
}

/* A part counts while the page is in front and half of the part, or half of the window, shows it. */
function measure(form: HTMLFormElement): void {
  const parts = [...form.querySelectorAll<HTMLElement>("[data-part]")];
  const kept = form.querySelector<HTMLInputElement>("input[name=seen]");
  if (!kept) return;
  const before = earlier(kept.value);
  const spent = parts.map((_, index) => (before[String(index)] ?? 0) * 1000);
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    const passed = Math.min(now - last, 4 * TICK_MS); // a device that slept was not read
    last = now;
    if (document.visibilityState !== "visible") return;
    parts.forEach((part, index) => {
      if (isShown(part)) spent[index] = (spent[index] ?? 0) + passed;
    });
    kept.value = JSON.stringify(Object.fromEntries(spent.map((ms, index) => [index, Math.floor(ms / 1000)])));
  };
  setInterval(look, TICK_MS);
  form.addEventListener("submit", look);
}

function earlier(text: string): Record<string, number> {
  try {
    return (JSON.parse(text || "{}") ?? {}) as Record<string, number>;
  } catch {
    return {};
  }
}

function isShown(part: HTMLElement): boolean {
  const box = part.getBoundingClientRect();
  const visible = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  return visible > 0 && visible >= HALF * Math.min(box.height, innerHeight);
}

/* Strokes are kept as whole numbers on a field of 600 by 200, whatever the size of the screen. */
function draw(form: HTMLFormElement, place: HTMLElement): void {
  const canvas = place.querySelector("canvas");
  const state = place.querySelector<HTMLElement>("[data-drawn]");
  const kept = form.querySelector<HTMLInputElement>("input[name=drawing]");
  const pen = canvas?.getContext("2d");
  if (!canvas || !state || !kept || !pen) return;
  let strokes: [number, number][][] = read(kept.value);
  place.hidden = false;
  paint();

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    strokes.push([at(event)]);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) add(at(each));
    paint();
  });
  canvas.addEventListener("pointerup", () => keep());
  canvas.addEventListener("pointercancel", () => keep());
  place.querySelector("[data-clear]")?.addEventListener("click", () => {
    strokes = [];
    keep();
    paint();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint());

  function at(event: PointerEvent): [number, number] {
    const box = canvas!.getBoundingClientRect();
    const within = (value: number, most: number): number => Math.round(Math.max(0, Math.min(most, value)));
    return [within(((event.clientX - box.left) / box.width) * WIDTH, WIDTH), within(((event.clientY - box.top) / box.height) * HEIGHT, HEIGHT)];
  }

  function add(point: [number, number]): void {
    const stroke = strokes[strokes.length - 1];
    const last = stroke?.[stroke.length - 1];
    if (stroke && last && (last[0] !== point[0] || last[1] !== point[1])) stroke.push(point);
  }

  function keep(): void {
    kept!.value = strokes.map((stroke) => stroke.map((point) => point.join(",")).join(" ")).join(";");
    state!.textContent = (kept!.value ? state!.dataset.drawn : state!.dataset.empty) ?? "";
  }

  function paint(): void {
    pen!.clearRect(0, 0, WIDTH, HEIGHT);
    pen!.strokeStyle = getComputedStyle(canvas!).color;
    pen!.lineWidth = 4;
    pen!.lineCap = pen!.lineJoin = "round";
    for (const stroke of strokes) {
      pen!.beginPath();
      stroke.forEach(([x, y], index) => (index ? pen!.lineTo(x, y) : pen!.moveTo(x, y)));
      if (stroke.length === 1) pen!.lineTo(stroke[0]![0] + 0.1, stroke[0]![1]);
      pen!.stroke();
    }
  }
}

function read(text: string): [number, number][][] {
  if (!/^\d+,\d+(?:[ ;]\d+,\d+)*$/.test(text)) return [];
  return text.split(";").map((stroke) => stroke.split(" ").map((point) => point.split(",").map(Number) as [number, number]));
}
