//! Wo Seiten haben, was das Terminal durch Optionen sagt, nach deren Namen.

import type { remedies as en } from "./remedies.en";

const period = "Wählen Sie oben in der Leiste einen anderen Zeitraum.";
const known = "Wählen Sie oben in der Leiste einen anderen Stand.";
const split = "Teilen Sie im Satz über den Zahlen nach etwas anderem auf oder gar nicht.";
const deals = "Wählen Sie ein anderes Attributionsmodell.";
const file = "Beantworten Sie im zweiten Schritt des Imports, was die Dateien offen lassen.";

export const remedies: typeof en = {
  period,
  at: period,
  "outcome-by": period,
  due: period,
  since:
    "Nennen Sie über den Gründen eine andere Nummer eines Stands oder einen anderen Zeitpunkt.",
  compare: "Wählen Sie oben in der Leiste einen anderen Vergleich.",
  "as-of": known,
  known,
  by: split,
  top: split,
  where: "Ändern Sie die Bedingung im Satz über den Zahlen, oder entfernen Sie sie.",
  charter: "Nehmen Sie `charter` aus der Adresse der Seite heraus: Dann gilt die Charta in Kraft.",
  currency: "Wählen Sie im Satz über den Zahlen eine Währung.",
  unit: "Wählen Sie im Satz über den Zahlen, was gezählt wird.",
  view: "Wählen Sie eine andere Ansicht der Seite.",
  window: "Wählen Sie eine andere Frist in Tagen oder keine.",
  estimate: "Wählen Sie eine andere Frist in Tagen oder keine.",
  models: deals,
  credit: deals,
  records: "Öffnen Sie die Datensätze an der Zahl, um die es geht.",
  row: "Öffnen Sie die Datensätze an der Zahl, um die es geht.",
  dates: file,
  zone: file,
  decimal: file,
  source: file,
  name: file,
};
