//! What columns of answers mean, in German, by the server's own sentences: a part in braces stands for
//! what the server puts there, and is said in German too where it is a sentence of this list.

export const means: Record<string, string> = {
  // What stands above the rows of credit.
  "of the won deals, those that marketing touched {when}":
    "von den gewonnenen Deals die, die das Marketing {when} erreicht hat",
  "of the open deals, those that marketing touched {when}":
    "von den offenen Deals die, die das Marketing {when} erreicht hat",
  "of what the won deals are worth, what those are that marketing touched {when}":
    "vom Wert der gewonnenen Deals der Wert derer, die das Marketing {when} erreicht hat",
  "of what the open deals are worth, what those are that marketing touched {when}":
    "vom Wert der offenen Deals der Wert derer, die das Marketing {when} erreicht hat",
  "before they closed": "vor dem Abschluss",
  "before they were created": "vor dem Anlegen",
  "so far": "bisher",
  // The funnel.
  "in the stage when the period starts": "in der Stufe, wenn der Zeitraum beginnt",
  "entered within the period; an event at its end belongs to the next":
    "im Zeitraum eingetreten; was genau an seinem Ende geschieht, gehört zum nächsten",
  "left within the period, by any way": "im Zeitraum verlassen, auf welchem Weg auch immer",
  "in the stage when the period ends": "in der Stufe, wenn der Zeitraum endet",
  "left for a later stage": "in eine spätere Stufe gewechselt",
  "left by winning": "gewonnen",
  "left for an earlier stage": "in eine frühere Stufe zurück",
  "left for a detour": "auf einen Umweg gewechselt",
  "left by losing": "verloren",
  "left as never a buyer": "als Nicht-Käufer ausgeschieden",
  "left by silence": "eingeschlafen",
  "entered `{}`": "in „{}“ eingetreten",
  "of those, reached `{id}` or beyond": "von diesen haben „{id}“ oder mehr erreicht",
  "of those, their pursuit ended lost, whenever": "von diesen verloren, wann auch immer",
  "of those, ended as never a buyer, whenever":
    "von diesen als Nicht-Käufer ausgeschieden, wann auch immer",
  "of those, ended by silence, whenever": "von diesen eingeschlafen, wann auch immer",
  "of those, not ended at the horizon": "von diesen am Ende der Daten noch offen",
  "≈ estimated share that reaches `{id}` or beyond, 95 % interval":
    "≈ geschätzter Anteil, der „{id}“ oder mehr erreicht, mit 95-%-Intervall",
  "whether the period and the window after it are over at the horizon":
    "ob Zeitraum und Frist danach am Ende der Daten vorbei sind",
  // Who is where.
  "in the stage at that instant": "zu diesem Zeitpunkt in der Stufe",
  "what their deals were worth at that instant": "was ihre Deals zu diesem Zeitpunkt wert waren",
  "there with an amount but no rate: not in the value":
    "dort, mit Betrag, aber ohne Wechselkurs: nicht im Wert",
  "there without an entry date": "dort, ohne Eintrittsdatum",
  "there without an entry date: no age to judge":
    "dort, ohne Eintrittsdatum: kein Alter zu beurteilen",
  "in the stage for so many calendar days": "seit so vielen Kalendertagen in der Stufe",
  "longer in the stage than its service level, else than nine of ten stays that are over":
    "länger in der Stufe als zugesagt, sonst als neun von zehn beendete Aufenthalte",
  "of those there, longer than the limit": "von denen dort, länger als die Grenze",
  "what the deals of the stale ones were worth at that instant":
    "was die Deals der Liegengebliebenen zu diesem Zeitpunkt wert waren",
  "stale with an amount but no rate: not in the value":
    "liegen geblieben, mit Betrag, aber ohne Wechselkurs: nicht im Wert",
  "the longest time there so far": "die bisher längste Zeit dort",
  "how long one may stay": "wie lange man bleiben darf",
  "where the limit comes from": "woher die Grenze kommt",
  "in the same stage then": "dann noch in derselben Stufe",
  "in another stage then": "dann in einer anderen Stufe",
  "won by then": "bis dahin gewonnen",
  "lost by then": "bis dahin verloren",
  "disqualified, dormant or deleted by then":
    "bis dahin ausgeschieden, eingeschlafen oder gelöscht",
  "the amounts of those won by then, as last known":
    "die Beträge der bis dahin gewonnenen, wie zuletzt bekannt",
  "won by then with an amount but no rate: not in the value":
    "bis dahin gewonnen, mit Betrag, aber ohne Wechselkurs: nicht im Wert",
  // From stage to stage.
  "where it comes from: (new) nothing yet, (at_start) the same stage since before the period, (none) no stage":
    "woher: (new) von nirgends, (at_start) schon vor dem Zeitraum in derselben Stufe, (none) keine Stufe",
  "where it goes to: (at_end) the same stage when the period ends, (none) no stage":
    "wohin: (at_end) am Ende des Zeitraums in derselben Stufe, (none) keine Stufe",
  "entry, forward, skip, passed, back, recycled, returned, reopened, out, end; stay is none, but who is there at an edge of the period":
    "Eintritt, vorwärts, übersprungen, durchlaufen, zurück, recycelt, wiedergekommen, wieder geöffnet, hinaus, Ende; „stay“ ist kein Wechsel, sondern wer an einem Rand des Zeitraums dort ist",
  "how often; one pursuit may go the same way again":
    "wie oft; ein Vorgang kann denselben Weg mehrmals gehen",
  "of those, stays in the stage left with both dates":
    "davon Aufenthalte in der verlassenen Stufe mit beiden Daten",
  "the middle time of those stays": "die mittlere Dauer dieser Aufenthalte (Median)",
  // Times.
  "how many have both dates": "wie viele beide Daten haben",
  "how many have both times": "wie viele beide Zeiten haben",
  "sum of the times over their count": "Summe der Zeiten durch ihre Anzahl",
  "the middle time": "die mittlere Zeit (Median)",
  "the shortest; below zero where dates contradict":
    "die kürzeste; unter null, wo Daten sich widersprechen",
  "the longest": "die längste",
  "stays that began": "begonnene Aufenthalte",
  "of those, over at the horizon": "davon am Ende der Daten beendet",
  "of those, still there at the horizon": "davon am Ende der Daten noch dort",
  "sum of the times of those that are over, over their count":
    "Summe der Zeiten der beendeten durch ihre Anzahl",
  "≈ half of all stays take at most so long":
    "≈ die Hälfte aller Aufenthalte dauert höchstens so lange",
  "≈ three of four take at most so long": "≈ drei von vier dauern höchstens so lange",
  "≈ nine of ten take at most so long": "≈ neun von zehn dauern höchstens so lange",
  // Answers to leads, and what was promised.
  "created in the period": "im Zeitraum angelegt",
  "of those, assigned to a rep by now": "davon bis jetzt zugewiesen",
  "of those, touched by sales by now": "davon bis jetzt vom Vertrieb angesprochen",
  "of all, accepted by the latest verdict": "von allen nach dem letzten Urteil angenommen",
  "of all, rejected by the latest verdict": "von allen nach dem letzten Urteil abgelehnt",
  "why they were rejected": "warum sie abgelehnt wurden",
  "≈ half of those whose clock runs are answered within so long":
    "≈ die Hälfte derer, deren Uhr läuft, ist innerhalb dieser Zeit beantwortet",
  "≈ nine of ten are answered within so long":
    "≈ neun von zehn sind innerhalb dieser Zeit beantwortet",
  "no touch by sales within {untouched_days} days of creation, of those due":
    "kein Kontakt des Vertriebs binnen {untouched_days} Tagen nach dem Anlegen, von den fälligen",
  "answered within {text}, of those due": "beantwortet innerhalb von {text}, von den fälligen",
  "median age at the first assignment, of those assigned":
    "mittleres Alter bei der ersten Zuweisung, von den zugewiesenen",
  "median age at the first touch by sales, of those worked":
    "mittleres Alter beim ersten Kontakt des Vertriebs, von den bearbeiteten",
  "handed over in the period": "im Zeitraum übergeben",
  "answered in time, of those answered or overdue":
    "rechtzeitig beantwortet, von den beantworteten oder überfälligen",
  "answered by the deadline, at the very deadline too":
    "bis zur Frist beantwortet, auch genau zur Frist",
  "answered later, or not though it is over":
    "später beantwortet oder nicht, obwohl sie vorbei ist",
  "not answered, and can still be in time: in no share":
    "nicht beantwortet und noch rechtzeitig möglich: in keinem Anteil",
  "its dates cannot tell: in no share": "die Daten geben es nicht her: in keinem Anteil",
  "overdue and not answered at the end of the period":
    "überfällig und am Ende des Zeitraums nicht beantwortet",
  "accepted by the latest verdict, of all": "nach dem letzten Urteil angenommen, von allen",
  "rejected by the latest verdict, of all": "nach dem letzten Urteil abgelehnt, von allen",
  "accepted by nobody's answer, as the charter has it":
    "angenommen, weil niemand antwortete, wie es in der Charta steht",
  "≈ half are answered within so many hours of the promise's clock":
    "≈ die Hälfte ist nach so vielen Stunden der zugesagten Uhr beantwortet",
  "≈ nine of ten are": "≈ neun von zehn sind es",
  "until the answer, the next handoff or the end of the pursuit, or last seen":
    "bis zur Antwort, zur nächsten Übergabe, zum Ende des Vorgangs oder zuletzt gesehen",
  "of these, those of pursuits with a deal, each moment once":
    "davon die von Vorgängen mit Deal, jeder Augenblick einmal",
  "deal_days × what an open deal moves in a day": "Deal-Tage × was ein offener Deal am Tag bewegt",
  "the same of deals in this currency": "dasselbe von Deals in dieser Währung",
  // Deals.
  "at_start and all moves come to at_end": "Anfang und alle Bewegungen ergeben das Ende",
  "deals that made this move; of grew, shrank and rates, how many times":
    "Deals mit dieser Bewegung; bei gewachsen, geschrumpft und Kursen, wie viele Male",
  "what it adds to the value of the open deals": "was es zum Wert der offenen Deals beiträgt",
  "deals {word}, by close date": "{word} Deals, nach Abschlussdatum",
  "of all deals {word}": "von allen {word} Deals",
  lost: "verlorene",
  won: "gewonnene",
  "their last known amounts": "ihre zuletzt bekannten Beträge",
  "the reason given": "der angegebene Grund",
  // What it cost, and who gets the credit.
  "what it is called": "wie es heißt",
  "spent for the days of the period": "für die Tage des Zeitraums ausgegeben",
  "first assigned to a rep in the period": "im Zeitraum zum ersten Mal zugewiesen",
  "deals created in the period": "im Zeitraum angelegte Deals",
  "what these are worth, as last known": "was diese wert sind, wie zuletzt bekannt",
  "deals won in the period": "im Zeitraum gewonnene Deals",
  "what these were worth": "was diese wert waren",
  "spend over {what}": "Ausgaben durch {what}",
  leads: "Leads",
  "assigned leads": "zugewiesene Leads",
  "deals opened": "angelegte Deals",
  "deals won": "gewonnene Deals",
  "{what} over spend, gross: 100 % is what was spent":
    "{what} durch Ausgaben, brutto: 100 % ist, was ausgegeben wurde",
  credited: "zugerechneter Umsatz",
  realised: "im Zeitraum verdienter Umsatz",
  "what touches here earned of deals closed in the period, by `{model}`":
    "was Kontakte hier an Deals verdienten, die im Zeitraum abgeschlossen wurden, nach „{model}“",
  "what touches here in the period earned, whenever the deal closed":
    "was Kontakte des Zeitraums hier verdienten, wann auch immer der Deal abgeschlossen wurde",
  "touches that may earn": "Kontakte, die verdienen dürfen",
  "{what} with a touch here, or with an amount that no touch earns; one deal may be in several rows":
    "{what} mit einem Kontakt hier oder mit einem Betrag, den kein Kontakt verdient; ein Deal kann in mehreren Zeilen stehen",
  "won deals": "gewonnene Deals",
  "open deals": "offene Deals",
  "its share of all, and where that lies in 95 of 100 replicates":
    "sein Anteil an allem, und wo er in 95 von 100 Wiederholungen liegt",
  "{model}: {}": "{model}: {}",
  "all to the first touch": "alles dem ersten Kontakt",
  "all to the last touch": "alles dem letzten Kontakt",
  "the same to every touch": "jedem Kontakt gleich viel",
  "40 % first, 40 % last, 20 % between": "40 % erster, 40 % letzter, 20 % dazwischen",
  "40 % first, 40 % where the lead came from, 20 % among all others":
    "40 % erster, 40 % Herkunft des Leads, 20 % alle anderen",
  "50 % first, 50 % where the lead came from": "50 % erster, 50 % Herkunft des Leads",
  "30 % each first, lead and deal creation, 10 % among all others":
    "je 30 % erster, Lead und Anlegen des Deals, 10 % alle anderen",
  "22.5 % each first, lead, deal creation and last, 10 % others":
    "je 22,5 % erster, Lead, Anlegen des Deals und letzter, 10 % andere",
  "22.5 parts each first, lead and deal creation, 10 others, none for a close to come":
    "je 22,5 Teile erster, Lead und Anlegen des Deals, 10 andere, keiner für einen Abschluss, der noch aussteht",
  "20 % first, 60 % last, 20 % between": "20 % erster, 60 % letzter, 20 % dazwischen",
  "60 % first, 20 % last, 20 % between": "60 % erster, 20 % letzter, 20 % dazwischen",
  "by positions that the charter names": "nach Positionen, die die Charta nennt",
  "all to the last touch that is not direct": "alles dem letzten Kontakt, der nicht direkt ist",
  "half as much for each half-life of age": "halb so viel je Halbwertszeit an Alter",
  "everything to everyone who took part: never to be summed":
    "alles jedem, der beteiligt war: nie zu summieren",
  "≈ in proportion to what paths lose without each channel":
    "≈ im Verhältnis zu dem, was Wege ohne den jeweiligen Kanal verlieren",
  "≈ in proportion to the channels' Shapley values": "≈ im Verhältnis der Shapley-Werte der Kanäle",
  // What changed.
  "{} of {which}": "{}, {which}",
  "the other period": "im anderen Zeitraum",
  "the period asked for": "im gefragten Zeitraum",
  "what it adds to the difference of the whole": "was es zum Unterschied des Ganzen beiträgt",
  "after less before": "nachher minus vorher",
  "{change}, in {unit}": "{change}, in {unit}",
  "percentage points": "Prozentpunkten",
  "no: too few to tell, or within what chance does":
    "nein: zu wenige, um es zu sagen, oder nicht mehr als Zufall",
  "no: too few to tell; what chance does is not looked at":
    "nein: zu wenige, um es zu sagen; Zufall wird nicht geprüft",
  "by more or fewer open deals": "durch mehr oder weniger offene Deals",
  "by more or fewer of them at all": "durch mehr oder weniger überhaupt",
  "by a larger or smaller share of the whole":
    "durch einen größeren oder kleineren Anteil am Ganzen",
  "by a larger or smaller mean of its own":
    "durch einen größeren oder kleineren eigenen Mittelwert",
  "by a higher or lower rate of its own": "durch eine höhere oder niedrigere eigene Quote",
  "by what each is worth": "durch das, was jeder wert ist",
  "by shorter or longer cycles": "durch kürzere oder längere Zyklen",
  "taken in one after another": "eine nach der anderen aufgenommen",
  "what the cause added": "was der Grund beitrug",
  "facts known at only one of the two moments":
    "Fakten, die nur zu einem der beiden Zeitpunkte bekannt waren",
  "records behind the figure that differ by it":
    "Datensätze hinter der Zahl, die sich dadurch unterscheiden",
  "the first of them": "die ersten davon",
  // Metrics.
  "how many are summed": "wie viele summiert sind",
  "how many are summed, each once in every period it is spread over":
    "wie viele summiert sind, jeder einmal in jedem Zeitraum, auf den er verteilt ist",
  "how many are added up": "wie viele addiert sind",
  "how many have an amount but no rate: counted here, not summed":
    "wie viele einen Betrag, aber keinen Wechselkurs haben: hier gezählt, nicht summiert",
  "deals open at the period's end": "am Ende des Zeitraums offene Deals",
  "amounts of the deals won over how many have one":
    "Beträge der gewonnenen Deals durch die Anzahl derer mit Betrag",
  "amounts without a rate: in none of the sums": "Beträge ohne Wechselkurs: in keiner der Summen",
  "deals with an amount but no rate: in none of the figures":
    "Deals mit Betrag, aber ohne Wechselkurs: in keiner der Zahlen",
  "won over won and lost": "gewonnene durch gewonnene und verlorene",
  "the amount in the asked currency; none where there is no rate":
    "der Betrag in der gefragten Währung; keiner, wo es keinen Wechselkurs gibt",
  "how many": "wie viele",
  "how many have an amount": "wie viele einen Betrag haben",
  "the median": "der Median",
  "added up": "zusammengezählt",
  "where {rule}": "wo {rule}",
  "earlier by an unknown time": "früher um eine unbekannte Zeit",
  "{days} days earlier": "{days} Tage früher",
  // Data health, and attributes that know the outcome.
  "`handfast explain CODE` says more": "die Seite des Codes sagt mehr",
  "how many were found": "wie viele gefunden wurden",
  "of how many looked at": "von wie vielen geprüften",
  "amounts of the won deals that rest on them, of all won":
    "Beträge der gewonnenen Deals, die darauf beruhen, von allen gewonnenen",
  "the outcome that it tells best": "das Ergebnis, das es am besten verrät",
  "have a value": "haben einen Wert",
  "of those with a value, had the outcome": "von denen mit Wert hatten das Ergebnis",
  "of those without one, had the outcome": "von denen ohne Wert hatten das Ergebnis",
  "whose outcome the others with the same value tell rightly":
    "deren Ergebnis die anderen mit demselben Wert richtig verraten",
  "what always guessing the commoner outcome gets right":
    "was richtig ist, wenn man immer das häufigere Ergebnis rät",
  "first given, or changed, at or after the end":
    "erst am Ende oder danach angegeben oder geändert",
  // The forecast and how past ones were told.
  "deals open when a past window began, once for each window":
    "Deals, die zu Beginn eines vergangenen Fensters offen waren, für jedes Fenster einmal",
  "≈ how likely the model told each to be won within the window, on average":
    "≈ wie wahrscheinlich jeder nach dem Modell im Fenster gewonnen wird, im Mittel",
  "of those, won within the window": "von diesen im Fenster gewonnen",
  "of those that have ended since, won": "von denen, die seither endeten, gewonnen",
  "where it comes from": "woher es kommt",
  "≈ {figure} won, {means}": "≈ gewonnen ({figure}), {means}",
  "in one of ten cases this or less": "in einem von zehn Fällen so viel oder weniger",
  "in half of all cases this or less": "in der Hälfte aller Fälle so viel oder weniger",
  "in nine of ten cases this or less": "in neun von zehn Fällen so viel oder weniger",
  "on average; those of parts come to that of all but for rounding":
    "im Mittel; die der Teile ergeben bis auf Rundung das aller",
  "past windows told": "vergangene Fenster, die vorhergesagt wurden",
  "of them, those in which it was chosen": "davon die, in denen es gewählt wurde",
  "Σ|came − p50| over Σ came": "Σ|gekommen − p50| durch Σ gekommen",
  "Σ(p50 − came) over Σ came: above 0 too much was told":
    "Σ(p50 − gekommen) durch Σ gekommen: über 0 wurde zu viel gesagt",
  "mean pinball loss of p10, p50 and p90 over the mean of what came":
    "mittlerer Pinball-Verlust von p10, p50 und p90 durch das Mittel dessen, was kam",
  "windows in which what came lay within p10 to p90":
    "Fenster, in denen zwischen p10 und p90 lag, was kam",
  // Goals.
  "the days that the goal is for": "die Tage, für die das Ziel ist",
  "what it is of": "worauf es zielt",
  "who carries it": "wer es trägt",
  "the segment or the stage that it names": "das Segment oder die Stufe, die es nennt",
  "what is to be reached": "was zu erreichen ist",
  "what has been reached of it so far, as its metric counts":
    "was davon bisher erreicht ist, wie seine Kennzahl zählt",
  "what has been reached, of the goal": "was erreicht ist, vom Ziel",
  "how many are to reach the stage": "wie viele die Stufe erreichen sollen",
  "how many have reached it so far": "wie viele sie bisher erreicht haben",
  "of these, of those": "diese von jenen",
  "how many of its days are over, of all": "wie viele seiner Tage vorbei sind, von allen",
  // The plan.
  "what is to be reached, and what it takes": "was zu erreichen ist und was es braucht",
  "≈ of the goal; beside the first stage what so many cost at even odds":
    "≈ vom Ziel; neben der ersten Stufe, was so viele bei gleicher Aussicht kosten",
  "≈ so many, if rates and amounts are what they are on average":
    "≈ so viele, wenn Raten und Beträge sind, was sie im Mittel sind",
  "≈ so many, for the goal to be reached in five of ten cases":
    "≈ so viele, damit das Ziel in fünf von zehn Fällen erreicht wird",
  "≈ so many, for the goal to be reached in eight of ten cases":
    "≈ so viele, damit das Ziel in acht von zehn Fällen erreicht wird",
  "≈ so many, for the goal to be reached in nine of ten cases":
    "≈ so viele, damit das Ziel in neun von zehn Fällen erreicht wird",
  "≈ so many come in the days that are left, if they come as of late":
    "≈ so viele kommen in den Tagen, die bleiben, wenn sie kommen wie zuletzt",
  "≈ the share that is won in the end, by a Beta distribution":
    "≈ der Anteil, der am Ende gewonnen wird, nach einer Beta-Verteilung",
  "≈ of those, the share that is won in time if they come evenly from tomorrow on":
    "≈ davon der Anteil, der rechtzeitig gewonnen wird, wenn sie ab morgen gleichmäßig kommen",
  "≈ whoever comes until then and is won in the end is won in time in five of ten cases":
    "≈ wer bis dahin kommt und am Ende gewonnen wird, ist es in fünf von zehn Fällen rechtzeitig",
  "≈ whoever comes until then and is won in the end is won in time in one of ten cases":
    "≈ wer bis dahin kommt und am Ende gewonnen wird, ist es in einem von zehn Fällen rechtzeitig",
};
