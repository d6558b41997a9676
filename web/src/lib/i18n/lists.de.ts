//! Lists that the server says in English, in German, by the server's own words. A test holds each of them
//! against the sources and pages that they come from.

import { issues } from "./issues.de";
import type { lists as en } from "./lists.en";
import { means } from "./means.de";
import { metrics } from "./metrics.de";
import { notes } from "./notes.de";

const of = (place: 0 | 1) =>
  Object.fromEntries(Object.entries(metrics).map(([name, said]) => [name, said[place]]));

/** How metrics are called; columns of their figures have the same ids. */
export const metricNames: Record<string, string> = of(0);

export const lists: typeof en = {
  means,
  issues,
  notes,
  // These are long, and few pages have them: `later.de.ts`.
  reasons: {},
  codes: {},
  refused: {},
  conventions: {},
  declared: {},
  taken: {},
  metricMeans: of(1),
  subjects: {
    leads: "Leads",
    deals: "Deals",
    "win rate": "Gewinnquoten",
    revenue: "Umsatz",
    pipeline: "Pipeline",
    conversion: "Konversion",
    speed: "Geschwindigkeit",
    cost: "Kosten",
    advertising: "Werbung",
    brand: "Marke",
    credit: "Attribution",
    handoffs: "Übergaben",
  },
  areas: {
    missing: "Fehlt",
    contradictory: "Widerspricht sich",
    undated: "Ohne Datum",
    assumed: "Angenommen",
    unripe: "Noch nicht reif",
    import: "Import",
  },
  checks: {
    "deal without account": "Deal ohne Account",
    "deal without amount": "Deal ohne Betrag",
    "deal without owner": "Deal ohne Zuständigen",
    "deal without contact": "Deal ohne Ansprechpartner",
    "deal without a creation date": "Deal ohne Anlegedatum",
    "deal closed without a date": "Deal ohne Datum abgeschlossen",
    "person without e-mail": "Person ohne E-Mail",
    "person without account": "Person ohne Account",
    "touch without channel": "Touchpoint ohne Kanal",
    "touch without campaign": "Touchpoint ohne Kampagne",
    "date assumed by the pack": "Datum vom Quellenpaket angenommen",
    "fact without a date": "Tatsache ohne Datum",
    "opened in the latest month and still open": "Im letzten Monat begonnen und noch offen",
    "source without a declared horizon": "Quelle, die nicht sagt, bis wann sie alles zeigt",
    "source a day or more behind the newest": "Quelle mindestens einen Tag hinter der neuesten",
    "deal in a currency without a rate": "Deal in einer Währung ohne Kurs",
    "person that no row defines": "Person, die keine Zeile anlegt",
    "deal that no row defines": "Deal, den keine Zeile anlegt",
    "account that no row defines": "Account, den keine Zeile anlegt",
    "mark with an unknown stage": "Markierung mit unbekannter Stufe",
    "opened and never in a stage": "Begonnen und nie in einer Stufe",
    "ended before the first contact": "Vor dem ersten Kontakt beendet",
    "closed before it was created": "Vor dem Anlegen abgeschlossen",
    "won without an earlier stage": "Gewonnen ohne frühere Stufe",
    "went back to an earlier stage": "In eine frühere Stufe zurückgegangen",
    "marked after its end": "Nach dem Ende markiert",
    "of a day that has not come": "Von einem Tag, der noch nicht da ist",
    "e-mail address of too many people": "E-Mail-Adresse zu vieler Personen",
    "domain of several accounts": "Domain mehrerer Accounts",
    "e-mail address in two accounts": "E-Mail-Adresse in zwei Accounts",
    "person with domains of two companies": "Person mit Domains zweier Firmen",
  },
  figures: {
    "all figures": "alle Zahlen",
    funnel: "Trichter",
    snapshot: "Momentaufnahme",
    velocity: "Geschwindigkeit",
    metrics: "Kennzahlen",
    "figures by period": "Zahlen nach Zeitraum",
    "figures by team": "Zahlen nach Team",
    "figures by channel": "Zahlen nach Kanal",
    "figures by segment": "Zahlen nach Segment",
    "figures by this attribute": "Zahlen nach diesem Attribut",
    "amounts in the reporting currency": "Beträge in der Berichtswährung",
    credit: "Attribution",
    "handoffs and their bill": "Übergaben und ihr Preis",
  },
  values: {
    "no reason": "ohne Grund",
    "to won": "bis gewonnen",
    "to lost": "bis verloren",
    "to won or lost": "bis gewonnen oder verloren",
    "to disqualified": "bis ausgeschieden",
    "to dormant": "bis verstummt",
    "unknown: no touch": "unbekannt: ohne Kontakt",
    "none: fewer than 10 stays are over": "keine: weniger als 10 Aufenthalte sind beendet",
    "service level": "Zusage",
    "written after the outcome": "nach dem Ende geschrieben",
    "tells the outcome": "verrät das Ende",
    "leans to the outcome": "neigt zum Ende",
    "says little": "sagt wenig",
    "p90 of stays that are over": "neun von zehn beendeten Aufenthalten",
  },
  nobodys: (what) => `unbekannt: ohne ${what}`,
  number: (digits) => digits.replace(/[.,]/g, (mark) => (mark === "." ? "," : ".")),
  quoted: (word) => `„${word}“`,
  asides: {
    unmapped: "nicht zugeordnet",
    conflict: "Widerspruch zu einer anderen Zeile mit diesem Schlüssel",
    "conflict: another row has its key; give it a key of its own, or delete the line":
      "Widerspruch: Eine andere Zeile hat ihren Schlüssel; geben Sie ihr einen eigenen, oder löschen Sie die Zeile",
    "no key": "kein Schlüssel",
    "unreadable version": "Fassung nicht lesbar",
    "a row before it with its key cannot be mapped":
      "eine Zeile davor mit ihrem Schlüssel ist nicht zuzuordnen",
    "nothing given where the fact needs it": "nichts angegeben, wo es nötig ist",
    "a year before 1900": "ein Jahr vor 1900",
    "not a date or time": "kein Datum und keine Zeit",
    "not a date or time of the declared format":
      "kein Datum und keine Zeit in der angegebenen Schreibweise",
    "a day that no calendar has": "ein Tag, den kein Kalender hat",
    "a time that no clock shows": "eine Zeit, die keine Uhr zeigt",
    "not a whole number": "keine ganze Zahl",
    "a whole number too large to keep": "eine zu große ganze Zahl",
    "not a number": "keine Zahl",
    "a number too large to keep": "eine zu große Zahl",
    "a number with more than 12 digits after the mark":
      "eine Zahl mit mehr als 12 Stellen nach dem Dezimalzeichen",
    "nothing given": "nichts angegeben",
    "neither yes nor no": "weder ja noch nein",
    "a number whose groups are not thousands: is the decimal mark right?":
      "eine Zahl, deren Gruppen keine Tausender sind: Stimmt das Dezimalzeichen?",
    "not an amount": "kein Betrag",
    "an amount too large to keep": "ein zu großer Betrag",
    "an amount without a currency": "ein Betrag ohne Währung",
    "an amount in another currency than declared":
      "ein Betrag in einer anderen Währung als angegeben",
    "not one of the listed words": "keines der aufgeführten Wörter",
    "a text that looks like a value but is none":
      "ein Text, der wie ein Wert aussieht und keiner ist",
  },
  setAside: (why) => `Zeile beiseite gelegt: ${why}`,
  remedies: {
    "map account in the deal SELECT, or link a person of an account":
      "account im SELECT der Deals zuordnen oder eine Person eines Accounts verknüpfen",
    "fill the amount in the source": "Den Betrag in der Quelle eintragen",
    "map rep in the deal SELECT, or assignments":
      "rep im SELECT der Deals zuordnen, oder Zuweisungen",
    "map contact roles as links of person and deal":
      "Ansprechpartner als Verknüpfung von Person und Deal zuordnen",
    "map created in the deal SELECT: without it a deal is in no cycle time":
      "created im SELECT der Deals zuordnen: Ohne es zählt ein Deal in keiner Dauer",
    "fill the close date in the source": "Das Abschlussdatum in der Quelle eintragen",
    "name the e-mail column in the stream's people table":
      "Die E-Mail-Spalte in der Personentabelle des Datenstroms nennen",
    "map account in the person SELECT": "account im SELECT der Personen zuordnen",
    "add a rule to charter/channels.toml, or map channel":
      "Eine Regel in charter/channels.toml ergänzen oder channel zuordnen",
    "map campaign in the touch SELECT": "campaign im SELECT der Touchpoints zuordnen",
    "map valid_from, or export the history": "valid_from zuordnen oder den Verlauf exportieren",
    "map happened, or leave it: it counts in states only":
      "happened zuordnen oder es lassen: Es zählt nur als Zustand",
    "read young cohorts with --window, or with --estimate":
      "Junge Kohorten mit einem Fenster oder mit Schätzung lesen",
    "handfast import BOOK --export-set-aside FILE lists them with reasons":
      "Die Datei der beiseite gelegten Zeilen nennt jede mit ihrem Grund",
    "set observed_until in source.toml, or --observed-until":
      "observed_until in source.toml setzen oder beim Import angeben",
    "import its latest export: the earliest horizon counts for all":
      "Ihren neuesten Export importieren: Für alle gilt, was die älteste Quelle zeigt",
    "give the charter rates (money.toml), or leave it a row of its own":
      "Der Charta Kurse geben (money.toml) oder es als eigene Zeile lassen",
    "import the rows that define it, or look how it is written: capitals, blanks and leading zeros count":
      "Die Zeilen importieren, die es anlegen, oder die Schreibweise ansehen: Großbuchstaben, Leerzeichen und führende Nullen zählen",
    "name the label in the marks of a stage in charter/stages.toml":
      "Die Bezeichnung in den Markierungen einer Stufe in charter/stages.toml nennen",
    "give a stage the mark or rule that such a lead or deal has, in charter/stages.toml":
      "Einer Stufe in charter/stages.toml die Markierung oder Regel geben, die solche Leads oder Deals haben",
    "look at the lead's and the deal's dates in the source":
      "Die Daten von Lead und Deal in der Quelle ansehen",
    "look at the deal's dates in the source": "Die Daten des Deals in der Quelle ansehen",
    "map the stage history, or declare stages as implied":
      "Den Verlauf der Stufen zuordnen oder Stufen als mitgemeint erklären",
    "agree on a detour for it in the charter, or leave it":
      "In der Charta einen Umweg dafür vereinbaren oder es lassen",
    "look at the marks: they are not counted": "Die Markierungen ansehen: Sie zählen nicht",
    "look at the date in the source; a plan is open until its day":
      "Das Datum in der Quelle ansehen; ein Plan ist bis zu seinem Tag offen",
    "name it an office's mailbox, or raise the charter's number":
      "Sie als Sammelpostfach nennen oder die Zahl der Charta erhöhen",
    "merge the accounts in the source, or keep them apart in the charter":
      "Die Accounts in der Quelle zusammenführen oder in der Charta getrennt halten",
    "look at the people: they are not taken for one":
      "Die Personen ansehen: Sie gelten nicht als eine",
  },
  parts: {
    "names the person": "nennt die Person",
    "their e-mail": "ihre E-Mail",
    "names the company": "nennt die Firma",
    "names the deal": "nennt den Deal",
    "names the campaign": "nennt die Kampagne",
    "the owner": "zuständig",
    "where it stands": "wo es steht",
    "the new value": "der neue Wert",
    "which field changed": "welches Feld sich änderte",
    "when it began": "wann es begann",
    "when it was decided": "wann es entschieden wurde",
    "when it was given to its owner": "wann es zugewiesen wurde",
    "the last day it is about": "der letzte Tag, von dem es handelt",
    "when it changed last": "wann es sich zuletzt änderte",
    "when it happened": "wann es geschah",
    "what it is worth": "was es wert ist",
    "what was spent": "was ausgegeben wurde",
    "the currency": "die Währung",
    "the kind of contact": "die Art des Kontakts",
    "the source": "die Quelle",
    "the medium": "das Medium",
    "the channel": "der Kanal",
    "the page": "die Seite",
    "times shown": "Einblendungen",
    "times clicked": "Klicks",
    "what the network counts as its doing": "was das Netzwerk als Erfolg zählt",
    "whether it was won": "ob es gewonnen wurde",
    "whether it is decided": "ob es entschieden ist",
    "why it was lost": "warum es verloren ging",
    "who is paid for it": "wer dafür bezahlt wird",
    "what it is part of": "wovon es ein Teil ist",
    "the team": "das Team",
    "the superior": "die Führungskraft",
    "names the row": "nennt die Zeile",
  },
  happened: {
    "pursuit opens": "Vorgang beginnt",
    enters: "tritt ein in",
    "enters (implied)": "tritt ein (mitgemeint) in",
    leaves: "verlässt",
    "pursuit ends: won": "Vorgang endet: gewonnen",
    "pursuit ends: lost": "Vorgang endet: verloren",
    "pursuit ends: disqualified": "Vorgang endet: ungeeignet",
    "pursuit ends: dormant": "Vorgang endet: verstummt",
    touch: "Touchpoint",
    assignment: "Zuweisung",
    disposition: "Urteil",
    deal: "Deal",
    person: "Person",
    mark: "Markierung",
  },
};
