//! Views that people keep, and notes that they leave on figures.

import { queryOptions } from "@tanstack/react-query";
import { act, get } from "./client";
import { client } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type View = Schemas["View"];
export type Note = Schemas["Note"];
type KeepView = Schemas["KeepView"];
type KeepNote = Schemas["KeepNote"];

const api = (path: string) => `/api/v1${path}`;

export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: ({ signal }) => get<View[]>(api("/views"), signal),
  staleTime: 15_000,
});

/** Notes of everybody: what somebody else has just written shows within a minute. */
export const notesQuery = queryOptions({
  queryKey: ["notes"],
  queryFn: ({ signal }) => get<Note[]>(api("/notes"), signal),
  // Who may not see them is not asked again and again.
  refetchInterval: (query) => (query.state.status === "error" ? false : 30_000),
  staleTime: 15_000,
});

const renew = (key: string) => client.invalidateQueries({ queryKey: [key] });

export async function keepView(given: KeepView): Promise<void> {
  await act<View>("POST", api("/views"), given);
  await renew("views");
}

export async function dropView(id: string): Promise<void> {
  await act("DELETE", api(`/views/${encodeURIComponent(id)}`));
  await renew("views");
}

export async function keepNote(given: KeepNote): Promise<void> {
  await act<Note>("POST", api("/notes"), given);
  await renew("notes");
}

/** Before a file is made of a table, the server writes down that it is. */
export async function takeTable(given: Schemas["Taken"]): Promise<void> {
  await act("POST", api("/exports"), given);
}

export async function dropNote(id: string): Promise<void> {
  await act("DELETE", api(`/notes/${encodeURIComponent(id)}`));
  await renew("notes");
}
