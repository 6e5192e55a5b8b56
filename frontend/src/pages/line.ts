/* The patient's line: zoom buttons, and the words of the mark that is touched. Without it the line scrolls and reads. */
/* The first step is for a phone: the whole course on its screen. The ticks of each are in the drawing (ticks.py). */
const STEPS = [0.22, 1, 2, 4, 8, 16, 64];
const PHONE_PX = 560;

for (const frame of document.querySelectorAll<HTMLElement>("[data-line]")) enhance(frame);

function enhance(frame: HTMLElement): void {
  const scroll = frame.querySelector<HTMLElement>("[data-line-scroll]");
  const drawing = scroll?.querySelector<SVGSVGElement>("svg");
  if (!scroll || !drawing) return;
  const lowest = scroll.clientWidth < PHONE_PX ? 0 : 1;
  let step = lowest;
  const zoom = (change: number): void => {
    const centre = (scroll.scrollLeft + scroll.clientWidth / 2) / scroll.scrollWidth;
    step = Math.min(STEPS.length - 1, Math.max(lowest, step + change));
    stretch(drawing, STEPS[step] ?? 1, lowest === 0);
    scroll.scrollLeft = centre * scroll.scrollWidth - scroll.clientWidth / 2;
  };
  frame.querySelector("[data-line-controls]")?.removeAttribute("hidden");
  frame.querySelector("[data-line-closer]")?.addEventListener("click", () => zoom(1));
  frame.querySelector("[data-line-wider]")?.addEventListener("click", () => zoom(-1));
  if (lowest === 0) zoom(0);
  keepNamesInSight(scroll, drawing);
  scroll.scrollLeft = toTheNewest(scroll, drawing);
  tell(frame, drawing);
}

/* Where to begin: the newest mark near the right edge, and not the empty days that follow or precede it. */
function toTheNewest(scroll: HTMLElement, drawing: SVGSVGElement): number {
  const marks = [...drawing.querySelectorAll<SVGElement>("[data-words]")].map((mark) => mark.getBoundingClientRect().right);
  if (marks.length === 0) return 0;
  const newest = Math.max(...marks) - scroll.getBoundingClientRect().left + scroll.scrollLeft;
  return newest - scroll.clientWidth * 0.85;
}

/* The time axis grows; marks and words keep their size: everything with a place in time carries it in data-at. */
function stretch(drawing: SVGSVGElement, factor: number, onPhone: boolean): void {
  const width = Number(drawing.dataset.width);
  const left = Number(drawing.dataset.left);
  const plot = Number(drawing.dataset.right) - left;
  const grown = width + plot * (factor - 1);
  drawing.setAttribute("viewBox", `0 0 ${grown} ${drawing.dataset.height ?? "0"}`);
  // On a phone the drawing has a size of its own, so that its words stay readable at every step.
  const size = onPhone ? `${(grown / width) * 60}rem` : factor === 1 ? "" : `${(grown / width) * 100}%`;
  drawing.style.width = size;
  if (onPhone) drawing.style.minWidth = size;
  const at = (share: string | undefined): number => left + Number(share) * plot * factor;
  for (const mark of drawing.querySelectorAll<SVGElement>("[data-at]")) {
    mark.setAttribute("transform", `translate(${at(mark.dataset.at).toFixed(1)} ${mark.dataset.y ?? "0"})`);
  }
  for (const band of drawing.querySelectorAll<SVGElement>("[data-grow]")) {
    band.setAttribute("width", String(plot * factor));
  }
  for (const gap of drawing.querySelectorAll<SVGElement>("[data-from]")) {
    gap.setAttribute("x", at(gap.dataset.from).toFixed(1));
    gap.setAttribute("width", ((Number(gap.dataset.to) - Number(gap.dataset.from)) * plot * factor).toFixed(1));
  }
  for (const rule of drawing.querySelectorAll<SVGElement>("[data-grow-line]")) {
    rule.setAttribute("x2", String(left + plot * factor));
  }
  for (const curve of drawing.querySelectorAll<SVGElement>("[data-points]")) {
    const points = (curve.dataset.points ?? "").split(" ").map((pair) => {
      const [share, y] = pair.split(",");
      return `${at(share).toFixed(1)},${y ?? "0"}`;
    });
    curve.setAttribute("points", points.join(" "));
  }
  for (const label of drawing.querySelectorAll<SVGElement>("[data-fine]")) {
    if (factor < Number(label.dataset.fine)) label.setAttribute("display", "none");
    else label.removeAttribute("display");
  }
}

/* The names of the rows stay at the left while time moves under them; on a phone they would hide too much of it. */
function keepNamesInSight(scroll: HTMLElement, drawing: SVGSVGElement): void {
  const names = drawing.querySelector<SVGElement>("[data-names]");
  const move = (): void => {
    const scale = drawing.getBoundingClientRect().height / Number(drawing.dataset.height);
    const left = scroll.clientWidth < PHONE_PX ? 0 : scroll.scrollLeft / scale;
    names?.setAttribute("transform", `translate(${left.toFixed(1)} 0)`);
  };
  scroll.addEventListener("scroll", move, { passive: true });
}

function tell(frame: HTMLElement, drawing: SVGSVGElement): void {
  const detail = frame.querySelector<HTMLElement>("[data-line-detail]");
  if (!detail) return;
  const show = (event: Event): void => {
    const mark = event.target instanceof Element ? event.target.closest("[data-words]") : null;
    if (mark) detail.textContent = mark.getAttribute("data-words");
  };
  drawing.addEventListener("focusin", show);
  drawing.addEventListener("pointerover", show);
  drawing.addEventListener("click", show);
}
