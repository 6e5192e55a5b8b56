/* Every page of the patient's phone: help first, then the questions. */
import { ask, forgetOld, sendWhatWaits, stay } from "../phone/answers.ts";
import { helpNow } from "../phone/help.ts";

const script = document.currentScript as HTMLScriptElement | null;

helpNow();
forgetOld();
const form = document.querySelector<HTMLFormElement>("form[data-answers]");
if (form) ask(form);
else sendWhatWaits();

const worker = script?.dataset.worker;
if (form && script && worker && "serviceWorker" in navigator) {
  const style = document.querySelector<HTMLLinkElement>("link[rel=stylesheet]");
  navigator.serviceWorker
    .register(worker)
    .then(() => stay([script.src, ...(style ? [style.href] : [])]))
    .catch(() => undefined);
}
