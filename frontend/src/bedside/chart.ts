/* The readings over time, and the dose under them. A canvas: the same stands in the table below for screen readers. */
import uPlot from "uplot";

export interface Reading { key: string; sign: string; value: number; unit: string; at: number }

const HEIGHT = 260;
const DOSE_HEIGHT = 120;
const COLOURS = ["--blue", "--blue", "--dawn", "--good", "--violet", "--grey"];
const ORDER = ["systolic_pressure", "diastolic_pressure", "heart_rate", "oxygen_saturation", "sedation"];
/* Whole minutes only: a mark of the axis never says the same time of day twice. */
const MARKS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480].map((minutes) => minutes * 60);
const ROOM_FOR_A_TIME = 64;
const DRAWN = new Set(ORDER.slice(0, 4));

export class Chart {
  private readonly readings = new Map<string, Reading>();
  private plot: uPlot | null = null;
  private dose: uPlot | null = null;
  private signs: string[] = [];

  constructor(private readonly place: HTMLElement, private readonly dosePlace: HTMLElement, private readonly zone: string) {
    new ResizeObserver(() => this.resize()).observe(place);
  }

  add(readings: Reading[]): void {
    for (const each of readings) this.readings.set(each.key, each);
  }

  /* One sign's readings in the order they were measured: seconds and values. */
  trend(sign: string): [number, number][] {
    const own = [...this.readings.values()].filter((each) => each.sign === sign);
    return own.sort((a, b) => a.at - b.at).map((each) => [each.at, each.value]);
  }

  draw(dose: [number, number][], now: number): void {
    const signs = ORDER.filter((sign) => DRAWN.has(sign) && [...this.readings.values()].some((r) => r.sign === sign));
    const moments = [...new Set([...this.readings.values()].map((r) => r.at))].sort((a, b) => a - b);
    const first = moments[0] ?? dose[0]?.[0] ?? now;
    const range: [number, number] = [first, Math.max(now, first + 600)];
    this.drawReadings(signs, moments, range);
    this.drawDose(dose, range);
  }

  private drawReadings(signs: string[], moments: number[], range: [number, number]): void {
    if (signs.join() !== this.signs.join() || !this.plot) {
      this.plot?.destroy();
      this.signs = signs;
      this.plot = new uPlot(this.options(signs), [[], ...signs.map(() => [])], this.place);
    }
    const at = new Map(moments.map((moment, index) => [moment, index]));
    const columns = signs.map((sign) => {
      const values: (number | null | undefined)[] = moments.map(() => undefined);
      for (const r of this.readings.values()) if (r.sign === sign) values[at.get(r.at) ?? 0] = r.value;
      return values;
    });
    this.plot.setData([moments, ...columns], false);
    this.plot.setScale("x", { min: range[0], max: range[1] });
  }

  private drawDose(dose: [number, number][], range: [number, number]): void {
    this.dose ??= new uPlot(
      {
        width: this.width, height: DOSE_HEIGHT, legend: { show: false }, cursor: { show: false },
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(high ?? 0, 1)] } },
        axes: [this.timeAxis(), { ...this.axis(), label: "mg", labelSize: 18, size: 44 }],
        series: [{}, { stroke: colour("--dawn"), fill: colour("--dawn-wash"), width: 2 }],
      },
      [[], []],
      this.dosePlace,
    );
    this.dose.setData([dose.map(([at]) => at), dose.map(([, mg]) => mg)], false);
    const highest = Math.max(1, ...dose.map(([, mg]) => mg));
    this.dose.setScale("y", { min: 0, max: highest });
    this.dose.setScale("x", { min: range[0], max: range[1] });
  }

  private options(signs: string[]): uPlot.Options {
    return {
      width: this.width,
      height: HEIGHT,
      legend: { show: true, live: false },
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_plot, low, high) => [Math.min(40, low ?? 40), Math.max(160, (high ?? 160) + 10)] } },
      axes: [this.timeAxis(), { ...this.axis(), size: 44 }],
      series: [
        {},
        ...signs.map((sign) => ({
          label: sign.replaceAll("_", " "),
          stroke: colour(COLOURS[ORDER.indexOf(sign)] ?? "--grey"),
          width: 2,
          spanGaps: false,
          dash: sign === "diastolic_pressure" ? [6, 4] : undefined,
          points: { show: true, size: 7 },
        })),
      ],
    };
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

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
