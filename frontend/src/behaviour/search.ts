/* "/" puts the cursor into the search field, unless somebody is typing. */
const TYPING = "input, textarea, select, [contenteditable='true']";

export function focusSearch(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (search === null) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}
