//! What a name tells its metric.

import type { Parameter } from "@/api/queries";

/** What a name tells a metric. The last word is all that is left: a reason may hold colons. */
export function givenBy(parameters: readonly Parameter[], of: string): string[] {
  const [, ...rest] = of.split(":");
  const most = parameters.length;
  if (rest.length <= most) return rest.filter((one) => one !== "");
  return [...rest.slice(0, most - 1), rest.slice(most - 1).join(":")];
}
