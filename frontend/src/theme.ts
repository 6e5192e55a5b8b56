/* Loaded before the page is painted, so that a chosen theme never flashes. */
type Theme = "light" | "dark";

// A page for a dim room opens dark whatever was chosen elsewhere, and changes nothing elsewhere: what is chosen there,
// for a bright day, is remembered for such pages alone.
const fixed = document.documentElement.hasAttribute("data-theme-fixed");
const KEY = fixed ? "daybreak-theme-dim-room" : "daybreak-theme";

function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null;
  }
}

function shown(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function choose(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    /* A browser that keeps nothing still shows the theme until the next page. */
  }
}

const theme = remembered();
if (theme !== null) document.documentElement.dataset.theme = theme;

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-toggle-theme]")) choose(shown() === "dark" ? "light" : "dark");
});

export {};
