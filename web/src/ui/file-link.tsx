//! A link to a file. A plain click fetches it here, so that a refusal is told and not saved as a file.

import { type MouseEvent, type ReactNode, useState } from "react";
import { file } from "@/api/client";
import { useMessages } from "@/lib/i18n";
import { useAct } from "./act";
import { Sheet } from "./sheet";
import { Trouble } from "./state";

interface FileLinkProps {
  href: string;
  /** So large that the browser takes it by itself, piece by piece, and not into its memory. */
  isLarge?: boolean;
  children: ReactNode;
}

export function FileLink({ href, isLarge = false, children }: FileLinkProps) {
  const m = useMessages();
  const [isTold, setTold] = useState(false);
  const { run, error, isBusy } = useAct();
  const fetched = async () => {
    const { name, blob } = await file(href);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    // The browser has taken it by then.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
  const click = (event: MouseEvent) => {
    if (isLarge || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!isBusy) void run(fetched).then((isDone) => setTold(!isDone));
  };
  return (
    <>
      <a href={href} download onClick={click} aria-busy={isBusy || undefined}>
        {isBusy ? m.table.fetching : children}
      </a>
      {isTold && error ? (
        <Sheet title={m.table.noFile} close={() => setTold(false)}>
          <Trouble error={error} />
        </Sheet>
      ) : null}
    </>
  );
}
