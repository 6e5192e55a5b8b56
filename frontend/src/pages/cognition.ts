/* The tasks of cognition in the clinic, with somebody beside: what was measured is sent with the page's own form. */
import { all, type Plan } from "../cognition/tasks.ts";

const form = document.querySelector<HTMLFormElement>("form[data-cognition]");
if (form) prepare(form);

function prepare(form: HTMLFormElement): void {
  const plan = JSON.parse(form.dataset["cognition"] ?? "{}") as Plan;
  const stage = form.querySelector<HTMLElement>(".cognition");
  const begin = form.querySelector<HTMLButtonElement>("button");
  const sent = form.querySelector<HTMLInputElement>("input[name=sent]");
  if (!stage || !begin || !sent) return;
  begin.addEventListener("click", () => {
    begin.hidden = true;
    stage.hidden = false;
    stage.focus();
    void all(plan, stage).then((told) => {
      sent.value = JSON.stringify(told);
      form.submit();
    });
  });
}
