//! What comes into the book: sources and their imports, files that wait, the wizard's looks and
//! previews, and the work under way.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { watch } from "@/lib/watched";
import { act, get, upload } from "./client";
import { client } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Counts = Schemas["Counts"];
export type FileCounts = Schemas["FileOf"];
export type Imported = Schemas["Imported"];
export type Source = Schemas["SourceShown"];
export type Undone = Schemas["TakenBack"];
export type Upload = Schemas["Upload"];
export type Text = Schemas["PackText"];
export type LookedSource = Schemas["ProposedSource"];
export type LookedColumn = Schemas["LookedColumn"];
export type LookedFile = Schemas["LookedFile"];
/** What somebody says that a column is; without a part it plays none. */
export type ColumnSaid = Schemas["ColumnSaid"];
export type Asking = Omit<Schemas["Unsaid"], "field"> & { field: keyof Answers };
export type Looked = Omit<Schemas["WizardLook"], "questions"> & { questions: Asking[] };
export type Preview = Schemas["WizardPreview"];
export type Saved = Schemas["SourceSaved"];
export type Job = Schemas["Job"];
type Imports = Schemas["ImportList"];

/** What may be changed of what was found; all of it may be left out. */
export type Answers = Partial<
  Record<
    | "name"
    | "zone"
    | "currency"
    | "unit"
    | "dates"
    | "decimal"
    | "encoding"
    | "delimiter"
    | "skip_rows"
    | "header_rows"
    | "rows",
    string
  >
>;

const api = (path: string) => `/api/v1${path}`;

/** While work is under way its progress is looked at so often; else now and then. */
const BUSY = 1_000;
const IDLE = 15_000;

export const sourcesQuery = queryOptions({
  queryKey: ["intake", "sources"],
  queryFn: ({ signal }) => get<Schemas["Sources"]>(api("/sources"), signal),
  refetchInterval: IDLE,
});

/** An invented company sends nothing more, so that none of its sources is behind. */
export const sourcesIn = (isDemo: boolean) =>
  queryOptions({
    ...sourcesQuery,
    select: (all: Schemas["Sources"]): Schemas["Sources"] =>
      isDemo ? { ...all, sources: all.sources.map((one) => ({ ...one, behind_days: null })) } : all,
  });

export const importsQuery = (source: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["intake", "imports", source ?? ""],
    queryFn: ({ pageParam, signal }) => {
      const words = new URLSearchParams({ limit: "25" });
      if (source) words.set("source", source);
      if (pageParam) words.set("before", String(pageParam));
      return get<Imports>(api(`/imports?${words}`), signal);
    },
    initialPageParam: 0,
    getNextPageParam: (last: Imports) => last.before ?? undefined,
    refetchInterval: IDLE,
  });

export const jobsQuery = queryOptions({
  queryKey: ["intake", "jobs"],
  queryFn: ({ signal }) => get<Schemas["Jobs"]>(api("/jobs"), signal),
  refetchInterval: (query) =>
    query.state.data?.jobs.some((job) => job.state === "running") ? BUSY : IDLE,
});

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["intake", "job", id],
    queryFn: ({ signal }) => get<Job>(api(`/jobs/${encodeURIComponent(id)}`), signal),
    enabled: id !== "",
    refetchInterval: (query) => (query.state.data?.state === "running" ? BUSY : false),
  });

export const uploadsQuery = queryOptions({
  queryKey: ["intake", "uploads"],
  queryFn: ({ signal }) => get<Schemas["Uploads"]>(api("/uploads"), signal),
});

/** Answers as they are sent: the address holds texts, counts of rows are numbers. */
const sentOf = ({ skip_rows, header_rows, ...words }: Answers) => ({
  ...words,
  ...(skip_rows ? { skip_rows: Number(skip_rows) } : {}),
  ...(header_rows ? { header_rows: Number(header_rows) } : {}),
});

const saidOf = (columns: readonly ColumnSaid[]) => (columns.length > 0 ? { columns } : {});

/** What the files are; asked again with every answer that is changed. It writes nothing. */
export const lookQuery = (
  uploads: readonly string[],
  answers: Answers,
  columns: readonly ColumnSaid[],
) =>
  queryOptions({
    queryKey: ["wizard", "look", uploads, answers, columns],
    queryFn: () =>
      act<Looked>("POST", api("/wizard/look"), { uploads, ...sentOf(answers), ...saidOf(columns) }),
    enabled: uploads.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export interface Proposal {
  uploads: readonly string[];
  answers: Answers;
  columns: readonly ColumnSaid[];
  source?: string | undefined;
  texts?: readonly Text[] | undefined;
}

const proposed = ({ uploads, answers, columns, source, texts }: Proposal) => ({
  uploads,
  ...sentOf(answers),
  ...saidOf(columns),
  ...(source ? { source } : {}),
  ...(texts ? { texts } : {}),
});

/** What the first rows become after mapping. It writes nothing either. */
export const previewQuery = (proposal: Proposal | null) =>
  queryOptions({
    queryKey: ["wizard", "preview", proposal],
    queryFn: () => act<Preview>("POST", api("/wizard/preview"), proposed(proposal as Proposal)),
    enabled: proposal !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

const renew = () =>
  Promise.all([["intake"], ["book"]].map((queryKey) => client.invalidateQueries({ queryKey })));

export async function save(proposal: Proposal): Promise<Saved> {
  const saved = await act<Saved>("POST", api("/wizard/save"), proposed(proposal));
  await renew();
  return saved as Saved;
}

export async function begin(files: readonly Text[]): Promise<void> {
  await act("POST", api("/wizard/begin"), { files });
  await renew();
}

export interface Bring {
  source: string;
  uploads: readonly string[];
  dry_run: boolean;
  observed_until?: string;
}

async function begun(path: string, body: unknown): Promise<Job> {
  const job = (await act<Job>("POST", api(path), body)) as Job;
  client.setQueryData(jobQuery(job.id).queryKey, job);
  await client.invalidateQueries({ queryKey: jobsQuery.queryKey });
  watch(job.id);
  return job;
}

export const bring = (given: Bring): Promise<Job> => begun("/imports", given);

export const bringMended = (upload: string, dry_run: boolean): Promise<Job> =>
  begun("/imports/mended", { upload, dry_run });

export async function cancel(id: string): Promise<void> {
  const job = await act<Job>("POST", api(`/jobs/${encodeURIComponent(id)}/cancel`));
  if (job) client.setQueryData(jobQuery(id).queryKey, job);
  await renew();
}

export async function takeBack(run: number): Promise<Undone> {
  const undone = await act<Undone>("POST", api(`/imports/${run}/undo`), {});
  await renew();
  return undone as Undone;
}

export async function send(
  file: File,
  told: (sent: number) => void,
  signal?: AbortSignal,
): Promise<Upload> {
  const words = new URLSearchParams({ name: file.name });
  const sent = await upload<Upload>(api(`/uploads?${words}`), file, told, signal);
  await client.invalidateQueries({ queryKey: uploadsQuery.queryKey });
  return sent;
}

export async function drop(id: string): Promise<void> {
  await act("DELETE", api(`/uploads/${encodeURIComponent(id)}`));
  await client.invalidateQueries({ queryKey: uploadsQuery.queryKey });
}

/** All rows that are still set aside of an import, or of all: a file to be mended and read again. */
export const asidePath = (run?: number): string =>
  api(run === undefined ? "/imports/aside" : `/imports/${run}/aside`);

/** The rows that a dry run would set aside, with their reasons. */
export const foreseenPath = (id: string): string => api(`/jobs/${encodeURIComponent(id)}/aside`);

/** After work ended, what rests on it is asked again. */
export const renewed = renew;
