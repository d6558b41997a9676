//! Why the wizard takes a file or a column for what it does, in German, by the server's own sentences.

export const reasons: Record<string, string> = {
  "the file's name says `{word}`": "der Name der Datei sagt „{word}“",
  "`{}` stands beside `{beside}`": "„{}“ steht neben „{beside}“",
  "`{}` names what changed, and none of it is a stage or status, so these are no steps of a funnel":
    "„{}“ nennt, was sich geändert hat, und nichts davon ist eine Stufe oder ein Status: Es sind keine Schritte eines Trichters",
  "`{}` says what each became": "„{}“ sagt, was aus jedem wurde",
  "the same `{}` comes again with a date and `{}`":
    "dieselbe Angabe in „{}“ kommt wieder, mit Datum und „{}“",
  "it pairs `{}` with `{}`": "sie verbindet „{}“ mit „{}“",
  "`{}` is different in every row and there is a stage, an amount or a close":
    "„{}“ ist in jeder Zeile anders, und es gibt eine Stufe, einen Betrag oder einen Abschluss",
  "a stage stands beside an amount or a close":
    "eine Stufe steht neben einem Betrag oder einem Abschluss",
  "`{}` has an amount and a close beside it": "neben „{}“ stehen ein Betrag und ein Abschluss",
  "the same `{}` comes again, with a date": "dieselbe Angabe in „{}“ kommt wieder, mit Datum",
  "every `{}` is different and has a team or a superior":
    "„{}“ ist in jeder Zeile anders und hat ein Team oder Vorgesetzte",
  "every `{}` is different": "„{}“ ist in jeder Zeile anders",
  "`{}` is an address of a person": "„{}“ ist die Adresse einer Person",
  "no column says that it is about people, deals, companies, contacts or money spent":
    "keine Spalte sagt, dass es um Personen, Deals, Firmen, Kontakte oder Ausgaben geht",
  "no column says which stage was entered, so the rows are no history; contacts are taken by --as touch":
    "keine Spalte sagt, welche Stufe erreicht wurde: Die Zeilen sind kein Verlauf; sind es Kontakte, wählen Sie das als Art der Zeilen",
  "as you said": "wie Sie sagten",
  "read as {first}; could be {second}": "gelesen als {first}; könnte {second} sein",
  "the point may mark thousands or a fraction":
    "der Punkt kann Tausender trennen oder das Dezimalzeichen sein",
  // What it asks, and what it wants to be looked at.
  "`{}` of {} reads as {first} and as {second} alike ({examples}): does the day come first?":
    "„{}“ in {} lässt sich als {first} und als {second} lesen ({examples}): Steht der Tag vorn?",
  "is `{name}` of {file} ({example}) in whole units of the currency, or in millionths?":
    "Steht „{name}“ in {file} ({example}) in ganzen Einheiten der Währung oder in Millionsteln?",
  "in which currency is `{name}` of {file}?": "In welcher Währung ist „{name}“ in {file}?",
  "CHECK `{}` of {}: {} may be thousands or fractions; an amount is read with decimal mark `{}`, and what is no amount is kept as text":
    "Prüfen: „{}“ in {}: {} können Tausender oder Bruchteile sein; Beträge werden mit dem Dezimalzeichen „{}“ gelesen, und was kein Betrag ist, bleibt Text",
  "`{name}` of {file} is read {}": "„{name}“ in {file}, so gelesen: {}",
  "CHECK `{name}` of {file} is read in {} ({}), not in {said} as you said":
    "Prüfen: „{name}“ in {file} wird in {} gelesen ({}), nicht in {said}, wie Sie sagten",
  "CHECK `{name}` of {file} names no currency and is read in {code} ({why}); --currency says otherwise":
    "Prüfen: „{name}“ in {file} nennt keine Währung und wird in {code} gelesen ({why}); sagen Sie, wenn es eine andere ist",
  "CHECK nothing in {} is known to say when, so its facts are undated and count in no period; if {} does, write {read} AS happened in {file}":
    "Prüfen: Nichts in {} sagt, wann es war: Undatiertes zählt in keinem Zeitraum; sagt es {}, schreiben Sie {read} AS happened in {file}",
  "`{}` of {} says whose each lead is today, not since when, so nothing is assigned: export the day of the assignment too, or the history of that field, for the time to the first answer and the cost of an assigned lead":
    "„{}“ in {} sagt, wessen jeder Lead heute ist, nicht seit wann: Zugewiesen ist damit nichts. Exportieren Sie auch den Tag der Zuweisung oder den Verlauf des Felds, für die Zeit bis zur ersten Antwort und die Kosten je zugewiesenem Lead",
  "`{}` of {file} tells the outcome ({}): never judge open leads by it":
    "„{}“ in {file} verrät das Ergebnis ({}): Beurteilen Sie offene Leads nie danach",
  "{rows} rows of {file} cannot be read, most of them: {reason}":
    "{rows} Zeilen in {file} sind nicht lesbar, die meisten davon: {reason}",
  "CHECK the rows of {file} have a worth (`{}`) and are taken for contacts, since no column names an order or deal: if they are sales, export their number as well":
    "Prüfen: Die Zeilen in {file} haben einen Wert („{}“) und gelten als Kontakte, da keine Spalte einen Auftrag oder Deal nennt: Sind es Verkäufe, exportieren Sie auch ihre Nummer",
  "`{}` of {file} says where each lead stands today, not since when, so it becomes an attribute and no step of the funnel; export the history of that field, or its dates, for steps":
    "„{}“ in {file} sagt, wo jeder Lead heute steht, nicht seit wann: Daraus wird ein Attribut und kein Schritt des Trichters; exportieren Sie für Schritte den Verlauf des Felds oder seine Daten",
  "only the first {} rows of {file} were looked at":
    "nur die ersten {} Zeilen von {file} wurden angesehen",
  "CHECK `{}` of {} holds `{}`, which is no currency of ISO 4217":
    "Prüfen: „{}“ in {} enthält „{}“, und das ist keine Währung nach ISO 4217",
  "CHECK the rows of {file} name their own currency in `{}` ({}): {said} is only taken where that is blank":
    "Prüfen: Die Zeilen in {file} nennen ihre eigene Währung in „{}“ ({}): {said} gilt nur, wo dort nichts steht",
  "CHECK `{name}` of {file}: {like} of {of} values look like money, written in several ways ({examples}), so no amount is read from it; write them alike in the export":
    "Prüfen: „{name}“ in {file}: {like} von {of} Werten sehen wie Geld aus, verschieden geschrieben ({examples}): Daraus wird kein Betrag gelesen; schreiben Sie sie im Export gleich",
  "CHECK `{name}` of {file}: {like} of {of} values look like money and the others do not ({examples}), so no amount is read from it; say its decimal mark, and the others are set aside":
    "Prüfen: „{name}“ in {file}: {like} von {of} Werten sehen wie Geld aus, die anderen nicht ({examples}): Daraus wird kein Betrag gelesen; nennen Sie das Dezimalzeichen, dann werden die anderen beiseite gelegt",
  "times such as {} in `{}` have no offset and are read in {zone} ({whose}); say --zone if they are not":
    "Zeiten wie {} in „{}“ haben keine Zeitzone und werden in {zone} gelesen ({whose}); sagen Sie, wenn sie es nicht sind",
  "the book's own": "der des Buchs",
  "taken for want of better": "mangels einer besseren",
  "`{}` may be looked up from `{}` by `{}`: docs/guide/packs.md shows how":
    "„{}“ kann von „{}“ aus über „{}“ nachgeschlagen werden: docs/guide/packs.md zeigt, wie",
  "`{}` is looked up from `{}` by `{}`": "„{}“ wird von „{}“ aus über „{}“ nachgeschlagen",
  "{}; CHECK it has no `{}`, so nothing is found there":
    "{}; prüfen: „{}“ fehlt dort, es wird also nicht gefunden",
};
