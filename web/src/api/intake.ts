//! What comes into the book: sources and their imports, files that wait, the wizard's looks and
//! previews, and the work under way.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { act, get, upload } from "./client";
import { client } from "./queries";

/** What became of rows: rows = mapped + reference + ignored + set aside, always. */
export interface Counts {
  rows: number;
  mapped: number;
  reference: number;
  ignored: number;
  set_aside: number;
  known: number;
  deleted: number;
  left_out: number;
  facts: number;
  ignored_by: Record<string, number>;
  set_aside_by: Record<string, number>;
}

export interface FileCounts {
  stream: string;
  file: string;
  counts: Counts;
}

export interface Imported {
  run: number;
  source: string;
  started_at: string;
  state: "whole" | "stopped" | "taken_back" | "receiving";
  seq?: number | null;
  undone?: number | null;
  may_undo: boolean;
  counts: Counts;
  open_set_aside: number;
  files: FileCounts[];
  of_files: number;
}

export interface Source {
  name: string;
  streams: { name: string; files: string[]; facts: string[]; is_reference: boolean }[];
  takes_events: boolean;
  events_stream?: string | null;
  last_import?: Imported | null;
  imports: number;
  rows: Counts;
  open_set_aside: number;
  observed_until?: string | null;
  is_declared: boolean;
  behind_days?: number | null;
  receiving: boolean;
}

export interface Imports {
  imports: Imported[];
  of: number;
  before?: number | null;
}

export interface Undone {
  run: number;
  source: string;
  seq: number;
  records: number;
  facts: number;
  set_aside: number;
  reopened: number;
  without_text: number;
}

export interface Upload {
  id: string;
  name: string;
  bytes: number;
  at: string;
  until: string;
}

/** What may be changed of what was found; all of it may be left out. */
export interface Answers {
  name?: string;
  zone?: string;
  currency?: string;
  unit?: string;
  dates?: string;
  rows?: string;
}

export interface Text {
  path: string;
  text: string;
}

export interface LookedSource {
  name: string;
  is_taken: boolean;
  pack?: { name: string; title: string } | null;
  files: string[];
  streams: {
    stream: string;
    files: string[];
    rows: string;
    why: string;
    stages: { stage: string; rows: number }[];
    won: string[];
    lost: string[];
  }[];
  notes: string[];
  texts: Text[];
}

export interface LookedColumn {
  name: string;
  kind: string;
  filled_percent: number;
  samples: string[];
  parts: string[];
  is_sealed: boolean;
  doubt?: string | null;
}

export interface LookedFile {
  file: string;
  rows: number;
  is_whole: boolean;
  stream?: string | null;
  rows_are?: string | null;
  why?: string | null;
  written: string[];
  bad_rows: number;
  bad_reason?: string | null;
  columns: LookedColumn[];
}

export interface Asking {
  field: keyof Answers;
  text: string;
  choices: string[];
}

export interface Looked {
  sources: LookedSource[];
  files: LookedFile[];
  questions: Asking[];
  read_already: { file: string; source: string }[];
}

export interface Preview {
  source: string;
  tried_rows: number;
  facts: { file: string; line: number; kind: string; says: { name: string; value: string }[] }[];
  of_facts: number;
  stages: { stage: string; rows: number }[];
  files: FileCounts[];
  set_aside_by: Record<string, number>;
}

export interface Saved {
  source: string;
  written: string[];
  charter: {
    state: "drafted" | "lacks" | "complete";
    attributes?: string | null;
    without_stages: boolean;
    files: Text[];
  };
}

export interface Job {
  id: string;
  kind: "import" | "mended";
  dry_run: boolean;
  source?: string | null;
  by: string;
  began: string;
  ended?: string | null;
  state: "running" | "done" | "stopped" | "refused";
  file?: string | null;
  rows: number;
  of_rows?: number | null;
  seconds: number;
  rows_per_second: number;
  seconds_left?: number | null;
  result?: {
    run?: number | null;
    seq?: number | null;
    observed_until?: string | null;
    is_declared: boolean;
    counts: Counts;
    files: FileCounts[];
    new_rows: number;
    notes: string[];
    unknown: string[];
    closed?: number | null;
  } | null;
  problem?: {
    code: string;
    title: string;
    matters?: string | null;
    fix?: string | null;
    place?: string | null;
  } | null;
}

const api = (path: string) => `/api/v1${path}`;

/** While work is under way its progress is looked at so often; else now and then. */
const BUSY = 1_000;
const IDLE = 15_000;

export const sourcesQuery = queryOptions({
  queryKey: ["intake", "sources"],
  queryFn: ({ signal }) => get<{ sources: Source[] }>(api("/sources"), signal),
  refetchInterval: IDLE,
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
  queryFn: ({ signal }) => get<{ jobs: Job[] }>(api("/jobs"), signal),
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
  queryFn: ({ signal }) => get<{ uploads: Upload[] }>(api("/uploads"), signal),
});

/** What the files are; asked again with every answer that is changed. It writes nothing. */
export const lookQuery = (uploads: readonly string[], answers: Answers) =>
  queryOptions({
    queryKey: ["wizard", "look", uploads, answers],
    queryFn: () => act<Looked>("POST", api("/wizard/look"), { uploads, ...answers }),
    enabled: uploads.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export interface Proposal {
  uploads: readonly string[];
  answers: Answers;
  source?: string | undefined;
  texts?: readonly Text[] | undefined;
}

const proposed = ({ uploads, answers, source, texts }: Proposal) => ({
  uploads,
  ...answers,
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

/** After work ended, what rests on it is asked again. */
export const renewed = renew;
