/* Reckons a session on a device, for tests/rooms/treat/test_running.py: what was kept and the acts since, in; the steps and the amount, out. */
import { readFileSync } from "node:fs";
import { Story } from "../../../frontend/src/offline/story.ts";

const { kept, acts, at } = JSON.parse(readFileSync(0, "utf8"));
const story = new Story(kept, acts);
process.stdout.write(JSON.stringify({ rates: story.steps.map((step) => step.rate_ml_per_hour), given: story.amount(at).given }));
