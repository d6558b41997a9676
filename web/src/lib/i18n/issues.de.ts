//! What stands beside figures as a defect of what they rest on, in German, by the server's own
//! sentences: of one, and of several where that is said otherwise.

export const issues: Record<string, string> = {
  "ended before the first contact; counted, with its own date":
    "vor dem ersten Kontakt beendet; gezählt, mit eigenem Datum",
  "ended before the first contact; counted, with their own dates":
    "vor dem ersten Kontakt beendet; gezählt, mit eigenen Daten",
  "closed before it was created; counted, with its own dates":
    "vor dem Anlegen abgeschlossen; gezählt, mit eigenen Daten",
  "closed before they were created; counted, with their own dates":
    "vor dem Anlegen abgeschlossen; gezählt, mit eigenen Daten",
  "won without ever being in an earlier stage": "gewonnen, ohne je in einer früheren Stufe zu sein",
  "stage label that the charter does not name; the mark is not counted":
    "Bezeichnung einer Stufe, die die Charta nicht nennt; die Markierung zählt nicht",
  "stage labels that the charter does not name; the marks are not counted":
    "Bezeichnungen von Stufen, die die Charta nicht nennt; die Markierungen zählen nicht",
  "without a date: counted in states, not in periods or times":
    "ohne Datum: in Zuständen gezählt, nicht in Zeiträumen oder Dauern",
  "rests on an assumed start date": "beruht auf einem angenommenen Anfang",
  "rest on an assumed start date": "beruhen auf einem angenommenen Anfang",
  "without an amount; counted, not summed": "ohne Betrag; gezählt, nicht summiert",
  "deal without an account: a pursuit of its own": "Deal ohne Account: ein eigener Vorgang",
  "deals without an account: each a pursuit of its own":
    "Deals ohne Account: jeder ein eigener Vorgang",
  "went back to an earlier stage": "in eine frühere Stufe zurückgegangen",
  "of a cohort whose window is not over: its share can still grow":
    "aus einer Kohorte, deren Frist noch läuft: Ihr Anteil kann noch wachsen",
  "of cohorts whose window is not over: their share can still grow":
    "aus Kohorten, deren Frist noch läuft: Ihr Anteil kann noch wachsen",
  "source without a declared horizon: its latest fact is taken":
    "Quelle, die nicht sagt, bis wann sie alles zeigt: Ihr neuester Eintrag gilt",
  "sources without a declared horizon: the latest fact of each is taken":
    "Quellen, die nicht sagen, bis wann sie alles zeigen: Der neueste Eintrag jeder gilt",
  "amount without a rate for its date; counted, not priced or summed":
    "Betrag ohne Kurs für sein Datum; gezählt, nicht umgerechnet oder summiert",
  "amounts without a rate for their date; counted, not priced or summed":
    "Beträge ohne Kurs für ihr Datum; gezählt, nicht umgerechnet oder summiert",
  "row with the same key and version but other content; the first one counts":
    "Zeile mit gleichem Schlüssel und gleicher Fassung, aber anderem Inhalt; die erste zählt",
  "rows with the same key and version as another but other content; the first one counts":
    "Zeilen mit Schlüssel und Fassung einer anderen, aber anderem Inhalt; die erste zählt",
  "past imports are treated as known when they happened":
    "was früher importiert wurde, gilt als bekannt, seit es geschah",
  "a ledger invariant failed: this answer is not verified":
    "eine Prüfung des Buchs schlug fehl: Diese Antwort ist nicht bestätigt",
  "ledger invariants failed: this answer is not verified":
    "Prüfungen des Buchs schlugen fehl: Diese Antwort ist nicht bestätigt",
  "a balance that somebody vouches for is another one": "ein bestätigter Wert lautet anders",
  "balances that somebody vouches for are others": "bestätigte Werte lauten anders",
  "exchange rate without two currencies, or with no number above zero; not used":
    "Wechselkurs ohne zwei Währungen oder ohne Zahl über null; nicht verwendet",
  "exchange rates without two currencies, or with no number above zero; not used":
    "Wechselkurse ohne zwei Währungen oder ohne Zahl über null; nicht verwendet",
  "detour or end marked after the pursuit had ended; not counted":
    "Umweg oder Ende, markiert nach dem Ende des Vorgangs; nicht gezählt",
  "detours or ends marked after the pursuit had ended; not counted":
    "Umwege oder Enden, markiert nach dem Ende des Vorgangs; nicht gezählt",
  "opened and never entered a stage: in no cohort, flow or snapshot":
    "begonnen und nie in einer Stufe: in keiner Kohorte, keinem Fluss und keiner Momentaufnahme",
  "of a day that has not come: not counted before the sources show it":
    "von einem Tag, der noch nicht da ist: zählt erst, wenn die Quellen ihn zeigen",
  "of days that have not come: not counted before the sources show them":
    "von Tagen, die noch nicht da sind: zählen erst, wenn die Quellen sie zeigen",
  "address of too many people of one source: joins nobody":
    "Adresse zu vieler Personen einer Quelle: verbindet niemanden",
  "of addresses of too many people of one source: join nobody":
    "Adressen zu vieler Personen einer Quelle: verbinden niemanden",
  "domain of several accounts: shows nobody's account":
    "Domain mehrerer Accounts: zeigt niemandes Account",
  "domains of several accounts: show nobody's account":
    "Domains mehrerer Accounts: zeigen niemandes Account",
  "same address as somebody of another account: not taken for one person":
    "gleiche Adresse wie jemand aus einem anderen Account: gilt nicht als dieselbe Person",
  "same addresses as somebody of another account: not taken for one person":
    "gleiche Adressen wie jemand aus einem anderen Account: gelten nicht als dieselbe Person",
  "domains of different companies: no account by domain":
    "Domains verschiedener Firmen: kein Account nach Domain",
  "spend that ends before it begins, or only after a hundred years; counted on its first day":
    "Ausgaben, die vor ihrem Anfang oder erst nach hundert Jahren enden; am ersten Tag gezählt",
  "spend for something other than media, tool, labour or event; counted":
    "Ausgaben für anderes als Medien, Werkzeuge, Arbeit oder Veranstaltungen; gezählt",
  "campaign whose parts exceed its total; its other is 0":
    "Kampagne, deren Teile mehr sind als ihre Summe; ihr Rest ist 0",
  "campaigns whose parts exceed their total; their other is 0":
    "Kampagnen, deren Teile mehr sind als ihre Summe; ihr Rest ist 0",
  "campaign with parts in another currency: they add":
    "Kampagne mit Teilen in einer anderen Währung: Sie kommen hinzu",
  "campaigns with parts in another currency: they add":
    "Kampagnen mit Teilen in einer anderen Währung: Sie kommen hinzu",
  "campaign that is part of itself; counted at the top":
    "Kampagne, die Teil ihrer selbst ist; zuoberst gezählt",
  "campaigns that are part of themselves; counted at the top":
    "Kampagnen, die Teil ihrer selbst sind; zuoberst gezählt",
  "rejected for no reason that the charter lists; counted":
    "abgelehnt aus einem Grund, den die Charta nicht nennt; gezählt",
  "open deal without a probability; in no weighted sum":
    "offener Deal ohne Wahrscheinlichkeit; in keiner gewichteten Summe",
  "open deals without a probability; in no weighted sum":
    "offene Deals ohne Wahrscheinlichkeit; in keiner gewichteten Summe",
  "goal that a longer one or the team's tells too; in no sum":
    "Ziel, das ein längeres oder das des Teams schon nennt; in keiner Summe",
  "goals that a longer one or the team's tells too; in no sum":
    "Ziele, die ein längeres oder das des Teams schon nennt; in keiner Summe",
  "goal for more than the period asked for; in no sum":
    "Ziel für mehr als den gefragten Zeitraum; in keiner Summe",
  "goals for more than the period asked for; in no sum":
    "Ziele für mehr als den gefragten Zeitraum; in keiner Summe",
  "goal of which the team's or the reps' tell some days and not all; in no sum":
    "Ziel, von dem das des Teams oder die der Zuständigen einige Tage nennen, aber nicht alle; in keiner Summe",
  "goals of which the team's or the reps' tell some days and not all; in no sum":
    "Ziele, von denen das des Teams oder die der Zuständigen einige Tage nennen, aber nicht alle; in keiner Summe",
};
