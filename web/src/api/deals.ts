//! The story of a deal, what is disputed about it, and what goes by a text.

import { queryOptions } from "@tanstack/react-query";
import { act, get } from "./client";
import { client } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type DealStory = Schemas["DealStory"];
export type Dispute = Schemas["Dispute"];
export type Found = Schemas["Found"];
export type Deal = Schemas["Deal"];
type Kept = Schemas["Kept"];

const of = (key: string) => `/api/v1/deals/${encodeURIComponent(key)}`;

export const storyQuery = (key: string, version: string | undefined) =>
  queryOptions({
    queryKey: ["deal", key, version],
    queryFn: ({ signal }) => get<DealStory>(of(key), signal),
    enabled: version !== undefined,
    // Whoever writes about a deal goes on writing when a commit comes.
    placeholderData: (before, query) => (query?.queryKey[1] === key ? before : undefined),
  });

export const searchQuery = (text: string, version: string | undefined) =>
  queryOptions({
    queryKey: ["search", text, version],
    queryFn: ({ signal }) =>
      get<Found>(`/api/v1/search?${new URLSearchParams({ text, limit: "8" })}`, signal),
    enabled: version !== undefined && text !== "",
  });

const renew = (key: string) =>
  Promise.all([["deal", key], ["book"]].map((queryKey) => client.invalidateQueries({ queryKey })));

export async function dispute(key: string, given: Schemas["TellStory"]): Promise<void> {
  await act<Kept>("POST", `${of(key)}/disputes`, given);
  await renew(key);
}

export async function rule(key: string, given: Schemas["Rule"]): Promise<Kept> {
  const kept = await act<Kept>("POST", `${of(key)}/rulings`, given);
  await renew(key);
  return kept as Kept;
}
