//! The API's types, in the shape that `npm run schema` writes from `crates/server/openapi.json`.

export interface components {
  schemas: {
    Session: {
      kind: string;
      person: components["schemas"]["Person"] | null;
      capabilities: string[];
      needs_set_up: boolean;
      is_demo: boolean;
    };
    Person: {
      id: string;
      name: string;
      email: string;
      role: string;
      sides: string[];
      teams: string[];
      is_disabled: boolean;
    };
    Book: {
      name: string;
      is_demo: boolean;
      seq: number;
      published: number;
      horizon?: string | null;
      charter: components["schemas"]["InForce"] | null;
      sources: string[];
    };
    InForce: {
      hash: string;
      name: string;
      zone: string;
      currency: string | null;
      stages: components["schemas"]["Stage"][];
      teams: { id: string; side: string }[];
      terms: { word: string; means: string }[];
      dimensions: string[];
      handoffs: string[];
      models: string[];
    };
    Stage: {
      id: string;
      name: string;
      role: string;
      team: string | null;
      side: string | null;
      max_days: number | null;
      means: string;
    };
    Metric: {
      subject: string;
      name: string;
      usage: string;
      means: string;
      is_the_charters: boolean;
    };
    Said: { what: string; how: string };
    Definition: {
      metric: components["schemas"]["Metric"];
      formula: string | null;
      measures: components["schemas"]["Said"][];
      declares: components["schemas"]["Said"][];
    };
    Question: {
      kind: string;
      text: string;
      of?: string | null;
      period?: [string, string] | null;
      as_of: string;
    };
    Answer: {
      columns: { id: string; type: string; unit?: string | null; means: string }[];
      rows: unknown[][];
      totals: unknown[] | null;
      currency_totals?: unknown[][];
    };
    IssueCount: { code: string; count: number; text: string };
    Lineage: {
      seq: number;
      charter: string;
      earlier?: Record<string, unknown>;
      packs: Record<string, unknown>;
      kernels: Record<string, unknown>;
      facts_used: number;
      set_aside: Record<string, unknown>;
      horizon: string | null;
    };
    Reply: {
      question: components["schemas"]["Question"];
      answer: components["schemas"]["Answer"];
      issues: components["schemas"]["IssueCount"][];
      notes: string[];
      lineage: components["schemas"]["Lineage"];
    };
    Page: { reply: components["schemas"]["Reply"]; of: number; after: number | null };
    Problem: {
      type: string;
      title: string;
      status: number;
      code: string;
      place?: string | null;
      matters?: string | null;
      fix?: string | null;
      request_id?: string | null;
    };
  };
}
