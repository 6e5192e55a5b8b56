/* A sign's readings as one small line: the shape only, from the first reading to the last. The numbers stand beside it. */
const WIDTH = 100;
const HEIGHT = 24;
const SVG = "http://www.w3.org/2000/svg";

export function drawTrend(place: HTMLElement, points: [number, number][]): void {
  const known = `${points.length} ${points.at(-1)?.join()}`;
  if (place.dataset.trend === known) return;
  place.dataset.trend = known;
  let drawing = place.querySelector<SVGSVGElement>(".trend");
  if (!drawing) {
    drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("class", "trend");
    drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    drawing.setAttribute("preserveAspectRatio", "none");
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(document.createElementNS(SVG, "polyline"));
    place.append(drawing);
  }
  drawing.firstElementChild?.setAttribute("points", line(points));
}

function line(points: [number, number][]): string {
  const times = points.map(([at]) => at);
  const values = points.map(([, value]) => value);
  const first = Math.min(...times);
  const low = Math.min(...values);
  const span = Math.max(...times) - first || 1;
  const height = Math.max(...values) - low;
  return points
    .map(([at, value]) => {
      const y = height === 0 ? HEIGHT / 2 : HEIGHT - 2 - ((value - low) / height) * (HEIGHT - 4);
      return `${(((at - first) / span) * WIDTH).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
