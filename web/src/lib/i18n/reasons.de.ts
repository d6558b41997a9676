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
};
