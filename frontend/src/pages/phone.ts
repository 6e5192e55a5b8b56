/* Every page of the patient's phone: help first, then the questions. */
import { ask, forgetOld, sendWhatWaits, stay } from "../phone/answers.ts";
import { helpNow } from "../phone/help.ts";

const script = document.currentScript as HTMLScriptElement | null;

helpNow();
forgetOld();
const form = document.querySelector<HTMLFormElement>("form[data-answers]");
const tasks = document.querySelector("form[data-phone-tasks]"); // these send by themselves
if (form) ask(form);
else if (!tasks) sendWhatWaits();

const worker = script?.dataset.worker;
if ((form || tasks) && worker && "serviceWorker" in navigator) {
  const scripts = Array.from(document.scripts, (each) => each.src).filter(Boolean);
  const style = document.querySelector<HTMLLinkElement>("link[rel=stylesheet]");
  navigator.serviceWorker
    .register(worker)
    .then(() => stay([...scripts, ...(style ? [style.href] : [])]))
    .catch(() => undefined);
}
