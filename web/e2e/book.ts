//! The real binary: what it says on a terminal, books of the demo, and servers of them.

import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Everybody's. */
export const PASSWORD = "lamp orchard seventeen kettle";
export const OWNER = { name: "Olga", email: "olga@firm.example" };

function binary(): string {
  const path = process.env.HANDFAST ?? resolve(import.meta.dirname, "../../target/debug/handfast");
  if (existsSync(path)) return path;
  throw new Error(
    `There is no binary at ${path}. \`cargo xtask browser\` builds one and runs these tests on it; ` +
      "HANDFAST names another.",
  );
}

/** What a command says on its standard output. */
export async function handfast(...words: string[]): Promise<string> {
  const { stdout } = await run(binary(), words, { maxBuffer: 1 << 28 });
  return stdout;
}

/** A folder that is gone after `use`. */
export async function folder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "handfast-e2e-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** The same book, for whoever changes it. */
export const copied = (book: string, to: string): Promise<void> =>
  cp(book, to, { recursive: true });

export interface Served {
  url: string;
  /** What makes the first owner, where nobody owns the book. */
  token: string;
  stop: () => Promise<void>;
}

/** Serves a book on a free port. */
export function serve(book: string): Promise<Served> {
  const child = spawn(binary(), ["serve", book, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = () => {
    child.kill("SIGKILL");
    return ended;
  };
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    let [url, token] = ["", ""];
    // Read to the end: a server whose lines nobody takes would wait for that.
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (said.length < 40) said.push(line);
      url ||= /^serving at (\S+)/.exec(line)?.[1] ?? "";
      token ||= /^\s*(hfs_\S+)$/.exec(line)?.[1] ?? "";
      if (line.includes("Ctrl-C ends it")) resolve({ url, token, stop });
    });
    child.once("error", reject);
    child.once("close", () => reject(new Error(`handfast serve ended: ${said.join("\n")}`)));
  });
}

interface Given {
  status: number;
  json: unknown;
  /** What a browser would hold afterwards. */
  cookie: string;
}

/** A request as the application sends it. */
export async function send(
  server: string,
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
  agent = "e2e",
): Promise<Given> {
  const response = await fetch(`${server}/api/v1${path}`, {
    method,
    headers: {
      origin: server,
      "user-agent": Buffer.from(agent).toString("latin1"),
      ...(cookie ? { cookie: `handfast=${cookie}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const set = response.headers.getSetCookie()[0] ?? "";
  return {
    status: response.status,
    json: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
    cookie: /^handfast=([^;]*)/.exec(set)?.[1] ?? "",
  };
}

/** The same, and it must be done. */
export async function act<T = unknown>(
  server: string,
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const given = await send(server, cookie, method, path, body);
  if (given.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(given.json)}`);
  return given.json as T;
}

/** Makes the first owner; gives what their browser holds. */
export async function owned(served: Served, name = OWNER.name): Promise<string> {
  const { token, url } = served;
  const who = { token, name, email: OWNER.email, password: PASSWORD };
  const given = await send(url, "", "POST", "/setup", who);
  if (!given.cookie) throw new Error(`nobody owns the book: ${JSON.stringify(given.json)}`);
  return given.cookie;
}

interface Person {
  name: string;
  email: string;
  role: string;
  sides?: string[];
}

/** Invites somebody, who comes; gives what their browser holds. */
export async function hired(server: string, owner: string, person: Person): Promise<string> {
  const made = await act<{ token: string }>(server, owner, "POST", "/people", person);
  const came = { token: made.token, password: PASSWORD };
  const given = await send(server, "", "POST", "/invitations/accept", came);
  if (!given.cookie) throw new Error(`${person.name} did not come: ${JSON.stringify(given.json)}`);
  return given.cookie;
}

export interface Column {
  id: string;
  type: string;
}

export interface Reply {
  answer: {
    headline?: { figures: { column: Column; cell: unknown }[] } | null;
    columns: Column[];
    rows: unknown[][];
    totals?: unknown[] | null;
  };
  lineage: { seq: number };
}

/** Words that say yes or no. */
const FLAGS = new Set(["estimate", "backtest"]);

/** What the terminal answers to a question, as the words of an address have it. */
export async function ask(
  book: string,
  kind: string,
  words: Record<string, string>,
): Promise<Reply> {
  const typed = ["ask", kind];
  if (words.of) typed.push(words.of);
  for (const [word, value] of Object.entries(words)) {
    if (word === "of" || value === "") continue;
    if (FLAGS.has(word)) typed.push(...(value === "true" ? [`--${word}`] : []));
    else typed.push(`--${word}=${value}`);
  }
  return JSON.parse(await handfast(...typed, "--book", book, "--json")) as Reply;
}
