//! The first step: which files. They go to the server's own disk and nowhere else.

import { useQuery } from "@tanstack/react-query";
import { type ChangeEvent, type DragEvent, useRef, useState } from "react";
import { drop, send, type Upload, uploadsQuery } from "@/api/intake";
import { useWords } from "@/lib/book";
import { bytes, moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { actsCss, useActing } from "@/ui/acts";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Progress } from "@/ui/progress";
import { Trouble } from "@/ui/state";
import css from "./wizard.module.css";
import { keptOf, uploadsOf } from "./words";

interface Sending {
  name: string;
  sent: number;
  of: number;
}

export function Files() {
  const m = useMessages();
  const { address, go } = useHere();
  const ids = uploadsOf(address);
  const query = useQuery(uploadsQuery);
  const all = query.data?.uploads ?? [];
  const chosen = keptOf(all, ids);
  const others = all.filter((one) => !ids.includes(one.id));
  // Files take minutes to send: what was chosen or removed meanwhile is read when they are there.
  const latest = useRef(ids);
  latest.current = ids;
  const put = (next: readonly string[]) => {
    latest.current = [...next];
    go({ uploads: next.join(","), source: "", job: "" }, { replace: true });
  };
  return (
    <>
      <Panel title={m.wizard.drop} means={m.wizard.dropMeans}>
        <DropZone added={(sent) => put([...latest.current, ...sent.map((one) => one.id)])} />
        {query.isError ? (
          <Trouble error={query.error} again={() => void query.refetch()} />
        ) : (
          <List
            uploads={chosen}
            remove={async (id) => {
              await drop(id);
              put(latest.current.filter((one) => one !== id));
            }}
          />
        )}
        {query.data && chosen.length < ids.length ? (
          <p className={css.note}>{m.wizard.gone}</p>
        ) : null}
        <p className={actsCss.acts}>
          <button
            type="button"
            className={`${actsCss.button} ${actsCss.main}`}
            disabled={chosen.length === 0}
            onClick={() => go({ uploads: chosen.map((one) => one.id).join(","), step: "mapping" })}
          >
            {m.wizard.look}
          </button>
        </p>
      </Panel>
      {others.length > 0 ? (
        <Panel title={m.wizard.earlier} means={m.wizard.earlierMeans}>
          <List
            uploads={others}
            use={(id) => put([...latest.current, id])}
            remove={(id) => drop(id)}
          />
        </Panel>
      ) : null}
    </>
  );
}

function DropZone({ added }: { added: (sent: Upload[]) => void }) {
  const m = useMessages();
  const locale = useLocale();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [sending, setSending] = useState<Sending | null>(null);
  const { error, run } = useActing();
  const take = async (files: readonly File[]) => {
    const sent: Upload[] = [];
    await run(async () => {
      for (const file of files) {
        const told = (bytes: number) => setSending({ name: file.name, sent: bytes, of: file.size });
        told(0);
        sent.push(await send(file, told));
      }
    });
    setSending(null);
    if (sent.length > 0) added(sent);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    if (files.length > 0) void take(files);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files are dropped on it; the button within does the same. */}
      <div
        className={css.zone}
        data-over={isOver ? "" : undefined}
        onDragOver={over}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <p>{m.wizard.dropHere}</p>
        <button
          type="button"
          className={actsCss.button}
          disabled={sending !== null}
          onClick={() => input.current?.click()}
        >
          {m.wizard.choose}
        </button>
        <input
          ref={input}
          type="file"
          multiple
          className="unseen"
          tabIndex={-1}
          aria-label={m.wizard.choose}
          onChange={choose}
        />
        <p className={css.quiet}>{m.wizard.kinds}</p>
      </div>
      {sending ? (
        <div className={css.sending}>
          <Progress done={sending.sent} of={sending.of} label={sending.name}>
            {m.wizard.sending(sending.name, bytes(sending.sent, locale), bytes(sending.of, locale))}
          </Progress>
        </div>
      ) : null}
      {error ? <Trouble error={error} /> : null}
    </>
  );
}

interface ListProps {
  uploads: readonly Upload[];
  use?: (id: string) => void;
  remove: (id: string) => Promise<void>;
}

function List({ uploads, use, remove }: ListProps) {
  const m = useMessages();
  const locale = useLocale();
  const { zone } = useWords();
  const { error, isActing, run } = useActing();
  return (
    <>
      <ul className={css.files}>
        {uploads.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong>
            <span className={css.quiet}>
              {bytes(one.bytes, locale)} · {m.wizard.until(moment(one.until, locale, zone))}
            </span>
            <span className={css.right}>
              {use ? (
                <button
                  type="button"
                  className={`${actsCss.button} ${actsCss.small}`}
                  onClick={() => use(one.id)}
                >
                  {m.wizard.use}
                </button>
              ) : null}
              <button
                type="button"
                className={`${actsCss.button} ${actsCss.small}`}
                disabled={isActing}
                aria-label={m.wizard.removeOf(one.name)}
                onClick={() => void run(() => remove(one.id))}
              >
                {m.sentence.remove}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {error ? <Trouble error={error} /> : null}
    </>
  );
}
