//! The only place that fetches. A refusal becomes an error that carries the server's problem, so that
//! whoever shows it can say what, where, why and how to mend it.

import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];

export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** Nothing answered at all. */
export class Unreachable extends Error {}

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

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(path);
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401 && path !== "/api/v1/session") for (const tell of signedOut) tell();
  throw new Refused(problem);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const headers = { accept: "application/json" };
  const response = await send(path, { headers, ...(signal ? { signal } : {}) });
  return (await response.json()) as T;
}

/** A name that nobody else gives; `randomUUID` is not there on plain http. */
function chance(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An act. Its key makes the server do it once, however often the request is sent again. */
export async function act<T>(
  method: "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T | null> {
  const headers: Record<string, string> = {
    accept: "application/json",
    "idempotency-key": chance(),
  };
  if (body !== undefined) headers["content-type"] = "application/json";
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await send(path, { method, headers, ...sent });
  const text = await response.text();
  return text ? (JSON.parse(text) as T) : null;
}
