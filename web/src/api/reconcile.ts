//! Totals that somebody read in another system, set beside ours. Nothing is written.

import { act } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Reconciled = Schemas["ReconcileAnswer"];
export type ReconciledLine = Schemas["ReconcileLine"];

export const reconcile = async (given: Schemas["ReconcileAsk"]): Promise<Reconciled> =>
  (await act<Reconciled>("POST", "/api/v1/reconcile", given)) as Reconciled;
