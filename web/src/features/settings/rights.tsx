//! Roles and rights: one table, the same for everybody to read.

import { useSession } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { RIGHTS, ROLES } from "@/lib/rights";
import { Panel } from "@/ui/panel";
import table from "@/ui/table.module.css";
import css from "./page.module.css";

export function Rights() {
  const m = useMessages();
  const session = useSession();
  const own = session?.person?.role ?? (session?.kind === "guest" ? "guest" : "");
  return (
    <Panel title={m.settings.parts.rights} means={m.settings.rightsMeans}>
      <div className={table.frame} tabIndex={0} role="region" aria-label={m.settings.parts.rights}>
        <table className={`${table.table} ${css.rights}`}>
          <thead>
            <tr>
              <th scope="col">{m.settings.right}</th>
              {ROLES.map((role) => (
                <th key={role} scope="col" data-own={role === own ? "" : undefined}>
                  {m.role[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RIGHTS.map(([right, roles]) => (
              <tr key={right}>
                <th scope="row">{m.settings.rights[right] ?? right}</th>
                {ROLES.map((role) => (
                  <td key={role} data-own={role === own ? "" : undefined}>
                    {roles.has(role) ? (
                      <span className={css.yes}>
                        <span aria-hidden="true">✓</span>
                        <span className="unseen">{m.settings.yes}</span>
                      </span>
                    ) : (
                      <span className={css.no}>
                        <span aria-hidden="true">·</span>
                        <span className="unseen">{m.settings.no}</span>
                      </span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
