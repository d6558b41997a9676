//! People, what opens doors for them and their programs, and the log of what was done.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { act, get } from "./client";
import { client } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Member = Schemas["Member"] & { has_provider?: boolean };
export type Invited = Schemas["Invited"];
export type Invite = Schemas["Invite"];
export type Change = Schemas["Change"];
export type OpenSession = Schemas["OpenSession"];
export type Token = Schemas["Token"];
export type MadeToken = Schemas["MadeToken"];
export type Key = Schemas["Key"];
export type MadeKey = Schemas["MadeKey"];
export type Entry = Schemas["Entry"];
export type Head = Schemas["Head"];
export type Greeting = Schemas["Greeting"] & { purpose?: string };
type Audit = Schemas["Audit"];
type Session = Schemas["Session"];

const api = (path: string) => `/api/v1${path}`;
const of = (id: string) => encodeURIComponent(id);

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: ({ signal }) => get<Schemas["People"]>(api("/people"), signal),
});

export const sessionsQuery = (person: string) =>
  queryOptions({
    queryKey: ["sessions", person],
    queryFn: ({ signal }) =>
      get<Schemas["Sessions"]>(api(`/people/${of(person)}/sessions`), signal),
  });

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => get<Schemas["Tokens"]>(api("/tokens"), signal),
});

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: ({ signal }) => get<Schemas["Keys"]>(api("/keys"), signal),
});

/** Entries that are fetched at once. */
const PAGE = 200;

export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam, signal }) =>
    get<Audit>(api(`/audit?limit=${PAGE}${pageParam ? `&before=${pageParam}` : ""}`), signal),
  initialPageParam: 0,
  getNextPageParam: (last: Audit) => last.next ?? undefined,
  // An act of anybody is an entry: whoever looks sees the log as it is now.
  staleTime: 0,
});

export const AUDIT_FILE = api("/audit/jsonl");

/** What changed is asked anew, wherever it is shown. */
const renew = (...keys: string[]) =>
  Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));

export async function invite(given: Invite): Promise<Invited> {
  const made = await act<Invited>("POST", api("/people"), given);
  await renew("people", "audit");
  return made as Invited;
}

export async function anotherLink(person: string): Promise<Invited> {
  const made = await act<Invited>("POST", api(`/people/${of(person)}/link`));
  await renew("audit");
  return made as Invited;
}

export async function change(person: string, given: Change): Promise<void> {
  await act("PATCH", api(`/people/${of(person)}`), given);
  await renew("people", "session", "sessions", "audit");
}

export async function removePerson(person: string): Promise<void> {
  await act("DELETE", api(`/people/${of(person)}`));
  await renew("people", "audit");
}

export async function endSession(person: string, session: string): Promise<void> {
  await act("DELETE", api(`/people/${of(person)}/sessions/${of(session)}`));
  await renew("sessions", "audit");
}

export async function makeToken(given: Schemas["NewToken"]): Promise<MadeToken> {
  const made = await act<MadeToken>("POST", api("/tokens"), given);
  await renew("tokens", "audit");
  return made as MadeToken;
}

export async function endToken(id: string): Promise<void> {
  await act("DELETE", api(`/tokens/${of(id)}`));
  await renew("tokens", "audit");
}

export async function makeKey(given: Schemas["NewKey"]): Promise<MadeKey> {
  const made = await act<MadeKey>("POST", api("/keys"), given);
  await renew("keys", "audit");
  return made as MadeKey;
}

export async function endKey(id: string): Promise<void> {
  await act("DELETE", api(`/keys/${of(id)}`));
  await renew("keys", "audit");
}

/** Whether the log is as it was written; with a head that was kept elsewhere, to its end. */
export function verifyAudit(kept?: Head): Promise<Head> {
  const words = kept ? `?${new URLSearchParams({ seq: `${kept.seq}`, hash: kept.hash })}` : "";
  return get<Head>(api(`/audit/verify${words}`));
}

export async function changePassword(
  [old, next]: readonly [string, string],
  keepsTokens: boolean,
): Promise<void> {
  const keeps = keepsTokens ? { keep_tokens: true } : {};
  await act<Session>("POST", api("/password"), { old, new: next, ...keeps });
  await renew("session", "sessions", "tokens");
}

export async function readLink(token: string): Promise<Greeting> {
  return (await act<Greeting>("POST", api("/invitations/read"), { token })) as Greeting;
}

export async function acceptLink(
  [token, password]: readonly [string, string],
  keepsTokens: boolean,
): Promise<void> {
  const keeps = keepsTokens ? { keep_tokens: true } : {};
  await act<Session>("POST", api("/invitations/accept"), { token, password, ...keeps });
}

/** What somebody goes to the provider for. */
interface Begin {
  purpose: "sign_in" | "link" | "invitation";
  token?: string;
  place?: string;
}

/** Goes to the company's provider; the server brings the browser back. */
export async function goToProvider(given: Begin): Promise<void> {
  const begun = await act<{ address: string }>("POST", api("/session/provider"), given);
  if (begun) window.location.assign(begun.address);
}
