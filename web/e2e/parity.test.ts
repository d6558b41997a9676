//! The figure on the page is the figure on the terminal: every linked figure of these pages against
//! what `handfast ask` answers to the same question, read anew here from the cell's own numbers.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { readOrigin } from "@/lib/address";
import { ask, type Reply } from "./book";
import { launch, open, owner } from "./browser";
import { differs } from "./reading";

/** Pages whose figures come from some sixty questions of all kinds. */
const PAGES = [
  "/",
  "/?period=2025-Q2&compare=year-ago",
  "/funnel?period=2025-Q3&step=mql",
  "/funnel?period=2025-Q3&view=cohort",
  "/funnel?period=2025-Q3&view=snapshot",
  "/funnel?period=2025-Q3&view=paths",
  "/funnel?period=2025-Q2&by=channel&compare=previous",
  "/funnel?period=2025&unit=account",
  "/funnel?period=2025&unit=person&by=person.region",
  "/funnel?period=2025-Q3&unit=deal&view=cohort",
  "/funnel?period=2025-Q3&where=person.country%20%3D%20%27DE%27",
  "/funnel?period=2025-Q3&as-of=2",
  "/handoffs?period=2025-Q3",
  "/handoffs?period=2025-Q2&by=person.region",
  "/deals?period=2025-Q3&table=moves,reasons",
  "/deals?period=2025-Q2&show=won&table=reasons&by=team",
  "/forecast?table=fan,parts",
  "/forecast?horizon=month&show=deals&by=team&table=fan,parts,split",
  "/plan?of=2025-10-01..2026-04-01&goal=500000",
  "/credit?period=all",
  "/credit?period=2025-Q2&by=campaign&show=vendor",
  "/credit?of=open&by=team&currency=each",
  "/credit?period=all&models=linear,markov_1",
  "/metrics?of=win_rate&period=2025-Q3&table=time,by,change",
  "/metrics?of=revenue&period=2025-Q3&table=time,by,change&show=month",
  "/metrics?of=new_deals&period=2025-Q2&by=team&table=time,by",
  "/metrics?of=cycle_time&period=2025-Q3&table=time,by",
  "/metrics?of=pipeline&period=2025-Q3&table=time,by",
  "/metrics?of=average_deal&period=2025-Q3&table=time,by",
  "/health",
];

interface Shown {
  rec: string;
  /** What stands there, and what its tip says of it to the digit. */
  text: string;
  exact: string;
  /** Whether it is how many of a share there are. */
  isPart: boolean;
  page: string;
}

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** The row of an answer that a figure's records are of. */
function rowOf({ answer }: Pick<Reply, "answer">, names: readonly string[]): unknown[] | undefined {
  const written = (cell: unknown) => (cell === null || cell === undefined ? "–" : String(cell));
  if (names.length === 0) return answer.totals ?? answer.rows[0];
  return answer.rows.find((row) => names.every((name, at) => written(row[at]) === name));
}

/** How a figure on a page differs from the terminal's: of its row, or above the rows. */
function differsFrom({ answer }: Reply, { rec, text, exact, isPart }: Shown): string | null {
  const origin = readOrigin(rec);
  if (!origin) throw new Error(`no origin: ${rec}`);
  const at = answer.columns.findIndex((column) => column.id === origin.column);
  const row = rowOf({ answer }, origin.row);
  const above = (answer.headline?.figures ?? []).filter(
    ({ column }) => column.id === origin.column,
  );
  // Above the rows stands one for each currency.
  const cells = at >= 0 && row ? [row[at]] : above.map(({ cell }) => cell);
  if (cells.length === 0) return "the terminal has no such row or column";
  const said = cells.map((cell) =>
    differs(isPart ? (cell as { part: number } | undefined)?.part : cell, { text, exact }),
  );
  return said.every(Boolean) ? (said[0] ?? null) : null;
}

it("forty questions have the same figures on the page and on the terminal", async () => {
  const somebody = await owner(browser);
  const shown: Shown[] = [];
  for (const page of PAGES) {
    await open(somebody, page);
    const found = await somebody.page.$$eval("[data-figure] > a[data-rec]", (all) =>
      all.map((one) => ({
        rec: one.getAttribute("data-rec") ?? "",
        text: one.textContent ?? "",
        exact: one.getAttribute("data-tip")?.split("\n")[0] ?? "",
        isPart: one.hasAttribute("data-part"),
      })),
    );
    shown.push(...found.map((one) => ({ ...one, page })));
  }
  await somebody.context.close();
  const answers = new Map<string, Promise<Reply>>();
  const wrong: string[] = [];
  let compared = 0;
  for (const { rec, text, exact, isPart, page } of shown) {
    const origin = readOrigin(rec);
    if (!origin) throw new Error(`no origin: ${rec}`);
    const { kind, words } = origin.question;
    const asked = JSON.stringify([kind, Object.entries(words).sort()]);
    const known = answers.get(asked) ?? ask(inject("book"), kind, words);
    answers.set(asked, known);
    const reply = await known;
    const why = differsFrom(reply, { rec, text, exact, isPart, page });
    if (why) wrong.push(`${page} ${rec}: “${text}” (${exact}): ${why}`);
    compared += 1;
  }
  console.log(`${compared} figures of ${answers.size} questions`);
  expect(wrong).toEqual([]);
  expect(answers.size).toBeGreaterThanOrEqual(40);
  expect(compared).toBeGreaterThan(400);
});
