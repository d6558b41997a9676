//! What an answer notes beside its figures, in German, by the server's own sentences: a part in braces
//! stands for what the server puts there, and is said in German too where it is in this list.

/** What stands within sentences: counts of things, and lists that are cut short. */
export const within: Record<string, string> = {
  "{} deals": "{} Deals",
  "{} leads": "{} Leads",
  "{} lead": "{} Lead",
  "{} pursuits": "{} Vorgänge",
  "{} pursuit": "{} Vorgang",
  "{} records": "{} Datensätze",
  "{} record": "{} Datensatz",
  "{} and {more} more": "{} und {more} weitere",
  "{} past windows": "{} vergangenen Fenstern",
  "{} past window": "{} vergangenen Fenster",
  "{} wins": "{} Gewinne",
  "{} win": "{} Gewinn",
  "at the rate of the day of close, of what is open at that of the instant looked at":
    "zum Kurs am Tag des Abschlusses, was offen ist zu dem des betrachteten Zeitpunkts",
  "at the rate of the day on which the deal was created":
    "zum Kurs des Tages, an dem der Deal angelegt wurde",
  "at the charter's planned rates": "zu den geplanten Kursen der Charta",
  "{} paths": "{} Durchläufe",
  "{} open deals": "{} offenen Deals",
  "{} open deal": "{} offenen Deal",
  last_period: "„letzter Zeitraum“",
  mean_of_three: "„Mittel aus dreien“",
  quarter_before: "„Quartal davor“",
  stage_weighted: "„nach Stufe gewichtet“",
  "as many as in as many days before": "so viele wie in ebenso vielen Tagen davor",
  "the mean of three such stretches before": "das Mittel dreier solcher Zeiträume davor",
  "as many as in the same days thirteen weeks before":
    "so viele wie an denselben Tagen dreizehn Wochen davor",
  "open deals by the share won from their stage on":
    "offene Deals nach dem Anteil, der ab ihrer Stufe gewonnen wurde",
};

/** What changed a figure since it was told. */
const causes: Record<string, string> = {
  "happened after the horizon of then": "geschah nach dem damaligen Ende der Daten",
  "had happened by then, and was learned since":
    "war bis dahin geschehen und wurde seither bekannt",
  "a new version of what was known, of the time before":
    "eine neue Fassung von Bekanntem, aus der Zeit davor",
  "deleted by its source, or its import taken back":
    "von seiner Quelle gelöscht, oder sein Import zurückgenommen",
  "who is who, joined or separated since": "wer wer ist, seither verbunden oder getrennt",
  "of people who were forgotten since": "von Personen, die seither vergessen wurden",
  "exchange rates learned or changed since":
    "Wechselkurse, die seither bekannt wurden oder sich änderten",
  "the charter changed": "die Charta hat sich geändert",
};

export const notes: Record<string, string> = {
  ...within,
  ...causes,
  ...Object.fromEntries(
    Object.entries(causes).map(([text, said]) => [`{}: ${text}`, `{}: ${said}`]),
  ),
  // Brand.
  "1 pursuit was opened without a known touch and is in no share":
    "1 Vorgang begann ohne bekannten Kontakt und ist in keinem Anteil",
  "{} pursuits were opened without a known touch and are in no share":
    "{} Vorgänge begannen ohne bekannten Kontakt und sind in keinem Anteil",
  "whom the brand touched first was not drawn by lot: these buyers differ from the others in more than that, so the difference is not what the brand brought about":
    "Wen die Marke zuerst erreichte, wurde nicht ausgelost: Diese Käufer unterscheiden sich von den anderen in mehr als dem, der Unterschied ist also nicht die Wirkung der Marke",
  "beside it belongs its counterpart: `win_rate_brand_first` and `win_rate_not_brand_first`, `cycle_won_brand_first` and `cycle_won_not_brand_first`":
    "Daneben gehört das Gegenstück: `win_rate_brand_first` und `win_rate_not_brand_first`, `cycle_won_brand_first` und `cycle_won_not_brand_first`",
  "a share of what is seen: who heard the name elsewhere and came by an advert counts as the advert's, and who typed the address for want of a bookmark as direct":
    "Ein Anteil an dem, was zu sehen ist: Wer den Namen anderswo hörte und über eine Anzeige kam, zählt zur Anzeige, und wer die Adresse mangels Lesezeichen eintippte, als direkt",
  // The pipeline bridge.
  "all deals that were open, whenever they are due":
    "alle Deals, die offen waren, wann sie auch fällig sind",
  "deals due from {from} until before {until}, by their close_date at each instant":
    "Deals, fällig von {from} bis vor {until}, nach ihrem close_date zum jeweiligen Zeitpunkt",
  "gone: disqualified, or ended by silence": "weg: ausgeschieden oder verstummt",
  "moved_in and moved_out: the same deals, from one owner, group or currency to another; over all they cancel out":
    "„Hinein“ und „Hinaus“: dieselben Deals, von einem Zuständigen, einer Gruppe oder einer Währung zu einer anderen; über alles heben sie sich auf",
  "rep and team are those of each instant, within a stage too":
    "Zuständige und Team sind die des jeweiligen Zeitpunkts, auch innerhalb einer Stufe",
  "as_told is the start as it was told at ledger {seq}; it and the lines below it come to at_start: learned since, restated, dropped as not open, deleted":
    "„Wie berichtet“ ist der Anfang nach Stand Nr. {seq}; mit den Zeilen darunter ergibt er den Anfang: seither erfahren, neu gefasst, als nicht offen gestrichen, gelöscht",
  // What it cost.
  "{currencies} currencies: each spend stands against all leads and deals of its group; --currency {own} makes them one":
    "{currencies} Währungen: Jede Ausgabe steht gegen alle Leads und Deals ihrer Gruppe; in {own} gefragt ist es eine",
  "paid for: {}": "bezahlt für: {}",
  "leads and deals are counted where their pursuit came from, each by its own date; no spend told, no cost":
    "Leads und Deals zählen dort, woher ihr Vorgang kam, jeder nach seinem eigenen Datum; ohne genannte Ausgaben keine Kosten",
  "deals without a touch that may earn are credited to nobody (–); `{model}` is the first model of charter/attribution.toml, else linear, or --models":
    "Deals ohne Kontakt, der verdienen darf, werden niemandem zugerechnet (–); `{model}` ist das erste Modell aus charter/attribution.toml, sonst linear",
  "credit is bookkeeping: a return here does not say what would have come without the spend":
    "Zurechnung ist Buchhaltung: Ein Ertrag hier sagt nicht, was ohne die Ausgaben gekommen wäre",
  // Credit.
  "{} of {} without a date of creation: not touched before it, as they count":
    "{} von {} ohne Anlegedatum: Sie zählen als davor nicht berührt",
  "without a touch that may earn: {} of {}; the whole amount is unknown's":
    "ohne Kontakt, der verdienen darf: {} von {}; der ganze Betrag ist „unbekannt“",
  "sourced is one lens: the whole of a deal is its whose touch came first of those that may earn, whoever came later; by channel or team stands who else had a part":
    "„Herkunft“ ist ein Blickwinkel: Ein Deal gehört ganz dem, dessen Kontakt von denen, die verdienen dürfen, der erste war; wer sonst beteiligt war, steht nach Kanal oder Team",
  "participation gives a deal to everyone who took part: never sum it":
    "„Beteiligung“ gibt einen Deal allen, die beteiligt waren: nie summieren",
  "credit is bookkeeping: it shares out what was won, and does not say what would have happened without a touch":
    "Zurechnung ist Buchhaltung: Sie teilt auf, was gewonnen wurde, und sagt nicht, was ohne einen Kontakt geschehen wäre",
  "left out: {}: {why}": "ausgelassen: {}: {why}",
  "{channels} channels, where at most {most} can be told apart":
    "{channels} Kanäle, von denen höchstens {most} zu unterscheiden sind",
  "nothing was won that it could learn from": "nichts wurde gewonnen, woraus es lernen könnte",
  "its values sum to nothing, as those of shapley_alone do where no path goes through every channel; sharing alike would be linear under another name":
    "seine Werte ergeben zusammen nichts, wie die von shapley_alone, wo kein Weg durch jeden Kanal führt; gleich zu teilen wäre „linear“ unter anderem Namen",
  "{kinds} of {whose}{days} may earn{assumed}": "{kinds} {whose}{days} dürfen verdienen{assumed}",
  touches: "Kontakte",
  "touches but {}": "Kontakte außer {}",
  "touches of the kinds {}": "Kontakte der Arten {}",
  "everybody at the buyer": "aller beim Käufer",
  "the people with a role in the deal": "der Personen mit einer Rolle im Deal",
  "the deal's own person or primary contact":
    "der eigenen Person oder des wichtigsten Ansprechpartners des Deals",
  " in the {days} days before": " in den {days} Tagen davor",
  " at any time before": " jederzeit davor",
  "; nobody agreed on that yet: write charter/attribution.toml":
    "; das hat noch niemand vereinbart: charter/attribution.toml fehlt",
  "marketing touched {} of {} {} ({} of {}), {} before they were created ({})":
    "Das Marketing hat {} von {} {} berührt ({} von {}), {} vor dem Anlegen ({})",
  "before they closed": "vor dem Abschluss",
  "so far": "bisher",
  "it was not won and is not open: nobody earns credit of it":
    "er wurde nicht gewonnen und ist nicht offen: Niemand verdient daran",
  "no touch may earn credit of it: it is nobody's":
    "kein Kontakt darf daran verdienen: Er gehört niemandem",
  "it has no amount, so nothing is shared": "er hat keinen Betrag, also wird nichts aufgeteilt",
  "statistical models learned from {won} won and {lost} lost paths (chance of success {:.4}), and share each deal by what they learned; intervals are of {REPLICATES} replicates, seed {SEED}: every distinct path's counts drawn again{late}":
    "Statistische Modelle lernten aus {won} gewonnenen und {lost} verlorenen Wegen (Aussicht auf Erfolg {:.4}) und teilen jeden Deal danach auf; Intervalle aus {REPLICATES} Wiederholungen, Startwert {SEED}: Die Anzahl jedes Wegs wird neu gezogen{late}",
  ". {channels} channels are too many for intervals: {} are the most":
    ". {channels} Kanäle sind zu viele für Intervalle: höchstens {}",
  "{model} is not exact: paths go round so long that its chances still grew after {SWEEPS} rounds, and what is left of them is in no share":
    "{model} ist nicht genau: Wege laufen so lange im Kreis, dass ihre Aussichten nach {SWEEPS} Runden noch wuchsen, und was davon übrig ist, ist in keinem Anteil",
  "shapley plays the chain game: a coalition is worth the chance of success of the order-1 chain in which paths that come to others end in nothing":
    "shapley spielt das Spiel der Kette: Eine Koalition ist die Aussicht auf Erfolg der Kette erster Ordnung wert, in der Wege, die zu anderen kommen, im Nichts enden",
  "shapley_together is linear credit over distinct channels by another name":
    "shapley_together ist lineare Zurechnung über verschiedene Kanäle unter anderem Namen",
  "shapley_alone: a coalition is worth the rate of success of the paths through exactly its channels, so that few paths can weigh a lot":
    "shapley_alone: Eine Koalition ist die Erfolgsquote der Wege durch genau ihre Kanäle wert, sodass wenige Wege viel wiegen können",
  "more than {EXACT_CHANNELS} channels: shapley is of {DRAWN_ORDERS} drawn orders of joining, seed {seed}; 95 of 100 such shares lie within {:.4} percentage points of what all orders give":
    "mehr als {EXACT_CHANNELS} Kanäle: shapley beruht auf {DRAWN_ORDERS} gezogenen Reihenfolgen, Startwert {seed}; 95 von 100 solcher Werte sind höchstens {:.4} Prozentpunkte von dem aus allen Reihenfolgen entfernt",
  // Whether an order is one to decide by.
  "whether their order is robust is unknown: {why}":
    "ob ihre Reihenfolge stabil ist, ist unbekannt: {why}",
  "too few deals ({}; {DEALS} are needed)": "zu wenige Deals ({}; {DEALS} sind nötig)",
  "amounts are in several currencies; choose one with --currency":
    "die Beträge sind in mehreren Währungen; wählen Sie eine",
  "there are more than {ROWS} rows": "es sind mehr als {ROWS} Zeilen",
  "fragile: {} and {} get the same under {}: they are in the order of their names":
    "nicht stabil: {} und {} bekommen dasselbe nach {}: Sie stehen in der Reihenfolge ihrer Namen",
  "robust: {order} come first in this order under {}, and in {percent} of 100 draws of {drawn}":
    "stabil: {order} stehen in dieser Reihenfolge vorn nach {}, und in {percent} von 100 Ziehungen {drawn}",
  "fragile: {order} come first in this order under {}, but under {weakest} only in {percent} of 100 draws of {drawn} ({SAME} are wanted)":
    "nicht stabil: {order} stehen in dieser Reihenfolge vorn nach {}, aber nach {weakest} nur in {percent} von 100 Ziehungen {drawn} ({SAME} sind verlangt)",
  "{}. Least to turn two round: {:.1} % of the credit, from {} to {} under {model}":
    "{}. Am wenigsten, um zwei zu vertauschen: {:.1} % der Zurechnung, von {} zu {} nach {model}",
  "fragile: what comes first depends on the model: {}":
    "nicht stabil: Was vorn steht, hängt vom Modell ab: {}",
  "all {} models": "allen {} Modellen",
  "the deals alone, not of what was learned": "allein der Deals, nicht des Gelernten",
  "the deals": "der Deals",
  "the deals and of what was learned": "der Deals und des Gelernten",
  // Formulas.
  "no period is asked for, so {} is all there is, and none of it earlier":
    "Nach keinem Zeitraum ist gefragt, also ist {} alles, was es gibt, und nichts davon früher",
  "{} is of a period {days} days earlier: the median of {of} in the period":
    "{} gilt für einen Zeitraum {days} Tage früher: den Median von {of} im Zeitraum",
  "{} is of an earlier period, and nobody can say which: {of} has no median here":
    "{} gilt für einen früheren Zeitraum, und niemand kann sagen, welchen: {of} hat hier keinen Median",
  "`{name}` is the charter's, in place of the one that ships":
    "`{name}` ist die Metrik der Charta, anstelle der mitgelieferten",
  "no {what} was told for this, so nothing that rests on it has a value":
    "Hierfür wurde kein {what} genannt, also hat nichts einen Wert, was darauf beruht",
  "each row has the money of its currency alone, and {} whatever the currency; with --currency all money is in one row":
    "Jede Zeile hat nur das Geld ihrer Währung, und {} in jeder Währung; in einer gefragten Währung ist alles Geld in einer Zeile",
  "{}: a row that one of them has nothing in has no value; --currency brings them together":
    "{}: Eine Zeile, in der einer davon nichts hat, hat keinen Wert; eine gefragte Währung führt sie zusammen",
  "of everybody, in every row: {}": "von allen, in jeder Zeile: {}",
  // The funnel, and who is where.
  "flow from {from} until {until} (not included): at start + entered = left + at end":
    "Fluss von {from} bis {until} (ausschließlich): am Anfang + eingetreten = verlassen + am Ende",
  "≈ is an estimate and no count (Aalen–Johansen; lost, disqualified and dormant compete, those still open are censored at the horizon; log-log interval), {by}":
    "≈ ist eine Schätzung und keine Anzahl (Aalen–Johansen; verlorene, ausgeschiedene und verstummte konkurrieren, noch offene sind am Ende der Daten zensiert; Log-log-Intervall), {by}",
  "by the window's end; n/a where the row is ripe; – where nobody was seen so long":
    "bis zum Ende der Frist; n/a, wo die Zeile reif ist; –, wo niemand so lange gesehen wurde",
  "by the longest time that anybody of the row was seen; n/a where all are settled":
    "bis zur längsten Zeit, die jemand der Zeile gesehen wurde; n/a, wo alle entschieden sind",
  "≈ takes what was open before {day} as seen from then on (left truncation), also where the row is ripe or settled: what had ended by then is in no count; – from the first age on at which nobody was seen":
    "≈ nimmt, was vor dem {day} offen war, als seither gesehen (links gestutzt), auch wo die Zeile reif oder entschieden ist: Was bis dahin beendet war, ist in keiner Anzahl; – ab dem ersten Alter, in dem niemand gesehen wurde",
  "cohort by {whose} into `{}`; reached that stage or beyond, {window}":
    "Kohorte nach {whose} in `{}`; diese Stufe oder mehr erreicht, {window}",
  "first entry of each": "dem ersten Eintritt jedes",
  "every entry": "jedem Eintritt",
  "within {days} calendar days": "innerhalb von {days} Kalendertagen",
  "at any time until the horizon, so later entries have had less time":
    "irgendwann bis zum Ende der Daten, spätere Eintritte hatten also weniger Zeit",
  "{} in {}: leads of one company join the pursuit that is open; --unit person counts each, and `metric leads_created` by their creation":
    "{} in {}: Leads einer Firma gehören zu dem Vorgang, der offen ist; einzeln zählen sie als Personen, und die Metrik „Angelegte Leads“ zählt sie nach ihrem Anlegen",
  "no source shows a date: the undated hold at every instant":
    "keine Quelle zeigt ein Datum: Undatiertes gilt zu jedem Zeitpunkt",
  "snapshot at {instant}": "Momentaufnahme vom {instant}",
  "what became of them by {by}": "was bis {by} aus ihnen wurde",
  "what became of them by {by}: a {} counts by its pursuits that were there, as won if any was won by then, else as lost, as gone, as still there, as moved":
    "was bis {by} aus ihnen wurde: {} zählt nach den Vorgängen, die dort waren, als gewonnen, wenn bis dahin einer gewonnen war, sonst als verloren, weg, noch dort, gewechselt",
  "at {instant}: stale is longer in the stage than its service level allows, else than nine of ten stays there that were over by then; --records stale lists who, since when and whose":
    "am {instant}: liegen geblieben ist, was länger in der Stufe ist als zugesagt, sonst als neun von zehn bis dahin beendete Aufenthalte; die Datensätze zeigen, wer, seit wann und wessen",
  "stays by the period of their entry, implied and undated ones left out; ≈ is an estimate and no count (Kaplan–Meier; those still there are censored at the horizon); – where so many have not left yet":
    "Aufenthalte nach dem Zeitraum ihres Eintritts, ohne mitgemeinte und undatierte; ≈ ist eine Schätzung und keine Anzahl (Kaplan–Meier; wer noch dort ist, ist am Ende der Daten zensiert); –, wo noch nicht so viele gegangen sind",
  "≈ takes stays begun before {day} as seen from then on (left truncation); – from the first age on at which nobody was seen":
    "≈ nimmt vor dem {day} begonnene Aufenthalte als seither gesehen (links gestutzt); – ab dem ersten Alter, in dem niemand gesehen wurde",
  "transitions from {from} until {until} (not included): what comes to a stage = what goes from it + what passed it; an end is no place to stay":
    "Wechsel von {from} bis {until} (ausschließlich): Was in eine Stufe kommt = was aus ihr geht + was sie durchlief; an einem Ende bleibt niemand",
  "each transition is that of the stage which is entered, else of the one which is left: where it changes what is asked for, a stage has more coming than going, or fewer":
    "Jeder Wechsel gehört zur Stufe, die betreten wird, sonst zu der, die verlassen wird: Wo sich dabei ändert, wonach gefragt ist, kommen in eine Stufe mehr, als gehen, oder weniger",
  "from {start} to the end, ends in the period; `in` a stage: stays that ended in the period, implied ones left out":
    "ab {start} bis zum Ende, Enden im Zeitraum; in einer Stufe: im Zeitraum beendete Aufenthalte, ohne mitgemeinte",
  "the pursuit's opening": "dem Beginn des Vorgangs",
  "the first entry of `{}`": "dem ersten Eintritt in `{}`",
  // Dates that are not there.
  "is in no period": "ist in keinem Zeitraum",
  "are in no period": "sind in keinem Zeitraum",
  "stands in the row –": "steht in der Zeile –",
  "stand in the row –": "stehen in der Zeile –",
  "{undated} entered `{}` without a date and {place}: ask without --by and --period, or a snapshot, or give `happened` in their pack a date":
    "{undated} ohne Datum in `{}` eingetreten und {place}: Fragen Sie ohne Aufteilung und Zeitraum oder nach einer Momentaufnahme, oder geben Sie `happened` in der Quelle ein Datum",
  "{untimed} of {ended} that ended {has} no dated start or no dated end, so no time can be told: give `happened` in their pack a date; a snapshot needs none":
    "{untimed} von {ended} Beendeten {has} kein Datum des Anfangs oder des Endes, also auch keine Dauer: Geben Sie `happened` in der Quelle ein Datum; eine Momentaufnahme braucht keines",
  has: "hat",
  have: "haben",
  "in the row – of {} for want of a date: {}; give them theirs, or ask without --by":
    "in der Zeile – von {} mangels Datum: {}; geben Sie ihnen eines, oder fragen Sie ohne Aufteilung",
  // Whose attributes, and whose touch.
  "{what} is that {whose}": "{what}: {whose}",
  "of each one's own": "jedes das eigene",
  "of the person that the deal names, else of its primary contact or the first with a role in it, else of the first of its pursuit's people that has one":
    "der Person, die der Deal nennt, sonst des wichtigsten Ansprechpartners oder der ersten mit einer Rolle darin, sonst der ersten Person des Vorgangs, die eines hat",
  "of the first of each pursuit's people that has one":
    "der ersten Person jedes Vorgangs, die eines hat",
  "{what} is that of the {which} pursuit, whoever of its people it was":
    "{what}: {which} Vorgangs, wessen seiner Personen er auch war",
  "touch that opened the": "der Kontakt am Beginn des",
  "last touch of the": "der letzte Kontakt des",
  // What is left out, and prices.
  "left out, though marked won{worth}: {}; look at their dates with `ask journey KEY`":
    "ausgelassen, obwohl als gewonnen markiert{worth}: {}; sehen Sie sich ihre Daten im Verlauf des Accounts an",
  " and worth {}": " und {} wert",
  "{} of a day that has not come (W0118)": "{} von einem Tag, der noch nicht da ist (W0118)",
  "{} open again by a later mark or status (W0109)":
    "{} durch eine spätere Markierung oder einen Status wieder offen (W0109)",
  "{} ended otherwise before (W0116) or since": "{} vorher (W0116) oder seither anders beendet",
  "only amounts in {to}: the charter names no rates (charter/money.toml), so nothing was converted":
    "nur Beträge in {to}: Die Charta nennt keine Kurse (charter/money.toml), also wurde nichts umgerechnet",
  "in {to} {}, each amount once, then summed: {rates}":
    "in {to} {}, jeder Betrag einmal, dann summiert: {rates}",
  "no rate was needed": "kein Kurs war nötig",
  // Promises, and answers to leads.
  "{}: {} to {}, within {} of {starts}": "{}: {} an {}, innerhalb von {} ab {starts}",
  "each entry into `{stage}`": "jedem Eintritt in `{stage}`",
  "the lead's creation": "dem Anlegen des Leads",
  "the first assignment to a rep": "der ersten Zuweisung",
  "nothing here was lost for `{reason}`; `ask metric lost_by_reason` shows the reasons given, letter for letter":
    "nichts ging hier wegen `{reason}` verloren; die Metrik „Verloren nach Grund“ zeigt die genannten Gründe, Buchstabe für Buchstabe",
  "leads by their creation; an answer is the first touch by sales at or after {runs_from}; calendar time; working hours count in `ask sla`":
    "Leads nach ihrem Anlegen; eine Antwort ist der erste Kontakt des Vertriebs ab {runs_from}; Kalenderzeit; Arbeitsstunden zählen bei den Zusagen",
  "the first entry of `{step}`": "dem ersten Eintritt in `{step}`",
  "in time: answered within it, of those answered or overdue; who can still be answered in time is left out, and so are dates without a time where hours are asked; ≈ is an estimate (Kaplan–Meier; the unanswered are censored at the horizon)":
    "rechtzeitig: innerhalb beantwortet, von den beantworteten oder überfälligen; ohne die, die noch rechtzeitig beantwortet werden können, und ohne Daten ohne Uhrzeit, wo Stunden gefragt sind; ≈ ist eine Schätzung (Kaplan–Meier; unbeantwortete sind am Ende der Daten zensiert)",
  "business hours are those of charter/calendar.toml (days off: {}); a date without a time has no hour, and what it leaves open is unknown":
    "Geschäftszeiten sind die aus charter/calendar.toml (freie Tage: {}); ein Datum ohne Uhrzeit hat keine Stunde, und was es offen lässt, ist unbekannt",
  "an answer is the first verdict, touch, or move to a stage of its own (a later one, where an entry started it), by the side that takes over, that somebody logged; ≈ is an estimate (Kaplan–Meier; the unanswered are censored at the horizon)":
    "eine Antwort ist das erste Urteil, der erste Kontakt oder der Wechsel in eine eigene Stufe (eine spätere, wo ein Eintritt den Anfang machte) der übernehmenden Seite, den jemand eintrug; ≈ ist eine Schätzung (Kaplan–Meier; unbeantwortete sind am Ende der Daten zensiert)",
  "no bill: no deal is won, or won deals took no time, so there is no pace":
    "keine Rechnung: Kein Deal ist gewonnen, oder gewonnene Deals brauchten keine Zeit, also gibt es kein Tempo",
  "an open deal moves {} a day: mean won value ({} over {}) × win rate ({} of {}) ÷ mean cycle ({days} days of {}); booked to the handoff, and to nobody in it":
    "ein offener Deal bewegt {} am Tag: mittlerer gewonnener Betrag ({} durch {}) × Gewinnquote ({} von {}) ÷ mittlerer Zyklus ({days} Tage durch {}); gebucht auf die Übergabe und auf niemanden darin",
  "not billed: waits of deals in a currency in which none was won ({}); --currency bills all in one":
    "nicht berechnet: Warten von Deals in einer Währung, in der keiner gewonnen wurde ({}); eine gefragte Währung berechnet alle in einer",
  "{count} in {own}": "{count} in {own}",
  marketing: "Marketing",
  sales: "Vertrieb",
  partner: "Partner",
  // Losses, and attributes that know the outcome.
  "of {} several voices speak: in a row of each, and once in all":
    "über {} sprechen mehrere Stimmen: in einer Zeile jeder, und einmal in allem",
  "of {silent} nobody says why": "zu {silent} sagt niemand, warum",
  "{} statements behind `{}`": "{} Aussagen hinter `{}`",
  "the rules of stage {} name {name}, which is {}: what they find is known only afterwards, or as good as known":
    "die Regeln der Stufe {} nennen {name}, das {}: Was sie finden, ist erst danach bekannt oder so gut wie bekannt",
  "an attribute that tells the outcome is a very good predictor, or was filled in because of it: find out when it is filled before a rule, a segment or a forecast rests on it":
    "ein Attribut, das das Ergebnis verrät, sagt es sehr gut voraus oder wurde seinetwegen ausgefüllt: Klären Sie, wann es ausgefüllt wird, bevor eine Regel, ein Segment oder eine Prognose darauf beruht",
  "tells: removes at least 40 % of the errors of a blind guess; leans: 20 %; written after: at least half of the ended ones got it, or another value, at or after their end":
    "„verrät“: nimmt mindestens 40 % der Fehler blinden Ratens; „neigt dazu“: 20 %; „danach geschrieben“: mindestens die Hälfte der Beendeten bekam es oder einen anderen Wert an ihrem Ende oder danach",
  // What changed.
  "{own} compared with {from}..{until}": "{own} verglichen mit {from}..{until}",
  "split by {}, whose shares moved most where most of the difference is; of {tried}":
    "aufgeteilt nach {}, dessen Gewichte sich am meisten bewegten, wo der größte Teil des Unterschieds ist; aus {tried}",
  "no dimension explains two thirds of the difference; of {tried}":
    "keine Aufteilung erklärt zwei Drittel des Unterschieds; aus {tried}",
  "the other period: {note}": "der andere Zeitraum: {note}",
  "amounts of several currencies are not split: --by, or --currency":
    "Beträge mehrerer Währungen werden nicht von selbst aufgeteilt: Wählen Sie eine Aufteilung oder eine Währung",
  "the changes of all rows sum to the difference":
    "die Änderungen aller Zeilen ergeben zusammen den Unterschied",
  "each row's change is its own: the figures of rows do not come to that of all":
    "die Änderung jeder Zeile ist ihre eigene: Die Zahlen der Zeilen ergeben nicht die von allem",
  "each row's factors sum to its difference: the mean of all orders of change":
    "die Faktoren jeder Zeile ergeben zusammen ihren Unterschied: der Mittelwert aller Reihenfolgen der Änderung",
  "factors and rows sum to the difference: the mean of all orders of change":
    "Faktoren und Zeilen ergeben zusammen den Unterschied: der Mittelwert aller Reihenfolgen der Änderung",
  "{name} in all: {before} before, {after} after, {change}":
    "{name} insgesamt: {before} vorher, {after} nachher, {change}",
  "no value": "kein Wert",
  "the periods are not equally long ({after} and {before} days): `tells` compares them by day, `change` does not":
    "die Zeiträume sind nicht gleich lang ({after} und {before} Tage): „sagt etwas aus“ vergleicht sie je Tag, „Änderung“ nicht",
  "`tells` looks at {what}: what each adds is not known":
    "„sagt etwas aus“ betrachtet, {what}: Was jeder beiträgt, ist nicht bekannt",
  "how many stand behind a row, not at what chance does":
    "wie viele hinter einer Zeile stehen, nicht was der Zufall tut",
  "rows that do not tell: {silent} (fewer than {few}, {test})":
    "Zeilen, die nichts aussagen: {silent} (weniger als {few}, {test})",
  "or a difference of means whose 95 % interval spans nought":
    "oder ein Unterschied von Mittelwerten, dessen 95-%-Intervall die Null enthält",
  "or a difference that chance alone makes": "oder ein Unterschied, den allein der Zufall macht",
  "or a difference of rates whose 95 % interval spans nought":
    "oder ein Unterschied von Quoten, dessen 95-%-Intervall die Null enthält",
  "on either side": "auf einer der beiden Seiten",
  "a median has no parts: it is what the one in the middle took, and nobody's own time adds to it":
    "ein Median hat keine Teile: Er ist die Zeit des Mittleren, und niemandes eigene Zeit trägt dazu bei",
  "what its measures add to a difference sums to it: the mean of all orders of change":
    "was seine Maße zu einem Unterschied beitragen, ergibt ihn zusammen: der Mittelwert aller Reihenfolgen der Änderung",
  "rows without parts: {without}: with some measures as before and others as after, the formula has no value":
    "Zeilen ohne Teile: {without}: mit manchen Maßen wie vorher und anderen wie nachher hat die Formel keinen Wert",
  "left out: {unchanged} without a change": "ausgelassen: {unchanged} ohne Änderung",
  "as told at ledger {} and at ledger {}; the causes in between are taken in by this order, and what they change sums to the difference":
    "wie berichtet nach Stand Nr. {} und nach Stand Nr. {}; die Gründe dazwischen werden in dieser Reihenfolge aufgenommen, und was sie ändern, ergibt zusammen den Unterschied",
  "nothing was learned or defined in between": "dazwischen wurde nichts erfahren oder festgelegt",
  "the charter was {} then and is {} now": "die Charta war damals {} und ist jetzt {}",
  // Data health.
  "{} of {looked_for} checks found something; --records found --row AREA,CHECK lists what":
    "{} von {looked_for} Prüfungen fanden etwas; die Datensätze an jeder Zahl zeigen, was",
  "{:.1} % of revenue in {} is of won deals that {}: {}":
    "{:.1} % des Umsatzes in {} sind von gewonnenen Deals, die {}: {}",
  "have no account": "keinen Account haben",
  "have no owner": "keinen Zuständigen haben",
  "have no contact": "keinen Ansprechpartner haben",
  "have no creation date": "kein Anlegedatum haben",
  "were closed without a date": "ohne Datum abgeschlossen wurden",
  "rest on people without an e-mail": "auf Personen ohne E-Mail beruhen",
  "rest on people without an account": "auf Personen ohne Account beruhen",
  "have touches without a channel": "Kontakte ohne Kanal haben",
  "have touches without a campaign": "Kontakte ohne Kampagne haben",
  "rest on an assumed date": "auf einem angenommenen Datum beruhen",
  "rest on undated facts": "auf undatierten Datensätzen beruhen",
  "have amounts in a currency without a rate": "Beträge in einer Währung ohne Kurs haben",
  "have marks that the charter does not know": "Markierungen haben, die die Charta nicht kennt",
  "never were in a stage": "nie in einer Stufe waren",
  "were won before their first contact": "vor ihrem ersten Kontakt gewonnen wurden",
  "were closed before they were created": "vor ihrem Anlegen abgeschlossen wurden",
  "were won without an earlier stage": "ohne frühere Stufe gewonnen wurden",
  "have marks after their end": "Markierungen nach ihrem Ende haben",
  "have a date that has not come": "ein Datum haben, das noch nicht da ist",
  "name a person that no row defines": "eine Person nennen, die keine Zeile anlegt",
  "`{name}` is {days} days behind the newest source":
    "`{name}` ist {days} Tage hinter der neuesten Quelle",
  "people that no row defines are named in {}{}":
    "Personen, die keine Zeile anlegt, werden genannt in {}{}",
  "{what} that no row defines: {}{}": "{what}, die keine Zeile anlegt: {}{}",
  deals: "Deals",
  accounts: "Accounts",
  " and {more} more": " und {more} weitere",
  // Deals that somebody brought back.
  "revived on {until} after {days} days of silence since {since}: {by}":
    "am {until} nach {days} Tagen Stille seit {since} wiederbelebt: {by}",
  "{roles} left on {since}, and it went on on {until}: {by}":
    "{roles} ging am {since}, und am {until} ging es weiter: {by}",
  // Who is who, journeys, and whose rows are seen.
  "stands for all keys: {}": "steht für alle Schlüssel: {}",
  "{who}: 1 pursuit": "{who}: 1 Vorgang",
  "{who}: {many} pursuits": "{who}: {many} Vorgänge",
  "only rows of {told}: pursuits, deals and leads that its people had last; what is learned and estimated is of these alone":
    "nur Zeilen von {told}: Vorgänge, Deals und Leads, die seine Leute zuletzt hatten; was gelernt und geschätzt wird, ist allein aus diesen",
  "team {one}": "Team {one}",
  "teams {}": "den Teams {}",
  // The forecast.
  "deals: {said}": "Deals: {said}",
  "value: {said}": "Wert: {said}",
  "from {} until before {}, told from what had happened by the end of {at}":
    "von {} bis vor {}, gesagt aus dem, was bis zum Ende des {at} geschehen war",
  "model: chances by stage and days in it, of {}; of late wins come at {pace} % of what these say; {}":
    "Modell: Aussichten nach Stufe und Tagen darin, aus {}; zuletzt kamen {pace} % der Gewinne, die sie erwarten lassen; {}",
  "{} of {} have no amount of which a source shows that it held that day: each is worth what one of the latest wins was":
    "{} von {} haben keinen Betrag, von dem eine Quelle zeigt, dass er an diesem Tag galt: Jeder ist so viel wert wie einer der letzten Gewinne",
  "{undated} without a day: in no part until it has one":
    "{undated} ohne Tag: in keinem Teil, solange das so ist",
  "what happened counts from when it happened, also where it was entered later":
    "was geschah, zählt ab da, wann es geschah, auch wo es später eingetragen wurde",
  "by {word}, {means}: {wins} are too few for a model, which needs {WINS}; {best}":
    "nach {word}, {means}: {wins} sind zu wenige für ein Modell, das {WINS} braucht; {best}",
  "by {word}, {means}: the model is untried ({windows}, {ORIGINS} are needed); {best}":
    "nach {word}, {means}: Das Modell ist unerprobt (an {windows}, {ORIGINS} sind nötig); {best}",
  "by {word}, {means}: in {windows} it did better than the model (pinball loss {} against {})":
    "nach {word}, {means}: In {windows} war das besser als das Modell (Pinball-Verlust {} gegen {})",
  "of the plain rules it did best in {windows} (pinball loss {})":
    "unter den einfachen Regeln war sie in {windows} die beste (Pinball-Verlust {})",
  "there is no past window to try the rules on":
    "es gibt kein vergangenes Fenster, um die Regeln zu erproben",
  "by the model: in {windows} its pinball loss was {}, that of the best plain rule, {}, {}; {} of {} came within 10 to 90 %":
    "nach dem Modell: in {windows} war sein Pinball-Verlust {}, der der besten einfachen Regel, {}, {}; {} von {} lagen zwischen 10 und 90 %",
  "{} behind `{}`; what is still to be created has none":
    "{} hinter `{}`; was noch entstehen muss, hat keine",
  "{} of {long}, one beginning with each month, the last over by the end of {}; {TESTED_PATHS} paths each":
    "{} von {long}, eines mit Beginn jedes Monats, das letzte vorbei am Ende des {}; je {TESTED_PATHS} Durchläufe",
  "deals that were open when each of {} of {} began, once for each; the last was over by the end of {}":
    "Deals, die zu Beginn von {} von {} offen waren, für jedes einmal; das letzte war am Ende des {} vorbei",
  "groups are those of that day as sources date them; an export of one row for each deal shows its last one":
    "Gruppen sind die jenes Tages, wie Quellen sie datieren; ein Export mit einer Zeile je Deal zeigt die letzte",
  "a month": "einem Monat",
  "three months": "drei Monaten",
  "history is too short: before a window something must have been seen for as long":
    "die Geschichte ist zu kurz: Vor einem Fenster muss ebenso lange etwas zu sehen gewesen sein",
  "chosen: who would have spoken, by the windows before alone; all are scored over the windows of which the model could tell something":
    "gewählt: wer gesprochen hätte, allein nach den Fenstern davor; alle werden an den Fenstern gemessen, zu denen das Modell etwas sagen konnte",
  // Goals.
  "{}, each for itself: those that say the same money twice are not added up":
    "{}, jedes für sich: Die dasselbe Geld zweimal nennen, werden nicht zusammengezählt",
  "{} in another currency than the goal: in no sum without --currency":
    "{} in anderer Währung als das Ziel: ohne gewählte Währung in keiner Summe",
  "only goals that lie whole in {from}..{until}": "nur Ziele, die ganz in {from}..{until} liegen",
  "a goal that names no team and no rep is carried by all sides: each has the same figures":
    "ein Ziel ohne Team und Verkäufer tragen alle Seiten: Jede hat dieselben Zahlen",
  // The plan.
  "the goal is the one that was given": "das Ziel ist das angegebene",
  "the goal is that of the book: {}": "das Ziel ist das des Buchs: {}",
  "no month has a goal of its own: each has its days' part":
    "kein Monat hat ein eigenes Ziel: Jeder hat den Teil seiner Tage",
  "each row has the part of the goal that it had of what was won in {} days":
    "jede Zeile hat den Teil des Ziels, den sie an dem hatte, was in {} Tagen gewonnen wurde",
  "each line alone closes the gap if so many come evenly from {} on, beside what is in hand; whoever begins further down has reached the stages above":
    "jede Zeile schließt allein die Lücke, wenn so viele ab {} gleichmäßig kommen, neben dem, was in Arbeit ist; wer weiter unten beginnt, hat die Stufen darüber erreicht",
  "a plan at average rates holds in about five of ten cases: the odds are of what rates, amounts and chance are not sure of":
    "ein Plan nach mittleren Raten hält in etwa fünf von zehn Fällen: Die Aussichten kommen daher, dass Raten, Beträge und Zufall ungewiss sind",
  "no win has an amount: how many are needed cannot be said":
    "kein Gewinn hat einen Betrag: Wie viele nötig sind, lässt sich nicht sagen",
  "a win is worth what the latest were: {sum} of {wins}":
    "ein Gewinn ist so viel wert wie die letzten: {sum} aus {wins}",
  "{wins} are few: what is told of so few may be far off":
    "{wins} sind wenige: Was aus so wenigen gesagt wird, kann weit daneben liegen",
  "{sum} were spent in {days} in which {came} came to be":
    "{sum} wurden in {days} ausgegeben, in denen {came} entstanden",
  "{sum} were spent in {days} in which {came} came to be; {} in other currencies are in no sum":
    "{sum} wurden in {days} ausgegeben, in denen {came} entstanden; {} in anderen Währungen sind in keiner Summe",
};
