//! The charter as a document: here for its vision.

import { queryOptions } from "@tanstack/react-query";
import { get } from "./client";
import type { components } from "./schema";

/** `vision` is the text of a charter that has one. */
type Document = components["schemas"]["Charter"] & { vision?: string | null };

export const documentQuery = queryOptions({
  queryKey: ["charter", "document"],
  queryFn: ({ signal }) => get<Document>("/api/v1/charter", signal),
  refetchInterval: 12_000,
});
