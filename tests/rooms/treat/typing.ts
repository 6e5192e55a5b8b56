/* Answers questions about typing, one JSON line each, for tests/rooms/treat/test_typing.py. */
import { around, change, isComplete, isSlip, number, stepped, typed } from "../../../frontend/src/bedside/typing.ts";
import { readFileSync } from "node:fs";

const asked: Record<string, (...given: never[]) => unknown> = { around, change, isComplete, isSlip, number, stepped, typed };
for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [name, ...given] = JSON.parse(line) as [string, ...never[]];
  process.stdout.write(`${JSON.stringify(asked[name]?.(...given) ?? null)}\n`);
}
