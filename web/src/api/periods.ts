//! Closed periods, balances that people vouch for, and what was restated since.

import { queryOptions } from "@tanstack/react-query";
import { act, get } from "./client";
import { client } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Periods = Schemas["Periods"];
export type Close = Schemas["Close"];
export type Balance = Schemas["Balance"];
export type Restated = Schemas["Restated"];
type Kept = Schemas["Kept"];

const api = (path: string) => `/api/v1/periods${path}`;

/** A balance is held against the book as it is, so that it is asked anew with each commit. */
export const periodsQuery = (version: string | undefined) =>
  queryOptions({
    queryKey: ["periods", "all", version],
    queryFn: ({ signal }) => get<Periods>(api(""), signal),
    enabled: version !== undefined,
    // Whoever fills a form in goes on when a commit comes.
    placeholderData: (before) => before,
  });

export const restatedQuery = (version: string | undefined) =>
  queryOptions({
    queryKey: ["periods", "restated", version],
    queryFn: ({ signal }) => get<Restated[]>(api("/restatements"), signal),
    enabled: version !== undefined,
    placeholderData: (before) => before,
  });

const renew = () =>
  Promise.all(["periods", "book"].map((key) => client.invalidateQueries({ queryKey: [key] })));

export async function close(given: Schemas["ClosePeriod"]): Promise<Kept> {
  const kept = await act<Kept>("POST", api("/close"), given);
  await renew();
  return kept as Kept;
}

export async function reopen(given: Schemas["Reopen"]): Promise<void> {
  await act<Kept>("POST", api("/reopen"), given);
  await renew();
}

export async function vouch(balance: string): Promise<Balance> {
  const said = await act<Balance>("POST", api("/assert"), { balance });
  await renew();
  return said as Balance;
}

export async function retract(given: Schemas["Retract"]): Promise<void> {
  await act<Kept>("POST", api("/retract"), given);
  await renew();
}
