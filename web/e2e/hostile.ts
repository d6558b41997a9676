//! Texts that would be more than texts on a page that is careless, in every place where somebody
//! else's text can come in: names in exports and their files, words of a charter, whatever people
//! type. Each has a number of its own, by which it is known wherever it shows up.

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const FORMS: readonly ((n: number) => string)[] = [
  (n) => `<script>alert(${n})</script>`,
  (n) => `"><img src=x onerror=alert(${n})>`,
  (n) => `<svg onload=alert(${n})>`,
  (n) => `' onfocus=alert(${n}) autofocus='`,
  (n) => `" onmouseover="alert(${n})" style="position:fixed;inset:0`,
  (n) => `javascript:alert(${n})//`,
  (n) => `<a href="javascript:alert(${n})">here</a>`,
  (n) => `<iframe srcdoc="<script>parent.alert(${n})</script>"></iframe>`,
  (n) =>
    `<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=alert(${n})>">`,
  (n) => `</title></textarea></style></script><script>alert(${n})</script>`,
  (n) => `<!--<img src="--><img src=x onerror=alert(${n})//">`,
  (n) => `{{constructor.constructor('alert(${n})')()}}`,
  (n) => `\${alert(${n})}#{alert(${n})}<%= alert(${n}) %>`,
  (n) => `%3Cscript%3Ealert(${n})%3C/script%3E`,
  (n) => `&lt;script&gt;alert(${n})&lt;/script&gt;`,
  (n) => `<img src=x oNeRrOr=alert(${n})>`,
  (n) => `<details open ontoggle=alert(${n})>`,
  (n) => `<video><source onerror=alert(${n})></video>`,
  (n) => `<style>@import 'javascript:alert(${n})';</style>`,
  (n) => `<link rel=stylesheet href=//evil.example/alert(${n}).css>`,
  (n) => `<meta http-equiv=refresh content="0;url=javascript:alert(${n})">`,
  (n) => `<base href=//evil.example/alert(${n})/>`,
  (n) => `<form action=//evil.example/alert(${n})><button>go`,
  (n) => `data:text/html,<script>alert(${n})</script>`,
  (n) => `<input autofocus onfocus=alert(${n})>`,
  (n) => `\u2028<script>alert(${n})</script>`,
  (n) => `\u202Etpircs<img src=x onerror=alert(${n})>`,
  (n) => `<object data="javascript:alert(${n})"><embed src="javascript:alert(${n})">`,
];

/** Which texts came in where, by their numbers. */
export class Corpus {
  readonly fields = new Map<string, Set<number>>();
  private next = 1000;

  /** Another text for a field; every field gets all forms in turn. */
  text(field: string): string {
    const of = this.fields.get(field) ?? new Set<number>();
    this.fields.set(field, of);
    const form = FORMS[(of.size * 5 + this.fields.size) % FORMS.length] as (n: number) => string;
    const n = this.next++;
    of.add(n);
    return form(n);
  }

  /** Another name for a file, which has no stroke in it. */
  file(field: string, ending: string): string {
    const of = this.fields.get(field) ?? new Set<number>();
    this.fields.set(field, of);
    const n = this.next++;
    of.add(n);
    return `<img src=x onerror=alert(${n})>${ending}`;
  }

  /** Fields of which none is in these texts. */
  unseen(texts: Iterable<string>): string[] {
    const seen = new Set<number>();
    for (const text of texts)
      for (const [, n] of text.matchAll(/alert\((\d+)\)/g)) seen.add(Number(n));
    return [...this.fields].filter(([, of]) => ![...of].some((n) => seen.has(n))).map(([f]) => f);
  }
}

type Table = string[][];

/** Rows of fields, in quotes where they must be. */
function read(text: string, mark: string): Table {
  const rows: Table = [];
  let [row, field, isQuoted] = [[] as string[], "", false];
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (isQuoted) {
      if (c !== '"') field += c;
      else if (text[at + 1] === '"') field += text[at++];
      else isQuoted = false;
    } else if (c === '"') isQuoted = true;
    else if (c === mark || c === "\n") {
      row.push(field);
      field = "";
      if (c === "\n") {
        rows.push(row);
        row = [];
      }
    } else if (c !== "\r") field += c;
  }
  return rows;
}

export const written = (rows: Table, mark: string): string =>
  rows
    .map((row) =>
      row
        .map((field) => (/[",;\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
        .join(mark),
    )
    .map((line) => `${line}\n`)
    .join("");

/**
 * What is poisoned: columns by file, with the field that they fill. Columns of one field share their
 * keys, so that a row still finds the other it names.
 */
const EXPORTS: Record<string, Record<string, string>> = {
  "crm_accounts.csv": {
    account_id: "account",
    name: "account's name",
    industry: "industry",
    region: "account's region",
  },
  "crm_users.csv": { user_id: "rep", manager_id: "rep" },
  "crm_leads.csv": {
    account_id: "account",
    owner_id: "rep",
    lead_source: "lead's source",
    region: "lead's region",
    country: "lead's country",
    converted_opportunity_id: "deal",
  },
  "crm_lead_history.csv": { changed_by: "rep" },
  "crm_opportunities.csv": {
    opportunity_id: "deal",
    account_id: "account",
    owner_id: "rep",
    product: "product",
    loss_reason: "loss reason",
    competitor: "competitor",
  },
  "crm_opportunity_history.csv": { opportunity_id: "deal", changed_by: "rep" },
  "crm_activities.csv": { account_id: "account", opportunity_id: "deal", user_id: "rep" },
  "crm_targets.csv": { set_by: "rep" },
  "marketing_campaigns.csv": {
    Campaign: "campaign",
    "Part of": "campaign",
    Title: "campaign's title",
    Vendor: "vendor",
  },
  "marketing_touches.csv": { Campaign: "campaign", Source: "touch's source" },
  "marketing_spend.csv": { Campaign: "campaign", "Paid for": "what was paid for" },
};

/** One of so many values of a field is hostile: pages also show what is not. */
const EVERY: Record<string, number> = { account: 9, deal: 9, rep: 3 };

/** Writes the demo's exports with hostile names in them; gives the files. */
export async function poisoned(from: string, to: string, corpus: Corpus): Promise<string[]> {
  await mkdir(to, { recursive: true });
  const kept = new Map<string, Map<string, string>>();
  const changed = (field: string, value: string): string => {
    if (value === "") return value;
    const values = kept.get(field) ?? new Map<string, string>();
    kept.set(field, values);
    const known = values.get(value);
    if (known !== undefined) return known;
    const isHostile = values.size % (EVERY[field] ?? 2) === 0;
    const text = isHostile ? corpus.text(field) : value;
    values.set(value, text);
    return text;
  };
  const files: string[] = [];
  for (const name of await readdir(from)) {
    if (!name.endsWith(".csv")) continue;
    const bytes = await readFile(join(from, name));
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
    const text = bytes.toString(isWide ? "utf16le" : "utf8").replace(/^\uFEFF/, "");
    const mark = name.startsWith("marketing_") ? ";" : ",";
    const rows = read(text, mark);
    const head = rows[0] ?? [];
    const fields = head.map((column) => EXPORTS[name]?.[column]);
    for (const row of rows.slice(1)) {
      for (const [at, field] of fields.entries()) {
        if (field !== undefined) row[at] = changed(field, row[at] ?? "");
      }
    }
    // A file's own name is somebody's text too.
    const file = join(to, name.replace(/\.csv$/, corpus.file("file's name", ".csv")));
    const out = `\uFEFF${written(rows, mark)}`;
    await writeFile(file, out, isWide ? "utf16le" : "utf8");
    files.push(file);
  }
  return files;
}

/** A text as TOML has it. */
const quoted = (text: string) => JSON.stringify(text);

/** Puts hostile words into the texts of a charter. */
export async function charter(folder: string, corpus: Corpus): Promise<void> {
  const change = async (file: string, changes: readonly (readonly [string, string])[]) => {
    const path = join(folder, file);
    let text = await readFile(path, "utf8");
    for (const [was, is] of changes) {
      if (!text.includes(was)) throw new Error(`${basename(path)} has no ${was}`);
      text = text.replace(was, () => is);
    }
    await writeFile(path, text);
  };
  const text = (field: string) => quoted(corpus.text(field));
  await change("calendar.toml", [
    ['name = "Pellwater Gauges, 2024"', `name = ${text("charter's name")}`],
  ]);
  await change("stages.toml", [
    ['name = "Proposal"', `name = ${text("stage's name")}`],
    ['name = "Inquiry"', `name = ${text("stage's name")}`],
    ['means = "Only the number and the lawyers are left."', `means = ${text("stage's meaning")}`],
    ['means = "Signed by somebody who may sign."', `means = ${text("stage's meaning")}`],
  ]);
  await change("lexicon.toml", [
    ['"touch" = "One dated contact', `${text("term")} = "One dated contact`],
    ['"Signed. A verbal yes is a verb."', text("term's meaning")],
  ]);
  await writeFile(join(folder, "vision.md"), vision(corpus));
}

/** Every kind of block that a written vision may have, and links that it may not. */
function vision(corpus: Corpus): string {
  const text = () => corpus.text("vision").replaceAll("\n", " ");
  const link = () => `[here](${corpus.text("vision")}) ![](${corpus.text("vision")})`;
  return [
    `# ${text()}`,
    `${text()} **${text()}** *${text()}* \`${text()}\``,
    `- ${text()}\n- ${text()}\n  ${text()}`,
    `1. ${text()}`,
    `> ${text()}`,
    text(),
    link(),
    `<${text()}>`,
  ].join("\n\n");
}

/** Elements and attributes that no text may make. */
export const smuggled = (): string[] => {
  const own = (address: string) =>
    URL.canParse(address, location.href) &&
    new URL(address, location.href).origin === location.origin;
  const found: string[] = [];
  for (const one of document.querySelectorAll("*")) {
    const names = one.getAttributeNames();
    const isActive = names.some((name) => name.startsWith("on") || name === "srcdoc");
    const isForeign = ["href", "src", "action", "data", "formaction"].some((name) => {
      const value = one.getAttribute(name);
      return value !== null && !value.startsWith("data:image/") && !own(value);
    });
    const isOdd = one.matches("iframe, object, embed, base, math, video, meta[http-equiv], frame");
    const isScript = one.matches("script:not([src])");
    if (isActive || isForeign || isOdd || isScript) found.push(one.outerHTML.slice(0, 200));
  }
  return found;
};
