//! What a name tells its metric.

import type { Metric, Parameter } from "@/api/queries";

/** What may follow a metric's name; a server that does not say it shows it in the usage. */
export const parametersOf = (metric: Pick<Metric, "parameters" | "usage">): Parameter[] =>
  metric.parameters ?? fromUsage(metric.usage);

const TAKES: [RegExp, string][] = [
  [/^(STAGE|FROM|TO)$/, "stage"],
  [/^N$/, "number"],
  [/^HANDOFF$/, "handoff"],
];

function fromUsage(usage: string): Parameter[] {
  return [...usage.matchAll(/(\[?):([A-Z_]+)/g)].map(([, bracket, name = ""]) => ({
    name: name.toLowerCase(),
    takes: TAKES.find(([fits]) => fits.test(name))?.[1] ?? "reason",
    choices: [],
    is_optional: bracket === "[",
  }));
}

/** What a name tells a metric. The last word is all that is left: a reason may hold colons. */
export function givenBy(parameters: readonly Parameter[], of: string): string[] {
  const [, ...rest] = of.split(":");
  const most = parameters.length;
  if (rest.length <= most) return rest.filter((one) => one !== "");
  return [...rest.slice(0, most - 1), rest.slice(most - 1).join(":")];
}
