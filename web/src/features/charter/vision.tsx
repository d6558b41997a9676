//! The vision that the systems serve, in the words that both teams signed: first in the charter.

import { useQuery } from "@tanstack/react-query";
import { documentQuery } from "@/api/vision";
import { useMessages } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";
import { Answered, Empty } from "@/ui/state";

export function Vision() {
  const m = useMessages();
  const query = useQuery(documentQuery);
  return (
    <Answered query={query} height={160}>
      {(document) => (
        <Panel title={m.vision.title} means={m.vision.means}>
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
