/* The service worker of the phone: it keeps the page of questions that was opened, so that it opens again without a network. The page holds
   nothing of anybody; it is forgotten as soon as its answers have arrived (see answers.ts). */
export {};
interface Waitable extends Event { waitUntil(what: Promise<unknown>): void }
interface Asked extends Waitable { request: Request; respondWith(answer: Promise<Response>): void }
interface Worker { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> }; addEventListener(name: string, hear: (event: never) => void): void }

const worker = globalThis as unknown as Worker;

worker.addEventListener("install", (event: Waitable) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event: Waitable) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  // What a page varies by (language, cookies) was asked by a script and is asked by a reload: the headers differ, the page is the same.
  const kept = (): Promise<Response | undefined> => caches.match(request, { ignoreVary: true });
  if (pathname.startsWith("/static/")) event.respondWith(kept().then((found) => found || fetch(request)));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept().then((found) => found || Response.error())));
});
