//! The texts of a draft, each beside the text in force.

import { useQuery } from "@tanstack/react-query";
import { type CharterFile, type DraftShown, documentQuery, isOpen } from "@/api/charter";
import { useMessages } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import { Lines, moved } from "./lines";
import css from "./page.module.css";

export function Files({ shown }: { shown: DraftShown }) {
  const m = useMessages();
  const now = useQuery(documentQuery).data?.files ?? [];
  // Against what is in force now it means something only while it could replace it.
  const isCompared = isOpen(shown.draft) && now.length > 0;
  const before = (path: string) => now.find((file) => file.path === path)?.text ?? "";
  const isChanged = (file: CharterFile) => isCompared && before(file.path) !== file.text;
  const gone = isCompared
    ? now.filter((file) => !shown.files.some((one) => one.path === file.path))
    : [];
  return (
    <Panel title={m.charter.files} means={m.charter.filesMeans}>
      {shown.files.map((file) => (
        <details key={file.path} className={css.text}>
          <summary>
            <code>{file.path}</code>{" "}
            <span className={css.told}>
              {isChanged(file) ? <Moved was={before(file.path)} is={file.text} /> : null}
              {isCompared && !isChanged(file) ? m.charter.sameText : null}
            </span>
          </summary>
          {isChanged(file) ? (
            <Lines was={before(file.path)} is={file.text} label={file.path} />
          ) : (
            <pre className={css.pre} tabIndex={0}>
              {file.text}
            </pre>
          )}
        </details>
      ))}
      {gone.map((file) => (
        <p key={file.path} className={css.told}>
          <code>{file.path}</code> {m.charter.fileGone}
        </p>
      ))}
    </Panel>
  );
}

function Moved({ was, is }: { was: string; is: string }) {
  const m = useMessages();
  const { come, gone } = moved(was, is);
  return <>{m.charter.linesMove(come, gone)}</>;
}
