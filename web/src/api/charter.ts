//! The charter as a document, what is proposed in its place, and how people agree on it.

import { queryOptions } from "@tanstack/react-query";
import { act, get } from "./client";
import { client } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Document = Schemas["Charter"];
export type Defined = Schemas["Defined"];
export type Draft = Schemas["Draft"];
export type DraftShown = Schemas["DraftShown"];
export type Changed = Schemas["Changed"];
export type CharterFile = Schemas["CharterFile"];
export type Signature = Schemas["Signature"];
export type Signer = Schemas["Signer"];
export type Remark = Schemas["Remark"];
export type Rehearsal = Schemas["Rehearsal"];
export type CharterEvent = Schemas["CharterEvent"];

/** The sides that sign. */
export const SIDES = ["marketing", "sales"] as const;

/** Whether somebody can still sign or withdraw it. */
export const isOpen = (draft: Draft) =>
  draft.standing === "proposed" || draft.standing === "signed" || draft.standing === "differs";

/** Whether a signature of a side holds and counts. */
export const hasSigned = (draft: Draft, side: string) =>
  draft.signatures.some((one) => one.side === side && one.counts);

/** The sides of which somebody signed, and whose signature counts. */
export const signedBy = (signatures: readonly Pick<Signature, "side" | "counts">[]) =>
  SIDES.filter((side) => signatures.some((one) => one.side === side && one.counts));

const api = (path: string) => `/api/v1/charter${path}`;
const of = (name: string) => encodeURIComponent(name);

/** Two people look at one draft: what one of them does is seen by the other within this time. */
const LOOK_AGAIN = 3_000;

export const documentQuery = queryOptions({
  queryKey: ["charter", "document"],
  queryFn: ({ signal }) => get<Document>(api(""), signal),
  refetchInterval: 4 * LOOK_AGAIN,
});

export const draftsQuery = queryOptions({
  queryKey: ["charter", "drafts"],
  queryFn: ({ signal }) => get<Draft[]>(api("/drafts"), signal),
  refetchInterval: LOOK_AGAIN,
});

export const draftQuery = (name: string) =>
  queryOptions({
    queryKey: ["charter", "draft", name],
    queryFn: ({ signal }) => get<DraftShown>(api(`/drafts/${of(name)}`), signal),
    refetchInterval: LOOK_AGAIN,
  });

export const logQuery = queryOptions({
  queryKey: ["charter", "log"],
  queryFn: ({ signal }) => get<CharterEvent[]>(api("/log"), signal),
  refetchInterval: 4 * LOOK_AGAIN,
});

/** What a draft would have changed of the last quarters. It may take minutes, and is asked again. */
export const rehearsalQuery = (name: string, quarters: number, from: string, version: string) =>
  queryOptions({
    queryKey: ["rehearsal", name, quarters, from, version],
    queryFn: ({ signal }) => {
      const words = new URLSearchParams({ quarters: `${quarters}`, ...(from ? { from } : {}) });
      return get<Rehearsal>(api(`/drafts/${of(name)}/rehearse?${words}`), signal);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The answer is the draft as it is now; what else shows it is asked anew. */
async function told(name: string, shown: DraftShown | null): Promise<void> {
  if (shown) client.setQueryData(draftQuery(name).queryKey, shown);
  await Promise.all(
    ["charter", "book"].map((key) => client.invalidateQueries({ queryKey: [key] })),
  );
}

export async function propose(given: Schemas["Propose"]): Promise<void> {
  await told(given.name, await act<DraftShown>("POST", api("/drafts"), given));
}

export async function comment(name: string, given: Schemas["SayIt"]): Promise<void> {
  await told(name, await act<DraftShown>("POST", api(`/drafts/${of(name)}/comments`), given));
}

export async function withdraw(name: string, given: Schemas["SayIt"]): Promise<void> {
  await told(name, await act<DraftShown>("POST", api(`/drafts/${of(name)}/withdraw`), given));
}

export async function sign(name: string, given: Schemas["SignIt"]): Promise<void> {
  await told(name, await act<DraftShown>("POST", api(`/drafts/${of(name)}/sign`), given));
}

export async function becomeSigner(given: Schemas["BecomeSigner"]): Promise<void> {
  await act<Schemas["Kept"]>("POST", api("/signers"), given);
  await client.invalidateQueries({ queryKey: ["charter"] });
}
