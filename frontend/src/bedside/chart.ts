/* The readings over time with the limits as lines and the pauses as bands, and the dose under them. A canvas: the same
   stands in the table below for screen readers. A reading that does not stand is drawn hollow and struck, off the line. */
import uPlot from "uplot";
import { type Words, wordsOf } from "./words";
import type { Given, LimitLine, Reading } from "./values";

const HEIGHT = 260;
const DOSE_HEIGHT = 110;
const ORDER = ["systolic_pressure", "diastolic_pressure", "heart_rate", "oxygen_saturation", "end_tidal_co2"];
const COLOURS = ["--blue", "--blue", "--dawn", "--good", "--violet"];
/* Whole minutes only: a mark of the axis never says the same time of day twice. */
const MARKS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480].map((minutes) => minutes * 60);
const ROOM_FOR_A_TIME = 64;
const DASH = [5, 4];

export class Chart {
  private readonly readings = new Map<string, Reading>();
  private plot: uPlot | null = null;
  private dose: uPlot | null = null;
  private signs: string[] = [];
  private pauses: [number, number][] = [];
  private given: Given[] = [];
  private last: Parameters<Chart["draw"]> | null = null;
  private readonly limits: LimitLine[];
  private readonly words: Words;

  constructor(private readonly place: HTMLElement, private readonly dosePlace: HTMLElement, private readonly zone: string) {
    this.limits = JSON.parse(place.dataset.limits ?? "[]") as LimitLine[];
    this.words = wordsOf(place);
    new ResizeObserver(() => this.resize()).observe(place);
    new MutationObserver(() => this.again()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("print").addEventListener("change", () => this.again());
  }

  add(readings: Reading[]): void {
    for (const each of readings) this.readings.set(each.key, each);
  }

  /* The readings that stand: nothing corrects them and they bear no mark. */
  private standing(): Reading[] {
    const corrected = this.corrected();
    return [...this.readings.values()].filter((each) => !each.mark && !corrected.has(each.key));
  }

  /* Those that do not, each once: a mark states its reading again, so the marked row stands for both. */
  private fallen(): Reading[] {
    const marked = new Set([...this.readings.values()].filter((each) => each.mark).map((each) => each.corrects));
    const corrected = this.corrected();
    return [...this.readings.values()].filter((each) => each.mark || (corrected.has(each.key) && !marked.has(each.key)));
  }

  private corrected(): Set<string> {
    return new Set([...this.readings.values()].map((each) => each.corrects).filter((key) => key != null));
  }

  /* One sign's readings in the order they were measured: seconds and values. */
  trend(sign: string): [number, number][] {
    const own = this.standing().filter((each) => each.sign === sign);
    return own.sort((a, b) => a.at - b.at).map((each) => [each.at, each.value]);
  }

  draw(dose: [number, number][], pauses: [number, number][], given: Given[], now: number): void {
    this.last = [dose, pauses, given, now];
    this.pauses = pauses;
    this.given = given;
    const standing = this.standing();
    const signs = ORDER.filter((sign) => standing.some((each) => each.sign === sign));
    const moments = [...new Set(standing.map((each) => each.at))].sort((a, b) => a - b);
    const first = moments[0] ?? dose[0]?.[0] ?? now;
    const range: [number, number] = [first, Math.max(now, first + 600)];
    this.drawReadings(standing, signs, moments, range);
    this.drawDose(dose, range);
  }

  /* Draw all of it again, in the colours that hold now: another theme, or paper. */
  private again(): void {
    this.plot?.destroy();
    this.dose?.destroy();
    this.plot = this.dose = null;
    if (this.last) this.draw(...this.last);
  }

  private drawReadings(standing: Reading[], signs: string[], moments: number[], range: [number, number]): void {
    if (signs.join() !== this.signs.join() || !this.plot) {
      this.plot?.destroy();
      this.signs = signs;
      this.plot = new uPlot(this.options(signs), [[], ...signs.map(() => [])], this.place);
    }
    const at = new Map(moments.map((moment, index) => [moment, index]));
    const columns = signs.map((sign) => {
      const values: (number | null | undefined)[] = moments.map(() => undefined);
      for (const each of standing) if (each.sign === sign) values[at.get(each.at) ?? 0] = each.value;
      return values;
    });
    const heights = [...this.readings.values()].filter((each) => ORDER.includes(each.sign)).map((each) => each.value);
    const lines = this.linesOf(signs).map((each) => each.value);
    this.plot.setData([moments, ...columns], false);
    this.plot.setScale("x", { min: range[0], max: range[1] });
    this.plot.setScale("y", { min: Math.min(40, ...heights, ...lines) - 5, max: Math.max(120, ...heights, ...lines) + 10 });
  }

  private drawDose(dose: [number, number][], range: [number, number]): void {
    this.dose ??= new uPlot(
      {
        width: this.width, height: DOSE_HEIGHT, legend: { show: false }, cursor: { show: false },
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(high ?? 0, 1)] } },
        axes: [this.timeAxis(), { ...this.axis(), label: this.words.given ?? "mg given", labelSize: 18, size: 44 }],
        series: [{}, { stroke: colour("--dawn"), fill: colour("--dawn-wash"), width: 2 }],
        hooks: { drawClear: [(plot) => this.drawPauses(plot)], draw: [(plot) => this.drawGiven(plot)] },
      },
      [[], []],
      this.dosePlace,
    );
    this.dose.setData([dose.map(([at]) => at), dose.map(([, mg]) => mg)], false);
    this.dose.setScale("y", { min: 0, max: Math.max(1, ...dose.map(([, mg]) => mg)) });
    this.dose.setScale("x", { min: range[0], max: range[1] });
  }

  private options(signs: string[]): uPlot.Options {
    return {
      width: this.width,
      height: HEIGHT,
      legend: { show: true, live: false },
      cursor: { drag: { x: false, y: false } },
      axes: [this.timeAxis(), { ...this.axis(), label: "mmHg, /min, %", labelSize: 18, size: 44 }],
      series: [
        {},
        ...signs.map((sign) => ({
          label: this.words[sign] ?? sign.replaceAll("_", " "),
          stroke: this.colourOf(sign),
          width: 2,
          spanGaps: false,
          dash: sign === "diastolic_pressure" ? [6, 4] : undefined,
          points: { show: true, size: 7 },
        })),
      ],
      hooks: { drawClear: [(plot) => this.drawPauses(plot)], draw: [(plot) => { this.drawLimits(plot, signs); this.drawFallen(plot); }] },
    };
  }

  private linesOf(signs: string[]): LimitLine[] {
    return this.limits.filter((each) => signs.includes(each.sign));
  }

  private drawPauses(plot: uPlot): void {
    const { ctx, bbox } = plot;
    for (const [from, to] of this.pauses) {
      const left = plot.valToPos(from, "x", true);
      const width = Math.max(2, plot.valToPos(to, "x", true) - left);
      ctx.save();
      ctx.fillStyle = colour("--sunken");
      ctx.fillRect(left, bbox.top, width, bbox.height);
      if (plot === this.plot) write(ctx, this.words.paused ?? "paused", left + 4 * ratio(), bbox.top + 14 * ratio(), colour("--ink-quiet"), "left");
      ctx.restore();
    }
  }

  private drawLimits(plot: uPlot, signs: string[]): void {
    const { ctx, bbox } = plot;
    const above = { left: Infinity, right: Infinity };
    for (const line of this.linesOf(signs).sort((a, b) => a.value - b.value)) {
      const y = plot.valToPos(line.value, "y", true);
      ctx.save();
      ctx.strokeStyle = this.colourOf(line.sign);
      ctx.globalAlpha = line.priority === "high" ? 0.9 : 0.55;
      ctx.lineWidth = ratio();
      ctx.setLineDash(DASH.map((each) => each * ratio()));
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.restore();
      const side = line.sign.endsWith("pressure") ? "right" : "left";
      const place = Math.min(y - 2 * ratio(), above[side] - 13 * ratio());
      above[side] = place;
      const edge = side === "left" ? bbox.left + 4 * ratio() : bbox.left + bbox.width - 4 * ratio();
      write(ctx, line.words, edge, place, colour("--ink-quiet"), side);
    }
  }

  private drawFallen(plot: uPlot): void {
    const { ctx } = plot;
    for (const each of this.fallen().filter((row) => ORDER.includes(row.sign))) {
      const [x, y, reach] = [plot.valToPos(each.at, "x", true), plot.valToPos(each.value, "y", true), 5 * ratio()];
      ctx.save();
      ctx.strokeStyle = this.colourOf(each.sign);
      ctx.lineWidth = 1.5 * ratio();
      ctx.beginPath();
      ctx.arc(x, y, reach, 0, 2 * Math.PI);
      ctx.moveTo(x - 1.6 * reach, y);
      ctx.lineTo(x + 1.6 * reach, y);
      ctx.stroke();
      ctx.restore();
    }
  }

  /* What was given beside the dose: a line at its moment with its words, in rows, so that two never lie on each other. */
  private drawGiven(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const free: number[] = [];
    for (const each of [...this.given].sort((a, b) => a.at - b.at)) {
      const x = plot.valToPos(each.at, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.save();
      ctx.font = `${11 * ratio()}px "Public Sans", sans-serif`;
      const width = ctx.measureText(each.words).width + 10 * ratio();
      const isLeft = x + width > bbox.left + bbox.width;
      const begins = isLeft ? x - width : x;
      let row = free.findIndex((until) => until <= begins);
      if (row < 0) row = free.length;
      free[row] = begins + width;
      ctx.strokeStyle = colour("--violet");
      ctx.lineWidth = 1.5 * ratio();
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.restore();
      write(ctx, each.words, x + (isLeft ? -4 : 4) * ratio(), bbox.top + (14 + row * 14) * ratio(), colour("--ink"), isLeft ? "right" : "left");
    }
  }

  private colourOf(sign: string): string {
    return colour(COLOURS[ORDER.indexOf(sign)] ?? "--grey");
  }

  /* Times of day in the site's zone, as everywhere else on the page. */
  private timeAxis(): uPlot.Axis {
    const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: this.zone });
    return { ...this.axis(), incrs: MARKS, space: ROOM_FOR_A_TIME, values: (_plot, moments) => moments.map((moment) => clock.format(moment * 1000)) };
  }

  private axis(): uPlot.Axis {
    return { stroke: colour("--ink-quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  }

  private get width(): number {
    return Math.max(280, this.place.clientWidth);
  }

  private resize(): void {
    this.plot?.setSize({ width: this.width, height: HEIGHT });
    this.dose?.setSize({ width: this.width, height: DOSE_HEIGHT });
  }
}

function write(ctx: CanvasRenderingContext2D, words: string, x: number, y: number, ink: string, align: CanvasTextAlign): void {
  ctx.save();
  ctx.fillStyle = ink;
  ctx.textAlign = align;
  ctx.textBaseline = "bottom";
  ctx.font = `${11 * ratio()}px "Public Sans", sans-serif`;
  ctx.fillText(words, x, y);
  ctx.restore();
}

function ratio(): number {
  return window.devicePixelRatio || 1;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
