/* What the chair page shows at one moment, from the server or worked out on the device, which knows less. */
export interface Reading { key: string; sign: string; value: number; unit: string; at: number; corrects?: string | null; mark?: string; why?: string }
export interface Tile { sign: string; value: string | null; when: string; change: string; stale: boolean; beyond?: boolean }
export interface Waiting { label: string; when: string; late: boolean; due_at?: number; overdue_at?: number; short?: string }
/* A medicine beside the dose, in words. */
export interface Given { at: number; words: string }
export interface LimitLine { sign: string; value: number; words: string; priority: string }
export interface Values {
  at: number; after: number; readings: Reading[]; dose: [number, number][]; pauses?: [number, number][]; given?: Given[]; alarms: string[]; state: string;
  /* Another word as soon as the page has something else to offer; a device that reckons alone does not know it. */
  turn?: string;
  state_words: string; elapsed: string; observed: string; tiles: Tile[];
  amount: { given: string; of: string; rate: string; note: string };
  due: Waiting[];
  worst: { sign: string; value: string; limit: string; beyond: boolean };
}
