//! Every page there is, as the router itself knows them: a page that is added is looked at.

import { router } from "@/app/router";

/** What stands for a part of an address that is not fixed. */
const PARTS: Record<string, string> = { account: "A-0228", deal: "O-00222", of: "revenue" };

const tab = (name: string) => (name ? `?tab=${name}` : "");

/** Words with which a page shows more than it does without. */
const MORE: Record<string, readonly string[]> = {
  "/": ["", "?period=2025-Q2&compare=year-ago"],
  "/funnel": [
    "?period=2025-Q3&step=mql",
    "?view=cohort&period=2025-Q3",
    "?view=snapshot&period=2025-Q3&compare=previous",
    "?view=paths&period=2025-Q3",
    "?period=2025-Q3&by=channel&where=person.country%20%3D%20%27DE%27",
    "?period=1999",
  ],
  "/handoffs": ["?period=2025-Q3&compare=previous"],
  "/deals": ["?period=2025-Q3", "?period=2025-Q3&table=moves,reasons&by=team", "?of=O-00222"],
  "/forecast": [
    "",
    "?horizon=month&show=deals",
    "?by=team&table=fan,parts,split",
    "?horizon=month&currency=each",
  ],
  "/plan": ["", "?table=needs", "?of=2025-10-01..2026-04-01&goal=500000&by=team", "?of=2026-02"],
  "/accounts": ["", "?of=A-0228&deal=O-00190&step=3", "?of=nobody"],
  "/credit": ["?period=all", "?of=open&by=campaign", "?period=all&deal=O-00222"],
  "/metrics": ["?of=revenue&period=2025-Q3", "?of=win_rate&table=time,by,change", "?of=nothing"],
  "/charter": ["", "words", "teams", "rules", "drafts", "log", "brand"].map(tab),
  "/settings": ["", "people", "tokens", "keys", "book", "rights", "audit"].map(tab),
  "/campaign": ["?period=2024", "?campaign=C-2024&period=2024&compare=previous"],
};

/** Pages that are there without a session. */
export const OPEN = new Set(["/sign-in", "/setup", "/invitation"]);

const named = (path: string): string =>
  path.replace(/\$(\w+)/g, (_, part: string) => {
    const example = PARTS[part];
    if (!example) throw new Error(`e2e/routes.ts has no example for \`$${part}\` in ${path}`);
    return example;
  });

const paths = Object.keys(router.routesByPath).map((path) => path.replace(/(.)\/$/, "$1"));

/** Pages inside, each once. */
export const PAGES: readonly string[] = [...new Set(paths)]
  .filter((path) => !OPEN.has(path))
  .map(named)
  .sort();

/** Pages inside, each with the words that show all of it. */
export const ADDRESSES: readonly string[] = PAGES.flatMap((page) =>
  (MORE[page] ?? [""]).map((words) => page + words),
);

/** Pages that count nothing: words, lists, forms, one story, what is not there or not there yet. */
const WITHOUT =
  /^\/(?:charter(?!\?tab=brand)|settings|periods|plan|health\/|accounts|campaign(?!\?campaign)|deals\?of=|metrics(?:$|\?of=nothing)|funnel\?period=1999)/;
/** Pages whose figures are as many records as they say. */
export const COUNTING = ADDRESSES.filter((path) => !WITHOUT.test(path));
/** Pages before the door. */
export const DOORS: readonly string[] = [...new Set(paths)].filter((path) => OPEN.has(path)).sort();
