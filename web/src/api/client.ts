//! The only place that fetches. A refusal becomes an error that carries the server's problem, so that
//! whoever shows it can say what, where, why and how to mend it.

import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];

export class Refused extends Error {
  readonly problem: Problem;
  /** After how many seconds asking again is worth it; null where it changes nothing. */
  readonly after: number | null;

  constructor(problem: Problem, after: number | null = null) {
    super(problem.title);
    this.problem = problem;
    this.after = after;
  }
}

/** A server of before has no such page. */
export const isAbsent = (error: unknown): boolean =>
  error instanceof Refused && error.problem.status === 404;

/** Nothing answered at all. */
export class Unreachable extends Error {}

/** The refusal of whoever has no session, or none any more. */
const NOBODY = "E0620";

const signedOut = new Set<() => void>();

/** Tells whoever keeps the session that the server knows it no more. */
export function onSignedOut(tell: () => void): () => void {
  signedOut.add(tell);
  return () => signedOut.delete(tell);
}

async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("json")) return (await response.json()) as Problem;
  const request_id = response.headers.get("x-request-id");
  return {
    type: "about:blank",
    title: response.statusText || `${response.status}`,
    status: response.status,
    code: "",
    request_id,
  };
}

/** After how long without a key, a pointer or a touch nobody watches the page. */
const WATCHED = 5 * 60_000;
let watchedAt = Date.now();
if (typeof window !== "undefined") {
  const seen = () => {
    watchedAt = Date.now();
  };
  for (const sign of ["keydown", "pointerdown", "pointermove", "touchstart", "wheel"])
    window.addEventListener(sign, seen, { passive: true, capture: true });
}

/** A page that asks by itself, with nobody before it, keeps no session alive. */
const isWatched = () =>
  typeof document !== "undefined" && !document.hidden && Date.now() - watchedAt < WATCHED;

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  const headers = new Headers(init.headers);
  if (!isWatched()) headers.set("x-unattended", "1");
  try {
    response = await fetch(path, { credentials: "same-origin", ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(path);
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  // A password that does not fit is a 401 too, and whoever typed it stays where they are.
  if (problem.code === NOBODY) for (const tell of signedOut) tell();
  throw new Refused(problem, secondsOf(response));
}

function secondsOf(response: Response): number | null {
  const text = response.headers.get("retry-after") ?? "";
  return /^\d+$/.test(text) ? Number(text) : null;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const headers = { accept: "application/json" };
  const response = await send(path, { headers, ...(signal ? { signal } : {}) });
  return (await response.json()) as T;
}

/** A file of the server's, and the name it gives it. */
export async function file(path: string): Promise<{ name: string; blob: Blob }> {
  const response = await send(path, {});
  const said = response.headers.get("content-disposition") ?? "";
  const name = /filename="([^"]+)"/.exec(said)?.[1];
  return {
    name: name ?? path.split("?")[0]?.split("/").at(-1) ?? "file",
    blob: await response.blob(),
  };
}

/** A name that nobody else gives; `randomUUID` is not there on plain http. */
function chance(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Keys of acts of which nobody knows whether they were done: the line broke, or the server failed.
 * The same act sent again has the same key, so that the server does it once.
 */
const unsure = new Map<string, string>();

const isUnsure = (error: unknown) =>
  error instanceof Unreachable || (error instanceof Refused && error.problem.status >= 500);

/** An act. */
export async function act<T>(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T | null> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const name = `${method} ${path} ${text ?? ""}`;
  const key = unsure.get(name) ?? chance();
  const headers: Record<string, string> = { accept: "application/json", "idempotency-key": key };
  if (text !== undefined) headers["content-type"] = "application/json";
  try {
    const sent = text === undefined ? {} : { body: text };
    const response = await send(path, { method, headers, ...sent });
    const answer = await response.text();
    unsure.delete(name);
    return answer ? (JSON.parse(answer) as T) : null;
  } catch (error) {
    if (isUnsure(error)) unsure.set(name, key);
    else unsure.delete(name);
    throw error;
  }
}

/**
 * Sends a file as it is, and tells how many of its bytes are sent. Only the older way of asking tells
 * that, and a file of a gigabyte without a sign of life looks like a page that hangs.
 */
export function upload<T>(
  path: string,
  file: Blob,
  told: (sent: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((done, fail) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", path);
    asked.setRequestHeader("accept", "application/json");
    asked.setRequestHeader("content-type", "application/octet-stream");
    asked.setRequestHeader("idempotency-key", chance());
    if (!isWatched()) asked.setRequestHeader("x-unattended", "1");
    asked.upload.onprogress = (event) => told(event.loaded);
    asked.onerror = () => fail(new Unreachable(path));
    asked.onabort = () => fail(new DOMException("aborted", "AbortError"));
    asked.onload = () => {
      const body = parsed(asked.responseText);
      if (asked.status >= 200 && asked.status < 300) return done(body as T);
      const problem = (body as Problem | null) ?? bare(asked.status, asked.statusText);
      // Only a session that is not known any more leads to the sign-in.
      if (problem.code === NOBODY) for (const tell of signedOut) tell();
      const after = asked.getResponseHeader("retry-after") ?? "";
      fail(new Refused(problem, /^\d+$/.test(after) ? Number(after) : null));
    };
    signal?.addEventListener("abort", () => asked.abort());
    asked.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const bare = (status: number, text: string): Problem => ({
  type: "about:blank",
  title: text || `${status}`,
  status,
  code: "",
});
