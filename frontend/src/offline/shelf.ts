/* What lies on the device, in IndexedDB: sealed acts, the sealed session that is open, the keys of the sign-in, and the device's
   own name and number. Nothing of a patient is readable here without the keys, which go when the person signs out. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { SignIn } from "./envelope.ts";
import { newKey } from "./keys.ts";
import type { Held, Shelf } from "./outbox.ts";

export interface Device { id: string; number: number; offset: number | null }
export interface Closed { account: string; session: string; nonce: string; sealed: string }
interface Schema extends DBSchema {
  acts: { key: string; value: Held };
  kept: { key: string; value: Closed };
  signIn: { key: string; value: SignIn };
  device: { key: string; value: Device };
  /* A sign-out that the server has not heard of. */
  out: { key: string; value: string };
}

const ONLY = "only";
const STORES = ["acts", "kept", "signIn", "device", "out"] as const;
const QUIET_MS = 500;

export class Drawer implements Shelf {
  private readonly base: IDBPDatabase<Schema>;

  private constructor(base: IDBPDatabase<Schema>) {
    this.base = base;
  }

  static async open(): Promise<Drawer> {
    const base = await openDB<Schema>("daybreak-bedside", 1, {
      upgrade(fresh) {
        for (const name of STORES) fresh.createObjectStore(name);
      },
      blocking(_now, _next, event) {
        (event.target as IDBDatabase).close();
      },
    });
    return new Drawer(base);
  }

  async device(): Promise<Device> {
    const change = this.base.transaction("device", "readwrite", { durability: "strict" });
    const known = await change.store.get(ONLY);
    const device = known ?? { id: newKey(Date.now()), number: 0, offset: null };
    if (!known) await change.store.put(device, ONLY);
    await change.done;
    return device;
  }

  async number(): Promise<number> {
    const change = this.base.transaction("device", "readwrite", { durability: "strict" });
    const device = await change.store.get(ONLY);
    if (!device) throw new Error("no device");
    device.number += 1;
    await change.store.put(device, ONLY);
    await change.done;
    return device.number;
  }

  async noteOffset(offset: number): Promise<void> {
    const change = this.base.transaction("device", "readwrite");
    const device = await change.store.get(ONLY);
    if (device && Math.abs((device.offset ?? Infinity) - offset) > QUIET_MS) await change.store.put({ ...device, offset }, ONLY);
    await change.done;
  }

  async add(held: Held): Promise<void> {
    const change = this.base.transaction("acts", "readwrite", { durability: "strict" });
    await change.store.put(held, held.envelope.key);
    await change.done;
  }

  all(): Promise<Held[]> {
    return this.base.getAll("acts");
  }

  remove(key: string): Promise<void> {
    return this.base.delete("acts", key);
  }

  makeRoom(): Promise<void> {
    return this.base.clear("kept");
  }

  signIn(): Promise<SignIn | undefined> {
    return this.base.get("signIn", ONLY);
  }

  async keepSignIn(signIn: SignIn): Promise<void> {
    await this.base.put("signIn", signIn, ONLY);
  }

  kept(): Promise<Closed | undefined> {
    return this.base.get("kept", ONLY);
  }

  async keep(closed: Closed): Promise<void> {
    await this.base.put("kept", closed, ONLY);
  }

  async forgetKept(): Promise<void> {
    await this.base.clear("kept");
  }

  /* Everything goes but sealed acts and the device's own name. */
  async wipe(): Promise<void> {
    const change = this.base.transaction(["kept", "signIn"], "readwrite", { durability: "strict" });
    await Promise.all([change.objectStore("kept").clear(), change.objectStore("signIn").clear(), change.done]);
  }

  async noteOut(account: string | null): Promise<void> {
    if (account === null) await this.base.clear("out");
    else await this.base.put("out", account, ONLY);
  }

  out(): Promise<string | undefined> {
    return this.base.get("out", ONLY);
  }
}
