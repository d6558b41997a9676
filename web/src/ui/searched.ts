//! What somebody looks for in a list of a page: it stands in the address, once they stop typing.

import { useEffect, useState } from "react";
import { useHere } from "./here";
import { usePaused } from "./paused";

export function useSearched(): [string, (text: string) => void] {
  const { address, go } = useHere();
  const [text, setText] = useState(address.search ?? "");
  const paused = usePaused(text).trim();
  const isKept = paused === (address.search ?? "") || paused !== text.trim();
  useEffect(() => {
    if (!isKept) go({ search: paused }, { replace: true });
  }, [isKept, paused, go]);
  return [text, setText];
}
