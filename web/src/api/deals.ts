//! What people do at a deal: they tell a side of it, and rule.

import { act } from "./client";
import { client } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Dispute = Schemas["Dispute"];
export type Deal = Schemas["Deal"];
type Kept = Schemas["Kept"];

const of = (key: string) => `/api/v1/deals/${encodeURIComponent(key)}`;

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
