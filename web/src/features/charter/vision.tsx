//! The vision that the systems serve, in the words of the charter: first on its page. Who signed
//! them is said as it is.

import { useQuery } from "@tanstack/react-query";
import { SIDES, type Signature, signedBy } from "@/api/charter";
import { documentQuery } from "@/api/vision";
import { type Messages, useMessages } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";
import { Answered, Empty } from "@/ui/state";

export function Vision() {
  const m = useMessages();
  const query = useQuery(documentQuery);
  return (
    <Answered query={query} height={160}>
      {(document) => (
        <Panel
          title={m.vision.title}
          means={document.vision?.trim() ? standing(document.signatures, m) : null}
        >
          {document.vision?.trim() ? (
            <Prose text={document.vision} />
          ) : (
            <Empty title={m.vision.none}>{m.vision.noneText}</Empty>
          )}
        </Panel>
      )}
    </Answered>
  );
}

/** Whose signatures the words have: both sides', one's, or nobody's yet. */
function standing(signatures: readonly Signature[], m: Messages): string {
  const by = signedBy(signatures);
  if (by.length === SIDES.length) return m.vision.signed;
  const [side] = by;
  return side ? m.vision.signedBy(m.side[side]) : m.vision.unsigned;
}
