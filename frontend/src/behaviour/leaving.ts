/* A form with data-keep asks before what was typed in it is lost. */
export function askBeforeLeaving(): void {
  const changed = new Set<HTMLFormElement>();
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form[data-keep]") : null;
    if (form !== null) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement) changed.delete(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}
