/* The tasks of cognition on the patient's own phone. What was measured is written down on the phone first, then sent, and sent again until the
   clinic has it, like the answers to questions. */
import { all, type Plan } from "../cognition/tasks.ts";
import { arrive, keepSent, kept, leave } from "../phone/answers.ts";
import { RETRY_MS, post } from "../phone/kept.ts";

const form = document.querySelector<HTMLFormElement>("form[data-phone-tasks]");
if (form) prepare(form);

function prepare(form: HTMLFormElement): void {
  const find = <T extends HTMLElement>(selector: string): T | null => form.querySelector<T>(selector);
  const plan = JSON.parse(form.dataset.phoneTasks || "{}") as Plan;
  const [stage, before, after] = [find(".cognition"), find("[data-tasks-before]"), find("[data-tasks-after]")];
  const [begin, key] = [find<HTMLButtonElement>("[data-tasks-begin]"), find<HTMLInputElement>("input[name=key]")];
  if (!stage || !before || !after || !begin || !key) return;
  let isSending = false;

  begin.addEventListener("click", () => {
    before.hidden = true;
    stage.hidden = false;
    stage.focus();
    void all(plan, stage).then((told) => {
      keepSent(key.value, { sent: JSON.stringify(told) });
      over();
    });
  });
  addEventListener("online", () => void send());
  if (kept()?.isSent) over();

  function over(): void {
    before!.hidden = stage!.hidden = true;
    after!.hidden = false;
    find("[data-tasks-over]")?.focus();
    void send();
  }

  async function send(): Promise<void> {
    const waiting = kept();
    if (!waiting?.isSent || isSending) return;
    isSending = true;
    const answered = await post(location.pathname, { key: waiting.key, ...waiting.answers });
    isSending = false;
    if (answered?.ok) return arrive(await answered.text());
    const notice = find(answered ? "[data-closed]" : "[data-waiting]");
    if (notice) notice.hidden = false;
    if (!answered) setTimeout(() => void send(), RETRY_MS);
    else leave();
  }
}
