//! What a metric declares, in German, by the server's own texts: what is declared, how, and what a
//! formula takes of a measure.

/** What is declared. */
export const conventions: Record<string, string> = {
  "date anchor": "Datum",
  population: "Grundgesamtheit",
  unit: "Einheit",
  window: "Frist",
  "re-entry": "Wiedereintritt",
  currency: "Währung",
  calendar: "Kalender",
  "as-of": "Stand",
  people: "Personen",
  touches: "Kontakte",
  "tie-break": "Gleichstand",
  rounding: "Rundung",
  definition: "Definition",
  evidence: "Belege",
};

/** What follows a measure of a formula: a part in braces stands for what the server puts there. */
export const taken: Record<string, string> = {
  "{}; on {of} alone": "{}; nur für {of}",
  media: "Medien",
  tool: "Werkzeuge",
  labour: "Arbeit",
  event: "Veranstaltungen",
  "media and events": "Medien und Veranstaltungen",
  "{}; how many, with or without an amount": "{}; wie viele, mit oder ohne Betrag",
  "{}; how many it is about": "{}; um wie viele es geht",
  "{}; how many have an amount": "{}; wie viele einen Betrag haben",
  "{}; the median": "{}; der Median",
  "{}; added up": "{}; zusammengezählt",
  "{}; where {rule}": "{}; wo {rule}",
  "{}; unit {}": "{}; Einheit {}",
  "{}; that of everybody, in every row and under every condition":
    "{}; der Wert aller, in jeder Zeile und unter jeder Bedingung",
  "{}; {days} days earlier": "{}; {days} Tage früher",
  "{}; earlier by the median {of} of the period, in whole days":
    "{}; früher um den Median von {of} des Zeitraums, in ganzen Tagen",
  deal: "Deal",
  person: "Person",
  account: "Account",
  pursuit: "Vorgang",
};

const closed = "ausgeschiedene, verstummte und gelöschte sind weder gewonnen noch verloren";
const lost = "ausgeschiedene, verstummte und gelöschte sind nicht verloren";
const fraction = "Zähler und Nenner werden gezeigt; durch nichts geteilt gibt es keinen Wert";
const reopened = "ein wieder geöffneter Deal ist offen, solange er es ist";
const wasThen =
  "am letzten Zeitpunkt vor dem Ende des Zeitraums, oder vor dem Ende der Daten, wenn das früher ist";
const chance =
  "mal der Wahrscheinlichkeit, die seine eigenen Datensätze dann nennen (`probability`, von 0 bis 1), sonst der seiner Stufe laut Charta; ohne eine: genannt (W0136), nicht summiert";
const ended = "die bis dahin beendet waren, wie auch immer";
const anEnd =
  "der Grund an der Markierung, die es beendete, sonst der letzte Verlustgrund des Deals";
const pace = "offene Deals, in welcher Stufe auch immer, × Mittelwert gewonnener Deals ×";
const byDay =
  "zwei Tage: Kalendertage; zwei Zeitpunkte: Sekunden; gemischt: Kalendertage der Zeitzone";
const cameBy = "der, der den Vorgang eröffnete, sonst der letzte davor, sonst der erste";

/** How it is declared. */
export const declared: Record<string, string> = {
  "what the book had learned at the as-of; it never cuts on event dates":
    "was das Buch bis zum Stand erfahren hatte; nach Daten von Ereignissen wird nie geschnitten",
  "the charter's zone and fiscal calendar; periods are [from, until)":
    "Zeitzone und Geschäftsjahr der Charta; ein Zeitraum hat seinen Anfang, aber nicht sein Ende",
  "no money": "kein Geld",
  "one figure per currency, never mixed; with --currency each deal once by the charter's rates (rates@2), half-even; without a rate: counted, not summed":
    "eine Zahl je Währung, nie gemischt; in einer gefragten Währung jeder Deal einmal nach den Kursen der Charta (rates@2), halbe zur geraden Zahl; ohne Kurs: gezählt, nicht summiert",
  "one figure per currency, never mixed; with --currency each fact once by the charter's rates at its first date (rates@2), half-even, then spread; without a rate: counted, not summed":
    "eine Zahl je Währung, nie gemischt; in einer gefragten Währung jede Ausgabe einmal nach den Kursen der Charta an ihrem ersten Tag (rates@2), halbe zur geraden Zahl, dann verteilt; ohne Kurs: gezählt, nicht summiert",
  "no money; beside money, in the row of the deal's own currency, else of the charter's":
    "kein Geld; neben Geld in der Zeile der eigenen Währung des Deals, sonst der Charta",
  "one figure per currency; a deal without an amount counts in the charter's currency":
    "eine Zahl je Währung; ein Deal ohne Betrag zählt in der Währung der Charta",
  "the start that charter/handoffs.toml names: the lead's creation, its first assignment, an entry into a stage":
    "der Anfang, den charter/handoffs.toml nennt: das Anlegen des Leads, seine erste Zuweisung, ein Eintritt in eine Stufe",
  "the account's first lead of the period": "der erste Lead des Accounts im Zeitraum",
  "the days it was spent for; a number for several days is spread as money is":
    "die Tage, für die ausgegeben wurde; eine Zahl für mehrere Tage wird verteilt wie Geld",
  "the first assignment of the person to a rep; a queue is no rep":
    "die erste Zuweisung der Person an jemanden im Vertrieb; eine Warteschlange ist niemand",
  "the first person fact of any key of the person":
    "der erste Datensatz der Person, unter welchem Schlüssel auch immer",
  "the deal's creation": "das Anlegen des Deals",
  "close date: the end mark's time, else the deal's `closed`; a bare day is that day":
    "Abschlussdatum: die Zeit der Markierung des Endes, sonst `closed` des Deals; ein bloßer Tag ist dieser Tag",
  "one instant: the last before the period's end, else before the horizon":
    "ein Zeitpunkt: der letzte vor dem Ende des Zeitraums, sonst vor dem Ende der Daten",
  "the opening of the pursuit": "der Beginn des Vorgangs",
  "the days it was spent for: an amount for several days is spread over them in whole minor units, what is left over to the earliest, and a period takes its own days":
    "die Tage, für die ausgegeben wurde: Ein Betrag für mehrere Tage wird in ganzen kleinsten Einheiten über sie verteilt, der Rest auf die frühesten, und ein Zeitraum nimmt seine eigenen Tage",
  "the first entry into the stage, implied ones included":
    "der erste Eintritt in die Stufe, auch ein mitgemeinter",
  "any time of the period: a stay that began before its end and was not over before its begin":
    "irgendwann im Zeitraum: ein Aufenthalt, der vor seinem Ende begann und vor seinem Anfang nicht vorbei war",
  "the first day of spend on the campaign at the top of the tree, with all its parts":
    "der erste Tag mit Ausgaben für die oberste Kampagne mit allen ihren Teilen",
  "the first touch by sales": "der erste Kontakt des Vertriebs",
  "the days that a target is for (`period`, else `until`): it counts whole where they lie in the period asked for, or in that of the row; one that is longer, or crosses an edge, is told (W0138) and in no sum":
    "die Tage, für die ein Ziel gilt (`period`, sonst `until`): Es zählt ganz, wo sie im gefragten Zeitraum oder in dem der Zeile liegen; eines, das länger ist oder über einen Rand reicht, wird genannt (W0138) und ist in keiner Summe",
  "the deal's close_date, as known at the instant looked at":
    "das close_date des Deals, wie zum betrachteten Zeitpunkt bekannt",
  "open deals: the last instant before the period's end, else before the horizon; won value, win rate and cycle: close date in the period":
    "offene Deals: der letzte Zeitpunkt vor dem Ende des Zeitraums, sonst vor dem Ende der Daten; gewonnener Betrag, Gewinnquote und Zyklus: Abschlussdatum im Zeitraum",
  "the charter's metrics.toml": "metrics.toml der Charta",
  "the charter's metrics.toml, in place of the one that ships":
    "metrics.toml der Charta, anstelle der mitgelieferten",
  "source facts; undated and assumed ones are told beside the figure":
    "Datensätze der Quellen; undatierte und angenommene stehen neben der Zahl",
  "a lead is each resolved person once; those who hand over and answer are not counted":
    "ein Lead ist jede erkannte Person einmal; wer übergibt und antwortet, zählt nicht",
  "each resolved person once": "jede erkannte Person einmal",
  "none: no person is counted": "keine: Gezählt wird keine Person",
  "all that was handed over; the part was accepted by the latest verdict; what nobody's answer accepts is not":
    "alles Übergebene; der Teil wurde nach dem letzten Urteil angenommen; was als angenommen gilt, weil niemand antwortete, nicht",
  "accounts with a lead created in the period; the part has a deal that was not there before that lead":
    "Accounts mit einem im Zeitraum angelegten Lead; der Teil hat einen Deal, den es vor diesem Lead nicht gab",
  "accounts with a lead created in the period; the part has a won deal that was not there before that lead":
    "Accounts mit einem im Zeitraum angelegten Lead; der Teil hat einen gewonnenen Deal, den es vor diesem Lead nicht gab",
  "spend facts that carry the number, as the network counts it":
    "Ausgaben, die die Zahl tragen, wie das Netzwerk sie zählt",
  "all that was handed over; the part was answered by the horizon, in time or not":
    "alles Übergebene; der Teil wurde bis zum Ende der Daten beantwortet, rechtzeitig oder nicht",
  "leads that were assigned": "Leads, die zugewiesen wurden",
  "people with a person fact, whether or not a pursuit was opened":
    "Personen mit einem eigenen Datensatz, ob ein Vorgang begann oder nicht",
  "deals created in the period, at their amount then: what the first record of the deal that counted at its creation gives":
    "im Zeitraum angelegte Deals, mit ihrem Betrag von damals: was der erste Datensatz des Deals sagt, der beim Anlegen galt",
  "won deals with an amount, at its last known value":
    "gewonnene Deals mit Betrag, wie zuletzt bekannt",
  "lost deals with an amount, at its last known value":
    "verlorene Deals mit Betrag, wie zuletzt bekannt",
  "deals created by then and not ended by then": "bis dahin angelegte, noch nicht beendete Deals",
  "pursuits that came by a touch that is known, whatever became of them":
    "Vorgänge, die über einen bekannten Kontakt kamen, was auch aus ihnen wurde",
  "spend facts with an amount; of a campaign's total that `includes_children` the rest that the campaigns below it do not tell; days still to come do not count; spend:media, spend:tool, spend:labour, spend:event count what was paid for that, spend:programme media and events":
    "Ausgaben mit Betrag; von der Summe einer Kampagne mit `includes_children` der Rest, den die Kampagnen darunter nicht nennen; Tage, die noch kommen, zählen nicht; spend:media, spend:tool, spend:labour, spend:event zählen, was dafür bezahlt wurde, spend:programme Medien und Veranstaltungen",
  "won deals that are the first of their buyer: its account, else its person, else the deal alone":
    "gewonnene Deals, die die ersten ihres Käufers sind: seines Accounts, sonst seiner Person, sonst der Deal allein",
  "deals created in quarters of which the nth after is over at the horizon; the part was won in that quarter":
    "Deals, angelegt in Quartalen, deren n-tes danach am Ende der Daten vorbei ist; der Teil wurde in jenem Quartal gewonnen",
  "what was won or lost; disqualified, dormant and deleted ones are left out":
    "was gewonnen oder verloren wurde, ohne ausgeschiedene, verstummte und gelöschte",
  "all that ever entered the stage, whatever became of them":
    "alle, die je in die Stufe eintraten, was auch aus ihnen wurde",
  "those that entered the first stage; the part reached the second or a later one of the path at or after that entry":
    "die, die in die erste Stufe eintraten; der Teil erreichte mit diesem Eintritt oder danach die zweite oder eine spätere des Wegs",
  "all with a stay in the stage that touches the period, implied ones included":
    "alle mit einem Aufenthalt in der Stufe, der den Zeitraum berührt, auch mitgemeinte",
  "what was won; disqualified, dormant and deleted ones are neither won nor lost": `was gewonnen wurde; ${closed}`,
  "leads whose touch is of a campaign on which money was spent in the period asked for, or on what it is part of, or on another part of that; by day, week, month, quarter or year, in the one that the lead was created in":
    "Leads, deren Kontakt von einer Kampagne ist, für die im gefragten Zeitraum Geld ausgegeben wurde, oder für das, wovon sie ein Teil ist, oder für einen anderen Teil davon; nach Tag, Woche, Monat, Quartal oder Jahr in dem, in dem der Lead angelegt wurde",
  "all spend facts ever of campaigns whose spend began in the period; of a total that `includes_children` the rest; what names no campaign is left out":
    "alle Ausgaben je von Kampagnen, deren Ausgaben im Zeitraum begannen; von einer Summe mit `includes_children` der Rest; ohne Ausgaben, die keine Kampagne nennen",
  "all leads ever that came by campaigns whose spend began in the period":
    "alle Leads, die je über Kampagnen kamen, deren Ausgaben im Zeitraum begannen",
  "all deals created in the period, whatever became of them":
    "alle im Zeitraum angelegten Deals, was auch aus ihnen wurde",
  "leads that sales touched": "Leads, die der Vertrieb angesprochen hat",
  "won and lost deals": "gewonnene und verlorene Deals",
  "lost deals; disqualified, dormant and deleted ones are not lost": `verlorene Deals; ${lost}`,
  "won deals; disqualified, dormant and deleted ones are neither won nor lost": `gewonnene Deals; ${closed}`,
  "won deals whose buyer brand activity had touched by then, before any touch by sales":
    "gewonnene Deals, deren Käufer Markenaktivität bis dahin erreicht hatte, vor jedem Kontakt des Vertriebs",
  "won deals; time runs from the opening of their pursuit":
    "gewonnene Deals; die Zeit läuft ab dem Beginn ihres Vorgangs",
  "won deals; time runs from the touch that their pursuit came from":
    "gewonnene Deals; die Zeit läuft ab dem Kontakt, aus dem ihr Vorgang kam",
  "won deals of all other buyers: touched by sales first, or by no brand activity by then":
    "gewonnene Deals aller anderen Käufer: zuerst vom Vertrieb angesprochen oder bis dahin von keiner Markenaktivität erreicht",
  "what was handed over of pursuits that have a deal: the days that each waited, by any clock, less those in which the deal waited already for what was handed over before":
    "das Übergebene von Vorgängen mit Deal: die Tage, die jedes wartete, nach jeder Uhr, ohne die, an denen der Deal schon auf früher Übergebenes wartete",
  "all that ended: won, lost, disqualified and dormant":
    "alles Beendete: gewonnen, verloren, ausgeschieden und verstummt",
  "won deals with an amount; those without are told and not in the denominator":
    "gewonnene Deals mit Betrag; die ohne werden genannt und sind nicht im Nenner",
  "won over won and lost; open, disqualified, dormant and deleted ones are left out":
    "gewonnene durch gewonnene und verlorene, ohne offene, ausgeschiedene, verstummte und gelöschte",
  "all that was handed over: days by any clock from each start to its answer; without one until it was handed over again, the stage was left, the pursuit ended, or last seen":
    "alles Übergebene: Tage nach jeder Uhr von jedem Anfang bis zu seiner Antwort; ohne eine, bis es erneut übergeben, die Stufe verlassen oder der Vorgang beendet wurde, oder zuletzt gesehen",
  "target facts with an amount; of one owner and currency the longest that fit, none over another; a rep's whose days those of the team or the company tell in its currency counts only where the answer is split by rep, and theirs only where it is not: the others are told (W0137), and so is one of whose days they tell some and not all, no part of which is a goal (W0139); of one that says no length, its first day counts":
    "Ziele mit Betrag; von einem Verantwortlichen und einer Währung die längsten, die passen, keines über einem anderen; das einer Person, dessen Tage das des Teams oder der Firma in dieser Währung nennt, zählt nur, wo nach Zuständigen aufgeteilt wird, und jenes nur, wo nicht: Die anderen werden genannt (W0137), ebenso eines, von dessen Tagen sie einige nennen und nicht alle, denn kein Teil davon ist ein Ziel (W0139); von einem ohne Länge zählt der erste Tag",
  "all that was handed over": "alles Übergebene",
  "what was answered, or was not though its time is over; the part was answered by the deadline, at the very deadline too; what can still be in time, and what its dates cannot tell, is in neither":
    "was beantwortet wurde, oder nicht, obwohl seine Zeit vorbei ist; der Teil wurde bis zur Frist beantwortet, auch genau zur Frist; was noch rechtzeitig sein kann und was die Daten nicht hergeben, ist in keinem von beiden",
  "all that was handed over; the part was rejected by the latest verdict":
    "alles Übergebene; der Teil wurde nach dem letzten Urteil abgelehnt",
  "leads created in the period; the part is in a pursuit that has a deal":
    "im Zeitraum angelegte Leads; der Teil ist in einem Vorgang mit Deal",
  "leads created in the period; the part is in a pursuit that was won":
    "im Zeitraum angelegte Leads; der Teil ist in einem gewonnenen Vorgang",
  "what was lost; disqualified, dormant and deleted ones are not lost": `was verloren wurde; ${lost}`,
  "what was lost, by the reason on the mark that ended it, else the deal's last loss reason; disqualified, dormant and deleted ones are not lost": `was verloren wurde, nach dem Grund: ${anEnd}; ${lost}`,
  "what was lost; the part has a reason: on the mark that ended it, else the deal's last loss reason; disqualified, dormant and deleted ones are not lost": `was verloren wurde; der Teil hat einen Grund: ${anEnd}; ${lost}`,
  "what was lost; the part was lost for the reason that is told, letter for letter: that on the mark that ended it, else the deal's last loss reason; disqualified, dormant and deleted ones are not lost": `was verloren wurde; der Teil ging aus dem genannten Grund verloren, Buchstabe für Buchstabe: ${anEnd}; ${lost}`,
  "what was answered; time runs by the promise's own clock: working hours where it promises business hours, else any hour; what is not answered is in none, and is estimated by ask sla":
    "was beantwortet wurde; die Zeit läuft nach der Uhr der Zusage: Arbeitsstunden, wo sie Geschäftszeiten zusagt, sonst jede Stunde; was nicht beantwortet ist, ist in keiner und wird auf der Seite der Übergaben geschätzt",
  "deals open at the last instant before the period's end, or before the horizon if that is earlier, that are to close in the period": `offene Deals ${wasThen}, die im Zeitraum abschließen sollen`,
  "deals created in the period, at their last known amount":
    "im Zeitraum angelegte Deals, mit ihrem zuletzt bekannten Betrag",
  "open deals, in whatever stage, × mean value of won deals × win rate ÷ mean days from creation to win": `${pace} Gewinnquote ÷ mittlere Tage vom Anlegen bis zum Gewinn`,
  "won over all that ended: won, lost, disqualified and dormant (no decision)":
    "gewonnene durch alle beendeten: gewonnen, verloren, ausgeschieden und verstummt (keine Entscheidung)",
  "open deals, in whatever stage, × mean value of won deals × win rate by value ÷ mean days from creation to win": `${pace} Gewinnquote nach Wert ÷ mittlere Tage vom Anlegen bis zum Gewinn`,
  "open deals, in whatever stage, × mean value of won deals × win rate ÷ median days from creation to win": `${pace} Gewinnquote ÷ Median der Tage vom Anlegen bis zum Gewinn`,
  "deals open then with an amount, each times the share won of all deals that had ended by then, however they ended, and were still open when they were as many fiscal quarters old: quarters after that of the creation, 0 in the same; where none was, or without a creation date: told (W0136), not summed": `dann offene Deals mit Betrag, jeder mal dem gewonnenen Anteil aller Deals, ${ended}, und noch offen waren, als sie so viele Geschäftsquartale alt waren: Quartale nach dem des Anlegens, 0 im selben; wo keiner war oder ohne Anlegedatum: genannt (W0136), nicht summiert`,
  "deals open then with an amount, each times the share won of all deals that were ever in the forecast category that it is in (`forecast_category`) and had ended by then, however they ended; where none had, or without a category: told (W0136), not summed": `dann offene Deals mit Betrag, jeder mal dem gewonnenen Anteil aller Deals, die je in seiner Forecast-Kategorie waren (\`forecast_category\`) und ${ended}; wo keiner war oder ohne Kategorie: genannt (W0136), nicht summiert`,
  "deals open then with an amount, each times the share won of all deals that ever entered the stage it is in and had ended by then, however they ended; where none had: told (W0136), not summed": `dann offene Deals mit Betrag, jeder mal dem gewonnenen Anteil aller Deals, die je in seine Stufe eintraten und ${ended}; wo keiner war: genannt (W0136), nicht summiert`,
  "deals open at the last instant before the period's end, or before the horizon if that is earlier, that are to close in the period, each times the probability that its own records tell then (`probability`, from 0 to 1), else that of the stage it is in, by the charter; without one: told (W0136), not summed": `offene Deals ${wasThen}, die im Zeitraum abschließen sollen, jeder ${chance}`,
  "deals open then with an amount, each times the probability that its own records tell then (`probability`, from 0 to 1), else that of the stage it is in, by the charter; without one: told (W0136), not summed": `dann offene Deals mit Betrag, jeder ${chance}`,
  "deals won or lost whose buyer brand activity had touched by then, before any touch by sales":
    "gewonnene oder verlorene Deals, deren Käufer Markenaktivität bis dahin erreicht hatte, vor jedem Kontakt des Vertriebs",
  "amounts of won over amounts of won and lost deals, at their last known values; deals without an amount are told and in neither":
    "Beträge gewonnener durch Beträge gewonnener und verlorener Deals, wie zuletzt bekannt; Deals ohne Betrag werden genannt und sind in keinem von beiden",
  "won over all deals created in the period, whatever became of them":
    "gewonnene durch alle im Zeitraum angelegten Deals, was auch aus ihnen wurde",
  "won over all that ever entered the stage, whatever became of them":
    "gewonnene durch alle, die je in die Stufe eintraten, was auch aus ihnen wurde",
  "deals won or lost of all other buyers: touched by sales first, or by no brand activity by then":
    "gewonnene oder verlorene Deals aller anderen Käufer: zuerst vom Vertrieb angesprochen oder bis dahin von keiner Markenaktivität erreicht",
  "each entry into a stage is handed over anew; a lead once":
    "jeder Eintritt in eine Stufe wird neu übergeben; ein Lead einmal",
  "each account once": "jeder Account einmal",
  "the first one counts": "der erste zählt",
  "each deal once, by its creation": "jeder Deal einmal, nach seinem Anlegen",
  "a reopened deal counts once, by its last end; one that is open again, not at all":
    "ein wieder geöffneter Deal zählt einmal, nach seinem letzten Ende; einer, der wieder offen ist, gar nicht",
  "a reopened deal is open while it is reopened": reopened,
  "each pursuit once, by the touch that opened it":
    "jeder Vorgang einmal, nach dem Kontakt, der ihn eröffnete",
  "a buyer counts once, by the first of its wins that are known":
    "ein Käufer zählt einmal, nach dem ersten bekannten Gewinn",
  "the first entry counts": "der erste Eintritt zählt",
  "each once, however often it was there": "jeder einmal, wie oft er auch dort war",
  "each campaign once, by its first spend": "jede Kampagne einmal, nach ihrer ersten Ausgabe",
  "a reopened deal is open while it is reopened; else it counts by its last end": `${reopened}; sonst zählt er nach seinem letzten Ende`,
  "a reopened deal is open while it is reopened; one that is over counts by its last end by then": `${reopened}; ein beendeter zählt nach seinem letzten Ende bis dahin`,
  "a reopened deal is open while it is reopened; a deal counts once for each stage": `${reopened}; ein Deal zählt einmal je Stufe`,
  "each deal once, by its creation; it is won if it is won now":
    "jeder Deal einmal, nach seinem Anlegen; er ist gewonnen, wenn er jetzt gewonnen ist",
  "numerator and denominator are shown; over nothing there is no value": fraction,
  "counts are whole": "Anzahlen sind ganze Zahlen",
  "whole minor units; a mean stays sum over count until it is shown":
    "ganze kleinste Einheiten; ein Mittelwert bleibt Summe durch Anzahl, bis er gezeigt wird",
  "whole minor units": "ganze kleinste Einheiten",
  "two days: calendar days; two instants: seconds; mixed: calendar days of the zone; mean and median are exact until shown, a negative time counts": `${byDay}; Mittelwert und Median sind genau, bis sie gezeigt werden, eine negative Zeit zählt`,
  "two days: calendar days; two instants: seconds; mixed: calendar days of the zone; sum, mean and median are exact until shown": `${byDay}; Summe, Mittelwert und Median sind genau, bis sie gezeigt werden`,
  "seconds are added up; mean and median are exact until shown, in hundredths of an hour; of business hours, what begins or is answered on a day without a time has none":
    "Sekunden werden zusammengezählt; Mittelwert und Median sind genau, bis sie gezeigt werden, in Hundertsteln einer Stunde; von Geschäftszeiten hat keine, was an einem Tag ohne Uhrzeit beginnt oder beantwortet wird",
  "one exact fraction, rounded half to even to the minor unit per day":
    "ein genauer Bruch, gerundet auf die kleinste Einheit je Tag, halbe zur geraden Zahl",
  "each deal's amount, in the asked currency, times that share, half-even to whole minor units; then summed":
    "der Betrag jedes Deals in der gefragten Währung mal diesem Anteil, gerundet auf ganze kleinste Einheiten, halbe zur geraden Zahl; dann summiert",
  "each deal's amount, in the asked currency, times its probability, half-even to whole minor units; then summed":
    "der Betrag jedes Deals in der gefragten Währung mal seiner Wahrscheinlichkeit, gerundet auf ganze kleinste Einheiten, halbe zur geraden Zahl; dann summiert",
  "both amounts are shown in whole minor units; over nothing there is no value":
    "beide Beträge werden in ganzen kleinsten Einheiten gezeigt; durch nichts geteilt gibt es keinen Wert",
  "fact order": "Reihenfolge der Datensätze",
  "an answer is the first verdict, or touch by the side that takes over, from the start on":
    "eine Antwort ist das erste Urteil oder der erste Kontakt der übernehmenden Seite ab dem Anfang",
  none: "keine",
  "the opening touch; whether it is direct or branded, the charter's brand.toml says, and what is both is direct":
    "der eröffnende Kontakt; ob er direkt oder über den Namen kam, sagt brand.toml der Charta, und was beides ist, ist direkt",
  "the touch that the lead's pursuit came from: the one that opened it, else the opener's latest before it, else the first": `der Kontakt, aus dem der Vorgang des Leads kam: ${cameBy}`,
  "touches whose team is sales": "Kontakte des Vertriebs",
  "all of the buyer's up to the close, of every pursuit and between them, in fact order; which are brand activity, the charter's brand.toml says; what sales did is no brand activity; an undated one is before nothing":
    "alle des Käufers bis zum Abschluss, aus jedem Vorgang und dazwischen, in der Reihenfolge der Datensätze; welche Markenaktivität sind, sagt brand.toml der Charta; was der Vertrieb tat, ist keine; ein undatierter ist vor nichts",
  "the one that opened the pursuit, else the opener's latest before it, else the first": cameBy,
  "handoffs: one lead, or one entry into a stage, under one promise; no other can be asked for":
    "Übergaben: ein Lead oder ein Eintritt in eine Stufe unter einer Zusage; nach keiner anderen Einheit kann gefragt werden",
  "accounts: each once, its first lead of the period stands for it; no other can be asked for":
    "Accounts: jeder einmal, sein erster Lead im Zeitraum steht für ihn; nach keiner anderen Einheit kann gefragt werden",
  "whole numbers of spend facts, added up; no other can be asked for":
    "ganze Zahlen aus Ausgaben, zusammengezählt; nach keiner anderen Einheit kann gefragt werden",
  "leads: one per person; no other can be asked for":
    "Leads: einer je Person; nach keiner anderen Einheit kann gefragt werden",
  deals: "Deals",
  pursuits: "Vorgänge",
  accounts: "Accounts",
  persons: "Personen",
  "pursuits; with --unit deal, those that have a deal":
    "Vorgänge; sind Deals gefragt, die mit einem Deal",
  "spend facts; no other can be asked for":
    "Ausgaben; nach keiner anderen Einheit kann gefragt werden",
  "deals, one for each new buyer": "Deals, einer je neuem Käufer",
  "pursuits, with or without a deal; with --unit deal, deals":
    "Vorgänge, mit oder ohne Deal; sind Deals gefragt, Deals",
  "deals with both dates; one that lacks a date is left out":
    "Deals mit beiden Daten; wo eines fehlt, bleibt der Deal außen vor",
  "target facts; no other can be asked for":
    "Ziele; nach keiner anderen Einheit kann gefragt werden",
  "none: seen up to the horizon; an undated start counts only when no period is asked":
    "keine: gesehen bis zum Ende der Daten; ein undatierter Anfang zählt nur ohne Zeitraum",
  "none; an undated one counts only when no period is asked":
    "keine; ein undatierter zählt nur ohne Zeitraum",
  "none; what has no date counts only when no period is asked":
    "keine; was kein Datum hat, zählt nur ohne Zeitraum",
  "none; a deal without a creation date counts only when no period is asked":
    "keine; ein Deal ohne Anlegedatum zählt nur ohne Zeitraum",
  "none; an end without a date counts only when no period is asked":
    "keine; ein Ende ohne Datum zählt nur ohne Zeitraum",
  "none; a deal without a creation date is there from the first that is known of it":
    "keine; ein Deal ohne Anlegedatum ist da, seit etwas von ihm bekannt ist",
  "none; one without a date counts only when no period is asked":
    "keine; einer ohne Datum zählt nur ohne Zeitraum",
  "the nth fiscal quarter after that of the creation; 0 is the same; deals whose nth quarter is not over are left out, and so are those without a creation date":
    "das n-te Geschäftsquartal nach dem des Anlegens; 0 ist dasselbe; ohne Deals, deren n-tes Quartal nicht vorbei ist, und ohne die ohne Anlegedatum",
  "none; an entry without a date counts only when no period is asked":
    "keine; ein Eintritt ohne Datum zählt nur ohne Zeitraum",
  "none: until the horizon, so a young period's share can still grow; ask funnel --view cohort has windows and estimates":
    "keine: bis zum Ende der Daten, deshalb kann der Anteil eines jungen Zeitraums noch wachsen; die Kohorten des Trichters haben Fristen und Schätzungen",
  "none; a stay without a date counts only when no period is asked":
    "keine; ein Aufenthalt ohne Datum zählt nur ohne Zeitraum",
  "none: all that was told up to the horizon, so a young campaign's figures still move; one without a date counts only when no period is asked":
    "keine: alles bis zum Ende der Daten, deshalb bewegen sich die Zahlen einer jungen Kampagne noch; eine ohne Datum zählt nur ohne Zeitraum",
  "none; one without a date and a period is told, and in no figure":
    "keine; eines ohne Datum und Zeitraum wird genannt und ist in keiner Zahl",
  "none; a deal without a close_date counts only when no period is asked":
    "keine; ein Deal ohne close_date zählt nur ohne Zeitraum",
  "none; a period without a win or a loss has no velocity":
    "keine; ein Zeitraum ohne Gewinn oder Verlust hat keine Geschwindigkeit",
  "all history up to that instant; a deal without a creation date is there from the first that is known of it":
    "die ganze Geschichte bis zu diesem Zeitpunkt; ein Deal ohne Anlegedatum ist da, seit etwas von ihm bekannt ist",
  "none: open deals count below only, so a young period's rate can still grow; a deal without a creation date counts only when no period is asked":
    "keine: Offene Deals zählen nur im Nenner, deshalb kann die Quote eines jungen Zeitraums noch wachsen; ein Deal ohne Anlegedatum zählt nur ohne Zeitraum",
  "none: open ones count below only, so a young period's rate can still grow; an entry without a date counts only when no period is asked":
    "keine: Offene zählen nur im Nenner, deshalb kann die Quote eines jungen Zeitraums noch wachsen; ein Eintritt ohne Datum zählt nur ohne Zeitraum",
  "all won deals; disqualified, dormant and deleted ones are not won":
    "alle gewonnenen Deals; ausgeschiedene, verstummte und gelöschte sind nicht gewonnen",
  "those that may earn: of the people and kinds of the charter's attribution.toml, within its look-back, up to the close; marketing's are those of the team `marketing`; an undated one is before nothing":
    "die verdienen dürfen: der Personen und Arten aus attribution.toml der Charta, in deren Rückblick, bis zum Abschluss; Marketing ist das Team `marketing`; ein undatierter liegt vor nichts",
  "those that may earn and came by the deal's creation, a bare day by its end: of the people and kinds of the charter's attribution.toml, within its look-back; marketing's are those of the team `marketing`; of a deal without a creation date none did":
    "die verdienen dürfen und bis zum Anlegen des Deals kamen, ein bloßer Tag bis zu seinem Ende: der Personen und Arten aus attribution.toml der Charta, in deren Rückblick; Marketing ist das Team `marketing`; bei einem Deal ohne Anlegedatum keiner",
  "amounts of won deals, at their last known values; deals without an amount are told and in neither":
    "Beträge gewonnener Deals, nach letztem bekannten Wert; Deals ohne Betrag werden genannt und sind in keinem",
};
