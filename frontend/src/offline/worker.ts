/* The service worker. It keeps the shell and nothing else: no page of a patient is ever in its cache. Where the server does not answer, a page
   below /at/ becomes the shell, which opens the sealed session from the device. */
declare const SHELL_VERSION: string;
declare const SHELL_FILES: string[];

interface Waitable extends Event { waitUntil(what: Promise<unknown>): void }
interface Asked extends Waitable { request: Request; respondWith(answer: Promise<Response>): void }
interface Worker { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> }; addEventListener(name: string, hear: (event: never) => void): void }

const worker = globalThis as unknown as Worker;
const PREFIX = "daybreak-shell-";
const SHELL = "/offline/";
const CACHE = PREFIX + SHELL_VERSION;
const PATIENCE_MS = 6000;
const SERVER_FAILS = 500;

worker.addEventListener("install", (event: Waitable) => {
  event.waitUntil(fill().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event: Waitable) => {
  event.waitUntil(clean().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname.startsWith("/at/")) event.respondWith(page(request));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...SHELL_FILES].map((each) => new Request(each, { cache: "reload" })));
}

async function clean(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(request: Request): Promise<Response> {
  try {
    const answer = await Promise.race([fetch(request), late()]);
    if (answer.status < SERVER_FAILS) return answer;
  } catch {
    /* There is no network, or nobody answers. */
  }
  return (await caches.match(SHELL)) ?? Response.error();
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

function late(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
}

export {};
