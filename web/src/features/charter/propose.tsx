//! Proposing a charter: the texts in force to be changed, the difference under them as one types,
//! a name and a reason. What was typed stays in this browser until it is proposed.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type CharterFile, documentQuery, draftQuery, propose } from "@/api/charter";
import { Refused } from "@/api/client";
import { useBook, useMay, useSession } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { takenOver } from "@/lib/proposal";
import { useAct } from "@/ui/act";
import { Area, Button, Field, Form, Tick } from "@/ui/field";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Empty, Trouble, Waiting } from "@/ui/state";
import { tell } from "@/ui/toast";
import { Editor } from "./editor";
import { Lines, moved } from "./lines";
import css from "./page.module.css";

export function Propose({ of }: { of: string | undefined }) {
  const m = useMessages();
  const mayPropose = useMay("propose");
  const session = useSession();
  const hasCharter = Boolean(useBook()?.charter);
  const document = useQuery({ ...documentQuery, enabled: hasCharter });
  const draft = useQuery({ ...draftQuery(of ?? ""), enabled: of !== undefined });
  if (session && (!mayPropose || session.kind !== "person"))
    return <Empty title={m.settings.noRight}>{m.charter.mayNotPropose}</Empty>;
  const failed = document.error ?? draft.error;
  if (failed) return <Trouble error={failed} />;
  const now = hasCharter ? document.data?.files : NO_FILES;
  const start = of === undefined ? now : draft.data?.files;
  if (!session || !now || !start) return <Waiting height={600} />;
  return <Desk now={now} start={start} of={of} />;
}

/** What the systems serve, in the words of both teams: the one file that is prose. */
const VISION = "vision.md";

const NO_FILES: CharterFile[] = [];

interface Typed {
  name: string;
  why: string;
  forward: boolean;
  files: CharterFile[];
  /** The texts with which typing began. */
  start: readonly CharterFile[];
}

/** What was typed, by the draft it began with. */
const KEPT = "handfast.proposal";

function kept(of: string): Typed | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    return found?.of === of ? (found.typed as Typed) : null;
  } catch {
    return null;
  }
}

interface DeskProps {
  now: readonly CharterFile[];
  start: readonly CharterFile[];
  of: string | undefined;
}

function Desk({ now, start, of }: DeskProps) {
  const m = useMessages();
  const { address, go } = useHere();
  const doing = useAct();
  const fresh = (): Typed => ({
    name: of ? `${of}-2` : "",
    why: "",
    forward: false,
    files: start.map((file) => ({ ...file })),
    start,
  });
  const [typed, setTyped] = useState<Typed>(() => kept(of ?? "") ?? fresh());
  useEffect(() => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ of: of ?? "", typed }));
    } catch {
      // A browser that keeps nothing still proposes.
    }
  }, [of, typed]);
  // Whoever goes on typing must not take back what others have signed meanwhile.
  const isOther = JSON.stringify(typed.start) !== JSON.stringify(start);
  const file = typed.files.find((one) => one.path === address.step) ?? typed.files[0];
  const before = (path: string) => now.find((one) => one.path === path)?.text ?? "";
  const changed = typed.files.filter((one) => before(one.path) !== one.text);
  const gone = now.filter((one) => !typed.files.some((other) => other.path === one.path));
  const isChanged = changed.length + gone.length > 0;
  const put = (text: string) =>
    setTyped({
      ...typed,
      files: typed.files.map((one) => (one.path === file?.path ? { ...one, text } : one)),
    });
  const submit = async () => {
    const given = { ...typed, name: typed.name.trim(), why: typed.why.trim() };
    const { forward, start: _, ...rest } = given;
    if (!(await doing.run(() => propose({ ...rest, forward_only: forward })))) return;
    sessionStorage.removeItem(KEPT);
    tell(m.charter.proposed(given.name));
    go({ tab: "drafts", of: given.name, step: "" });
  };
  const place = placeOf(doing.error);
  return (
    <>
      <Panel
        title={of ? m.charter.proposeFrom(of) : m.charter.propose}
        means={m.charter.proposeMeans}
        actions={
          <>
            <Button
              isOff={!isChanged}
              onClick={() => setTyped({ ...typed, files: fresh().files, start })}
            >
              {m.charter.startAnew}
            </Button>
            <Button kind="quiet" onClick={() => go({ tab: "drafts", of: of ?? "", step: "" })}>
              {m.settings.cancel}
            </Button>
          </>
        }
      >
        {isOther ? (
          <section className={css.other} role="alert">
            <p>{m.charter.otherNow}</p>
            <p className={css.tools}>
              <Button
                kind="main"
                onClick={() =>
                  setTyped({ ...typed, files: takenOver(typed.files, typed.start, start), start })
                }
              >
                {m.charter.takeOver}
              </Button>
              <Button onClick={() => setTyped({ ...typed, start })}>{m.charter.keepMine}</Button>
            </p>
          </section>
        ) : null}
        <div className={css.desk}>
          <FileList
            typed={typed}
            now={now}
            path={file?.path}
            choose={(step) => go({ step }, { replace: true })}
            put={(files) => setTyped({ ...typed, files })}
          />
          <div className={css.writing}>
            {file ? (
              <Editor
                key={file.path}
                label={file.path}
                text={file.text}
                put={put}
                line={place?.path === file.path ? place.line : null}
              />
            ) : (
              <Empty title={m.charter.noFile} />
            )}
          </div>
        </div>
      </Panel>
      <Panel
        title={isChanged ? m.charter.youChange(changed.length + gone.length) : m.charter.noChange}
        means={m.charter.differenceMeans}
      >
        {changed.map((one) => (
          <section key={one.path} className={css.text}>
            <h3>
              <code>{one.path}</code> <Moved was={before(one.path)} is={one.text} />
            </h3>
            <Lines was={before(one.path)} is={one.text} label={one.path} />
          </section>
        ))}
        {gone.map((one) => (
          <p key={one.path} className={css.told}>
            <code>{one.path}</code> {m.charter.fileGone}
          </p>
        ))}
      </Panel>
      <Panel title={m.charter.send} means={m.charter.sendMeans}>
        <Form
          send={m.charter.proposeDo}
          isBusy={doing.isBusy}
          isOff={!isChanged || isOther}
          error={doing.error}
          submit={() => void submit()}
          beside={
            place && typed.files.some((one) => one.path === place.path) ? (
              <Button onClick={() => go({ step: place.path }, { replace: true })}>
                {m.charter.toPlace(place.path, place.line)}
              </Button>
            ) : null
          }
        >
          <Field
            label={m.charter.name}
            value={typed.name}
            put={(name) => setTyped({ ...typed, name })}
            most={64}
            help={m.charter.nameHelp}
            isRequired
          />
          <Area
            label={m.charter.why}
            value={typed.why}
            put={(why) => setTyped({ ...typed, why })}
            most={4000}
            isRequired
          />
          <Tick
            label={m.charter.forward}
            value={typed.forward}
            put={(forward) => setTyped({ ...typed, forward })}
            help={m.charter.forwardHelp}
          />
        </Form>
      </Panel>
    </>
  );
}

function Moved({ was, is }: { was: string; is: string }) {
  const m = useMessages();
  const { come, gone } = moved(was, is);
  return <span className={css.told}>{m.charter.linesMove(come, gone)}</span>;
}

/** Where a refusal says that a text does not hold: a file of the charter and its line. */
function placeOf(error: unknown): { path: string; line: number } | null {
  if (!(error instanceof Refused)) return null;
  const found = /([\w-]+\.(?:toml|md)):(\d+)/.exec(error.problem.place ?? "");
  return found ? { path: found[1] ?? "", line: Number(found[2]) } : null;
}

interface FileListProps {
  typed: Typed;
  now: readonly CharterFile[];
  path: string | undefined;
  choose: (path: string) => void;
  put: (files: CharterFile[]) => void;
}

function FileList({ typed, now, path, choose, put }: FileListProps) {
  const m = useMessages();
  const [name, setName] = useState("");
  const isVision = name.trim() === VISION;
  const isNew = isVision || /^[a-z0-9_-]{1,64}(\.toml)?$/.test(name.trim());
  const add = () => {
    const full = isVision ? VISION : name.trim().replace(/(\.toml)?$/, ".toml");
    if (!typed.files.some((file) => file.path === full)) {
      put([...typed.files, { path: full, text: "" }]);
    }
    setName("");
    choose(full);
  };
  const text = (of: string) => now.find((file) => file.path === of)?.text;
  return (
    <nav className={css.fileList} aria-label={m.charter.files}>
      <ul>
        {typed.files.map((file) => (
          <li key={file.path}>
            <button
              type="button"
              aria-current={file.path === path ? "true" : undefined}
              onClick={() => choose(file.path)}
            >
              {file.path}
              {text(file.path) === file.text ? null : (
                <span className={css.dot} data-tip={m.charter.isChanged}>
                  <span className="unseen">{m.charter.isChanged}</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <Form
        submit={() => {
          if (isNew) add();
        }}
      >
        <Field
          label={m.charter.newFile}
          value={name}
          put={setName}
          most={69}
          placeholder="segments.toml"
          help={m.charter.newFileHelp}
          isCode
        />
        <Button isSubmit isOff={!isNew}>
          {m.charter.addFile}
        </Button>
      </Form>
      {path ? (
        <Button
          kind="quiet"
          onClick={() => {
            put(typed.files.filter((file) => file.path !== path));
            choose("");
          }}
        >
          {m.charter.removeFile(path)}
        </Button>
      ) : null}
    </nav>
  );
}
