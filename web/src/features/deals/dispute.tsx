//! A disputed deal: each team's story with what shows it, and what was ruled. A ruling that says who
//! brought the deal, or what each side earns, tests every later draft of the charter.

import { useState } from "react";
import { type Dispute, rule, dispute as tellStory } from "@/api/deals";
import { useMay, useSession } from "@/api/queries";
import { useWords } from "@/lib/book";
import { useMessages, wordOf } from "@/lib/i18n";
import { noteOf } from "@/lib/i18n/templated";
import { useAct } from "@/ui/act";
import { Area, Button, Choice, Field, Form, Pair } from "@/ui/field";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { tell } from "@/ui/toast";
import css from "./deal.module.css";
import { Team } from "./team";

interface DisputesProps {
  deal: string;
  dispute: Dispute | null;
  isTelling: boolean;
  tellIt: (isOn: boolean) => void;
  evidence: readonly string[];
  leave: (evidence: string) => void;
}

export function Disputes(props: DisputesProps) {
  const m = useMessages();
  const { deal, dispute, isTelling, tellIt } = props;
  const may = useMay("dispute");
  const isPerson = useSession()?.kind === "person";
  const [isRuling, setRuling] = useState(false);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const hasStories = (dispute?.stories.length ?? 0) > 0;
  const last = dispute?.rulings.at(-1);
  const title = last ? m.deals.ruledOn(deal) : hasStories ? m.deals.disputed(deal) : deal;
  const actions =
    may && isPerson && !isTelling && !isRuling ? (
      <>
        <Button onClick={() => tellIt(true)}>{m.deals.tell}</Button>
        {hasStories ? <Button onClick={() => setRuling(true)}>{m.deals.rule}</Button> : null}
      </>
    ) : null;
  return (
    <Panel
      title={title}
      means={hasStories ? m.deals.disputeMeans : m.deals.undisputed}
      actions={actions}
    >
      {hasStories ? <Stories of={dispute as Dispute} /> : null}
      {dispute?.rulings.map((ruling) => (
        <article key={ruling.seq} className={css.ruling} data-last={ruling === last || undefined}>
          <h3>{ruling === last ? m.deals.ruling : m.deals.rulingBefore}</h3>
          <p className={css.words}>{ruling.ruling}</p>
          {ruling.case ? <p className={css.case}>{m.deals.tests(ruling.case)}</p> : null}
          <p className={css.told}>
            {ruling.by} · <Moment at={ruling.at} />
          </p>
        </article>
      ))}
      {notes.map((note) => (
        <p key={note} className={css.note}>
          {noteOf(note, m)}
        </p>
      ))}
      {isTelling ? <TellIt {...props} /> : null}
      {isRuling ? (
        <Rule
          deal={deal}
          close={() => setRuling(false)}
          done={(said) => {
            setNotes(said);
            setRuling(false);
          }}
        />
      ) : null}
    </Panel>
  );
}

function Stories({ of }: { of: Dispute }) {
  return (
    <div className={css.stories}>
      {of.stories.map((story) => (
        <article key={story.seq}>
          <h3>
            <Team of={story.team} />
          </h3>
          <p className={css.words}>{story.story}</p>
          {story.evidence.length > 0 ? (
            <p className={css.place}>{story.evidence.join(", ")}</p>
          ) : null}
          <p className={css.told}>
            {story.by} · <Moment at={story.at} />
          </p>
        </article>
      ))}
    </div>
  );
}

/** Teams in whose name somebody may speak: marketing and sales for their own side's alone. */
function useTeams(): { id: string; name: string }[] {
  const words = useWords();
  const role = useSession()?.person?.role ?? "";
  const isOfSide = role === "marketing" || role === "sales";
  const teams = words.teams.filter((team) => !isOfSide || team.side === role);
  return teams.map((team) => ({ id: team.id, name: team.id }));
}

function TellIt({ deal, evidence, leave, tellIt }: DisputesProps) {
  const m = useMessages();
  const doing = useAct();
  const teams = useTeams();
  const [team, setTeam] = useState(teams[0]?.id ?? "");
  const [story, setStory] = useState("");
  const submit = async () => {
    const given = { team, story: story.trim(), evidence: [...evidence] };
    if (!(await doing.run(() => tellStory(deal, given)))) return;
    tellIt(false);
    tell(m.deals.told);
  };
  return (
    <div className={css.form}>
      <Form
        send={m.deals.tellDo}
        isBusy={doing.isBusy}
        isOff={story.trim() === "" || team === ""}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={() => tellIt(false)}>
            {m.settings.cancel}
          </Button>
        }
      >
        <Choice
          label={m.deals.asTeam}
          value={team}
          put={setTeam}
          options={teams}
          help={teams.length === 0 ? m.deals.noTeam : undefined}
        />
        <Area label={m.deals.story} value={story} put={setStory} rows={4} most={4000} isRequired />
        <div>
          <p className={css.told}>
            {evidence.length === 0 ? m.deals.noEvidence : m.deals.withEvidence}
          </p>
          {evidence.map((one) => (
            <button key={one} type="button" className={css.chip} onClick={() => leave(one)}>
              {one} <span aria-hidden="true">×</span>
              <span className="unseen">{m.sentence.remove}</span>
            </button>
          ))}
        </div>
      </Form>
    </div>
  );
}

interface RuleProps {
  deal: string;
  close: () => void;
  done: (notes: readonly string[]) => void;
}

function Rule({ deal, close, done }: RuleProps) {
  const m = useMessages();
  const words = useWords();
  const doing = useAct();
  const [ruling, setRuling] = useState("");
  const [decides, setDecides] = useState("words");
  const [side, setSide] = useState("marketing");
  const [shares, setShares] = useState({ marketing: "", sales: "" });
  const [model, setModel] = useState("");
  const given = () => {
    if (decides === "sourced") return { sourced: side };
    if (decides !== "credit") return {};
    const credit = `marketing=${shares.marketing},sales=${shares.sales}`;
    // Said aloud: what the server takes by itself may be another model some day.
    const by = model || words.models[0];
    return { credit, ...(by ? { model: by } : {}) };
  };
  const submit = () =>
    doing.run(async () => {
      const kept = await rule(deal, { ruling: ruling.trim(), ...given() });
      done(kept.notes);
      tell(m.deals.ruled);
    });
  const share = (of: "marketing" | "sales") => (
    <Field
      label={m.deals.shareOf(m.side[of])}
      type="number"
      least={0}
      most={100}
      value={shares[of]}
      put={(text) => setShares({ ...shares, [of]: text })}
      isRequired
    />
  );
  return (
    <div className={css.form}>
      <Form
        send={m.deals.ruleDo}
        isBusy={doing.isBusy}
        isOff={ruling.trim() === ""}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.settings.cancel}
          </Button>
        }
      >
        <Area label={m.deals.ruling} value={ruling} put={setRuling} most={4000} isRequired />
        <Choice
          label={m.deals.decides}
          value={decides}
          put={setDecides}
          options={[
            { id: "words", name: m.deals.decidesWords },
            { id: "sourced", name: m.deals.decidesSourced },
            { id: "credit", name: m.deals.decidesCredit },
          ]}
          help={decides === "words" ? m.deals.decidesWordsHelp : m.deals.decidesHelp}
        />
        {decides === "sourced" ? (
          <Choice
            label={m.deals.brought}
            value={side}
            put={setSide}
            options={(["marketing", "sales", "partner", "product"] as const).map((id) => ({
              id,
              name: m.side[id],
            }))}
          />
        ) : null}
        {decides === "credit" ? (
          <Pair>
            {share("marketing")}
            {share("sales")}
            <Choice
              label={m.deals.model}
              value={model || (words.models[0] ?? "")}
              put={setModel}
              options={words.models.map((id) => ({ id, name: wordOf(id, m) }))}
            />
          </Pair>
        ) : null}
      </Form>
    </div>
  );
}
