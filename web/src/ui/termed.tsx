//! A text whose words of the lexicon say what they mean.

import type { ReactNode } from "react";
import { useWords } from "@/lib/book";
import { pieces } from "@/lib/terms";
import { Term } from "./figure";

export function Termed({ children }: { children: string }) {
  const { terms } = useWords();
  return (
    <>
      {pieces(children, terms).map(({ text, means }, at) =>
        means ? (
          <Term key={at} means={means}>
            {text}
          </Term>
        ) : (
          text
        ),
      )}
    </>
  );
}

/** Texts are looked through; whatever else stands there stays as it is. */
export const termed = (node: ReactNode): ReactNode =>
  typeof node === "string" ? <Termed>{node}</Termed> : node;
