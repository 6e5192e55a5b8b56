/* A filter bar answers at once when one of its lists changes; its button is for pages without scripts. */
export function submitOnChange(): void {
  document.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    event.target.closest<HTMLFormElement>("form[data-submit-on-change]")?.requestSubmit();
  });
}
