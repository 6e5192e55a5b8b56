/* Says that the network is gone, and stops saying it when it is back. */
export function sayWhenOffline(): void {
  const show = () => document.documentElement.classList.toggle("is-offline", !navigator.onLine);
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
