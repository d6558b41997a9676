//! What somebody is: role, sides to sign for, teams whose rows they see. The same in an invitation
//! and in a change.

import { useSession } from "@/api/queries";
import { useWords } from "@/lib/book";
import { useMessages } from "@/lib/i18n";
import { Choice, type Option, Ticks } from "@/ui/field";

export interface Who {
  role: string;
  sides: string[];
  teams: string[];
}

const ROLES = ["viewer", "analyst", "marketing", "sales", "admin", "owner"];
const SIDES = ["marketing", "sales"] as const;

/** Sides for which a role can sign at all. */
const signs = (role: string): readonly string[] => {
  if (role === "owner") return SIDES;
  return SIDES.filter((side) => side === role);
};

export function WhoFields({ who, put }: { who: Who; put: (who: Who) => void }) {
  const m = useMessages();
  const words = useWords();
  const isOwner = useSession()?.person?.role === "owner";
  const roles = ROLES.filter((role) => isOwner || role !== "owner" || who.role === "owner");
  const sides: Option[] = signs(who.role).map((side) => ({
    id: side,
    name: m.side[side as "marketing" | "sales"],
  }));
  const named = new Set([...words.teams.map((team) => team.id), ...who.teams]);
  const teams: Option[] = [...named].map((id) => ({ id, name: id }));
  const role = (next: string) => {
    const may = signs(next);
    // A role that signs for one side comes with it, unless somebody takes it away.
    const kept = who.sides.filter((side) => may.includes(side));
    put({ ...who, role: next, sides: next === "owner" ? kept : [...may] });
  };
  return (
    <>
      <Choice
        label={m.settings.role}
        value={who.role}
        put={role}
        options={roles.map((id) => ({ id, name: m.role[id] ?? id }))}
        help={m.settings.roleMeans[who.role]}
      />
      {sides.length > 0 ? (
        <Ticks
          label={m.settings.signsFor}
          value={who.sides}
          put={(next) => put({ ...who, sides: next })}
          options={sides}
          help={m.settings.signsHelp}
        />
      ) : null}
      <Ticks
        label={m.settings.rowsOf}
        value={who.teams}
        put={(next) => put({ ...who, teams: next })}
        options={teams}
        help={m.settings.teamsHelp}
        none={m.settings.noTeams}
      />
    </>
  );
}
