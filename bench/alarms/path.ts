/* What pages say of their own path to alarms: a list of what happened to each page a line in, when it called first a line out.

   An event is [milliseconds, what, value]: a beat of the stream (and whether the server hears), an answer, the sound. The page runs
   once a second unless it is frozen; its wall clock stands `wall` off from a moment on. */
import { createInterface } from "node:readline";
import { Paths } from "../../frontend/src/bedside/paths.ts";

interface Page { ends: number; events: [number, string, boolean][]; frozen: [number, number] | null; jump: [number, number] | null; since: number }

for await (const line of createInterface({ input: process.stdin })) {
  const page = JSON.parse(line) as Page;
  const paths = new Paths(0, 0);
  let called: number | null = null;
  const events = [...page.events];
  for (let now = 0; now <= page.ends && called === null; now += 1000) {
    for (let next = events[0]; next && next[0] <= now; next = events[0]) {
      events.shift();
      if (next[1] === "beat") paths.beat(next[0], next[2]);
      else if (next[1] === "answer") paths.answered(next[0]);
      else paths.sound(next[2]);
    }
    if (page.frozen && now >= page.frozen[0] && now < page.frozen[1]) continue;
    paths.run(now, now + (page.jump && now >= page.jump[0] ? page.jump[1] : 0));
    if (now >= page.since && paths.troubles(now).length) called = now;
  }
  process.stdout.write(`${JSON.stringify(called)}\n`);
}
