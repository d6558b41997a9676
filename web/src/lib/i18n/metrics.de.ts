//! The catalogue of metrics in German, by the names that the server has for them: how each is called,
//! and what it means. A test holds the list against the definitions that ship.

type Said = readonly [name: string, means: string];

export const metrics: Record<string, Said> = {
  won: ["Gewonnen", "Im Zeitraum gewonnen, nach Abschlussdatum"],
  lost: ["Verloren", "Im Zeitraum verloren, nach Abschlussdatum"],
  lost_by_reason: ["Verloren nach Grund", "Im Zeitraum verloren, nach dem genannten Grund"],
  lost_for: ["Verloren aus einem Grund", "Von den Verlusten des Zeitraums die aus diesem Grund"],
  lost_explained: ["Verloren mit Grund", "Von den Verlusten des Zeitraums die mit einem Grund"],
  closed: ["Abgeschlossen", "Im Zeitraum gewonnen oder verloren, nach Abschlussdatum"],
  ended: ["Beendet", "Im Zeitraum beendet, auf welche Weise auch immer"],
  new_customers: [
    "Neukunden",
    "Käufer, die im Zeitraum zum ersten Mal gewonnen wurden, nach Abschlussdatum",
  ],
  deals_created: ["Angelegte Deals", "Im Zeitraum angelegte Deals"],
  win_rate: ["Gewinnquote", "Gewonnene von gewonnenen und verlorenen Deals, nach Abschlussdatum"],
  win_rate_all_ends: [
    "Gewinnquote aller Enden",
    "Gewonnene von allen beendeten, auch ohne Entscheidung und ungeeignete, nach Abschlussdatum",
  ],
  win_rate_by_value: [
    "Gewinnquote nach Wert",
    "Gewonnene Beträge von gewonnenen und verlorenen, nach Abschlussdatum",
  ],
  win_rate_cohort: [
    "Gewinnquote der Kohorte",
    "Bis jetzt gewonnene von allen im Zeitraum angelegten Deals",
  ],
  win_rate_from: [
    "Gewinnquote ab Stufe",
    "Bis jetzt gewonnene von allen, die im Zeitraum in eine Stufe eintraten",
  ],
  win_rate_brand_first: [
    "Gewinnquote, Marke vor Vertrieb",
    "Gewonnene von gewonnenen und verlorenen Deals der Käufer, die Markenaktivität vor jedem Touchpoint des Vertriebs erreichte",
  ],
  win_rate_not_brand_first: [
    "Gewinnquote, alle anderen",
    "Gewonnene von gewonnenen und verlorenen Deals aller Käufer, die Markenaktivität nicht zuerst erreichte",
  ],
  marketing_touched: [
    "Vom Marketing erreicht",
    "Von den gewonnenen Deals die, die das Marketing vor dem Abschluss erreicht hat",
  ],
  marketing_touched_by_value: [
    "Vom Marketing erreicht, nach Wert",
    "Vom Wert der gewonnenen Deals der Wert derer, die das Marketing vor dem Abschluss erreicht hat",
  ],
  marketing_touched_before_creation: [
    "Vor dem Anlegen vom Marketing erreicht",
    "Von den gewonnenen Deals die, die das Marketing vor dem Anlegen des Deals erreicht hat",
  ],
  marketing_touched_before_creation_by_value: [
    "Vor dem Anlegen vom Marketing erreicht, nach Wert",
    "Vom Wert der gewonnenen Deals der Wert derer, die das Marketing vor dem Anlegen erreicht hat",
  ],
  close_rate: [
    "Abschlussquote nach Quartalen",
    "Von angelegten Deals die, die im n-ten Quartal danach gewonnen wurden (ohne Angabe im selben)",
  ],
  loss_rate: ["Verlustquote", "Verlorene von gewonnenen und verlorenen Deals, nach Abschlussdatum"],
  loss_rate_by_value: ["Verlustquote nach Wert", "Verlorene Beträge von gewonnenen und verlorenen"],
  no_decision_rate: [
    "Quote ohne Entscheidung",
    "Ohne Gewinn oder Verlust beendet (ungeeignet, verstummt), von allen beendeten",
  ],
  lost_reason_share: [
    "Verlustgrund in Prozent",
    "Von den Verlusten die aus genau diesem Grund, Buchstabe für Buchstabe",
  ],
  lost_reason_known: [
    "Verlustgrund bekannt",
    "Von den Verlusten die, zu denen jemand einen Grund nannte",
  ],
  revenue: ["Umsatz", "Beträge der gewonnenen Deals, nach Abschlussdatum"],
  mean_won_value: [
    "Mittlerer gewonnener Betrag",
    "Beträge der gewonnenen Deals je Deal mit Betrag, nach Abschlussdatum",
  ],
  lost_value: ["Verlorener Betrag", "Beträge der verlorenen Deals, nach Abschlussdatum"],
  target: ["Ziel", "Was im Zeitraum gewonnen werden soll"],
  average_deal_size: ["Mittlere Dealgröße", "Umsatz je gewonnenem Deal mit Betrag"],
  average_lost_value: [
    "Mittlerer verlorener Betrag",
    "Was ein verlorener Deal mit Betrag wert war",
  ],
  average_open_value: [
    "Mittlerer offener Betrag",
    "Was ein offener Deal mit Betrag am Ende des Zeitraums wert ist",
  ],
  average_created_value: [
    "Mittlerer Betrag beim Anlegen",
    "Was ein neuer Deal mit Betrag beim Anlegen wert war",
  ],
  quota_attainment: ["Zielerreichung", "Umsatz im Verhältnis zu dem, was gewonnen werden sollte"],
  gap_to_target: [
    "Lücke zum Ziel",
    "Was im Zeitraum noch zu gewinnen ist; unter null, wo mehr gewonnen wurde, als sollte",
  ],
  revenue_per_lead: [
    "Umsatz je Lead",
    "Umsatz des Zeitraums je darin angelegtem Lead: zwei Gruppen",
  ],
  open_value: ["Offene Pipeline", "Beträge der am Ende des Zeitraums offenen Deals"],
  open_due: ["Fällige Pipeline", "Beträge der offenen Deals, die im Zeitraum abschließen sollen"],
  weighted_open: [
    "Offen, gewichtet",
    "Beträge der am Ende des Zeitraums offenen Deals, jeder mal seiner Wahrscheinlichkeit",
  ],
  weighted_due: [
    "Fällig, gewichtet",
    "Beträge der offenen Deals, die im Zeitraum abschließen sollen, jeder mal seiner Wahrscheinlichkeit",
  ],
  weighted_by_history: [
    "Offen, nach Stufe gewichtet",
    "Beträge der offenen Deals, jeder mal der Häufigkeit, mit der Deals seiner Stufe gewonnen wurden",
  ],
  weighted_by_age: [
    "Offen, nach Alter gewichtet",
    "Beträge der offenen Deals, jeder mal der Häufigkeit, mit der in seinem Alter noch offene Deals gewonnen wurden",
  ],
  weighted_by_category: [
    "Offen, nach Forecast-Kategorie gewichtet",
    "Beträge der offenen Deals, jeder mal der Häufigkeit, mit der Deals seiner Forecast-Kategorie gewonnen wurden",
  ],
  weighted_pipeline: [
    "Gewichtete Pipeline",
    "Was die am Ende des Zeitraums offenen Deals wert sind, jeder mal seiner Wahrscheinlichkeit: der eigenen, sonst der seiner Stufe laut Charta",
  ],
  weighted_pipeline_due: [
    "Gewichtete fällige Pipeline",
    "Die gewichtete Pipeline derer, die im Zeitraum abschließen sollen",
  ],
  weighted_pipeline_by_history: [
    "Gewichtete Pipeline nach Stufe",
    "Was die offenen Deals wert sind, jeder mal der Häufigkeit, mit der Deals gewonnen wurden, die je in seiner Stufe waren",
  ],
  weighted_pipeline_by_age: [
    "Gewichtete Pipeline nach Alter",
    "Was die offenen Deals wert sind, jeder mal der Häufigkeit, mit der Deals gewonnen wurden, die ebenso viele Quartale nach ihrem Anlegen noch offen waren",
  ],
  weighted_pipeline_by_category: [
    "Gewichtete Pipeline nach Forecast-Kategorie",
    "Was die offenen Deals wert sind, jeder mal der Häufigkeit, mit der Deals gewonnen wurden, die je in seiner Forecast-Kategorie waren",
  ],
  weighted_coverage: [
    "Gewichtete Abdeckung",
    "Gewichtete Pipeline, die im Zeitraum abschließen soll, im Verhältnis zu dem, was noch zu gewinnen ist",
  ],
  pipeline_coverage: [
    "Pipeline-Abdeckung",
    "Offene Pipeline, die im Zeitraum abschließen soll, im Verhältnis zu dem, was noch zu gewinnen ist",
  ],
  pipeline_to_target: [
    "Pipeline zum Ziel",
    "Offene Pipeline, die im Zeitraum abschließen soll, im Verhältnis zum ganzen Ziel",
  ],
  pipeline_created: [
    "Angelegte Pipeline",
    "Beträge der angelegten Deals, wie sie beim Anlegen waren",
  ],
  pipeline_created_now: [
    "Angelegte Pipeline, jetzt",
    "Beträge der angelegten Deals, wie sie zuletzt bekannt sind",
  ],
  pipeline_growth: [
    "Pipeline-Wachstum",
    "Wie viel mehr die im Zeitraum angelegten Deals jetzt wert sind als beim Anlegen",
  ],
  pipeline_per_lead: [
    "Pipeline je Lead",
    "Was die im Zeitraum angelegten Deals damals wert waren, je darin angelegtem Lead",
  ],
  leads_created: ["Angelegte Leads", "Im Zeitraum angelegte Leads"],
  leads_assigned: [
    "Zugewiesene Leads",
    "Leads, die im Zeitraum zum ersten Mal einem Vertriebsmitarbeiter zugewiesen wurden",
  ],
  leads_worked: [
    "Bearbeitete Leads",
    "Leads, die der Vertrieb im Zeitraum zum ersten Mal bearbeitet hat",
  ],
  leads_attributed: [
    "Leads bezahlter Kampagnen",
    "Im Zeitraum angelegte Leads aus Kampagnen, für die darin Geld ausgegeben wurde; in Zeilen von Zeiträumen in dem der Zeile",
  ],
  leads_of_new_campaigns: [
    "Leads neuer Kampagnen",
    "Alle Leads, die Kampagnen je brachten, deren Ausgaben im Zeitraum begannen",
  ],
  leads_with_deal: ["Leads mit Deal", "Von angelegten Leads die, deren Vorgang einen Deal hat"],
  leads_won: ["Gewonnene Leads", "Von angelegten Leads die, deren Vorgang gewonnen wurde"],
  assignment_rate: [
    "Zuweisungsquote",
    "Im Zeitraum zum ersten Mal zugewiesene Leads je darin angelegtem: zwei Gruppen, deshalb auch über 100 %",
  ],
  working_rate: [
    "Bearbeitungsquote",
    "Im Zeitraum zum ersten Mal vom Vertrieb bearbeitete Leads je darin angelegtem: zwei Gruppen, deshalb auch über 100 %",
  ],
  entered: [
    "Eingetreten",
    "Im Zeitraum zum ersten Mal in eine Stufe eingetreten (ohne Angabe die erste)",
  ],
  in_stage: ["In der Stufe", "Zu irgendeiner Zeit des Zeitraums in einer Stufe"],
  reached: [
    "Erreicht",
    "Von denen, die im Zeitraum in eine Stufe eintraten, die, die eine andere erreichten",
  ],
  accounts_with_deal: [
    "Accounts mit Deal",
    "Von Accounts mit neuem Lead die mit einem Deal seither",
  ],
  accounts_won: [
    "Gewonnene Accounts",
    "Von Accounts mit neuem Lead die mit einem seither gewonnenen Deal",
  ],
  conversion: [
    "Konversion",
    "Erste Eintritte in eine Stufe je Eintritt in eine andere im selben Zeitraum: zwei Gruppen, deshalb auch über 100 %",
  ],
  conversion_cohort: [
    "Konversion der Kohorte",
    "Von denen, die im Zeitraum in eine Stufe eintraten, die, die eine andere oder eine spätere erreichten",
  ],
  conversion_passed_through: [
    "Konversion der Anwesenden",
    "Wer irgendwann in einer Stufe war, je dem, der in einer anderen war, im selben Zeitraum",
  ],
  lead_to_deal: [
    "Lead zu Deal",
    "Von den im Zeitraum angelegten Leads die, deren Vorgang einen Deal hat",
  ],
  lead_to_won: [
    "Lead zu Gewinn",
    "Von den im Zeitraum angelegten Leads die, deren Vorgang gewonnen wurde",
  ],
  account_lead_to_deal: [
    "Account mit Lead zu Deal",
    "Von den Accounts mit neuem Lead die mit einem Deal seither: mehrere Leads eines Accounts sind einer",
  ],
  account_lead_to_won: [
    "Account mit Lead zu Gewinn",
    "Von den Accounts mit neuem Lead die mit einem seither gewonnenen Deal",
  ],
  cycle_won: [
    "Dauer bis zum Gewinn",
    "Tage vom Anlegen bis zum Gewinn, von im Zeitraum gewonnenen Deals",
  ],
  cycle_lost: [
    "Dauer bis zum Verlust",
    "Tage vom Anlegen bis zum Verlust, von im Zeitraum verlorenen Deals",
  ],
  cycle_closed: [
    "Dauer bis zum Abschluss",
    "Tage vom Anlegen bis zum Ende, von im Zeitraum gewonnenen oder verlorenen Deals",
  ],
  cycle_won_from_opening: [
    "Dauer ab Beginn des Vorgangs",
    "Tage vom Beginn des Vorgangs bis zum Gewinn, von im Zeitraum gewonnenen Deals",
  ],
  cycle_won_from_touch: [
    "Dauer ab erstem Touchpoint",
    "Tage von dem Touchpoint, aus dem er kam, bis zum Gewinn, von im Zeitraum gewonnenen Deals",
  ],
  cycle_won_brand_first: [
    "Dauer, Marke vor Vertrieb",
    "Tage vom Anlegen bis zum Gewinn, bei Käufern, die Markenaktivität vor jedem Touchpoint des Vertriebs erreichte",
  ],
  cycle_won_not_brand_first: [
    "Dauer, alle anderen",
    "Tage vom Anlegen bis zum Gewinn, bei allen Käufern, die Markenaktivität nicht zuerst erreichte",
  ],
  median_cycle_won: [
    "Mittlere Dauer bis zum Gewinn (Median)",
    "Der Median der Tage vom Anlegen bis zum Gewinn",
  ],
  median_cycle_lost: [
    "Mittlere Dauer bis zum Verlust (Median)",
    "Der Median der Tage vom Anlegen bis zum Verlust",
  ],
  loss_delay: [
    "Verzögerung von Verlusten",
    "Wie viele Tage ein Verlust im Mittel länger dauert als ein Gewinn",
  ],
  sales_velocity: [
    "Vertriebsgeschwindigkeit",
    "Offene Deals × mittlerer gewonnener Betrag × Gewinnquote ÷ mittlere Dauer bis zum Gewinn: Geld je Tag",
  ],
  sales_velocity_all_ends: [
    "Vertriebsgeschwindigkeit, alle Enden",
    "Geld je Tag wie bei der Vertriebsgeschwindigkeit, mit der Gewinnquote aller beendeten",
  ],
  sales_velocity_by_value: [
    "Vertriebsgeschwindigkeit nach Wert",
    "Offene Deals × mittlerer gewonnener Betrag × Gewinnquote nach Wert ÷ mittlere Dauer bis zum Gewinn: Geld je Tag",
  ],
  sales_velocity_median: [
    "Vertriebsgeschwindigkeit, Median",
    "Offene Deals × mittlerer gewonnener Betrag × Gewinnquote ÷ Median der Dauer bis zum Gewinn: Geld je Tag",
  ],
  spend: ["Ausgaben", "Im Zeitraum für Kampagnen und Kanäle ausgegeben"],
  spend_of_new_campaigns: [
    "Ausgaben neuer Kampagnen",
    "Alles, was je für Kampagnen ausgegeben wurde, deren Ausgaben im Zeitraum begannen",
  ],
  cac: [
    "Kosten je Neukunde (CAC)",
    "Alle Ausgaben, Arbeit und Werkzeuge eingeschlossen, soweit sie bekannt sind, je Käufer, der im selben Zeitraum zum ersten Mal gewonnen wurde",
  ],
  cac_cohort: [
    "CAC der Kohorte",
    "Ausgaben des Zeitraums je Account mit neuem Lead darin, der seither gewonnen wurde, gleich wie viel später",
  ],
  cac_lagged: [
    "CAC, zeitversetzt",
    "Alle Ausgaben eine mittlere Dauer früher je Käufer, der zum ersten Mal gewonnen wurde",
  ],
  cac_programme: [
    "CAC nur Programme",
    "Ausgaben nur für Medien und Veranstaltungen je Käufer, der im selben Zeitraum zum ersten Mal gewonnen wurde",
  ],
  cac_programme_cohort: [
    "CAC nur Programme, Kohorte",
    "Ausgaben des Zeitraums nur für Medien und Veranstaltungen je Account mit neuem Lead darin, der seither gewonnen wurde",
  ],
  cac_programme_lagged: [
    "CAC nur Programme, zeitversetzt",
    "Ausgaben nur für Medien und Veranstaltungen eine mittlere Dauer früher je Käufer, der zum ersten Mal gewonnen wurde",
  ],
  cost_per_lead: ["Kosten je Lead", "Ausgaben je neuem Lead, ob Ausgaben ihn brachten oder nicht"],
  cost_per_lead_attributed: [
    "Kosten je Lead bezahlter Kampagnen",
    "Ausgaben je neuem Lead aus einer Kampagne, für die im Zeitraum Geld ausgegeben wurde",
  ],
  cost_per_lead_cohort: [
    "Kosten je Lead, Kohorte",
    "Was im Zeitraum begonnene Kampagnen je kosteten, je Lead, den sie je brachten",
  ],
  cost_per_lead_media: ["Medienkosten je Lead", "Ausgaben nur für Medien je neuem Lead"],
  cost_per_assigned_lead: [
    "Kosten je zugewiesenem Lead",
    "Ausgaben je zum ersten Mal zugewiesenem Lead; Warteschlangen sind keine Vertriebsmitarbeiter, ein Lead zählt einmal",
  ],
  cost_per_worked_lead: [
    "Kosten je bearbeitetem Lead",
    "Ausgaben je Lead, den der Vertrieb zum ersten Mal bearbeitet hat",
  ],
  cost_per_opportunity: [
    "Kosten je angelegtem Deal",
    "Ausgaben je angelegtem Deal, ob Ausgaben ihn brachten oder nicht",
  ],
  cost_per_deal: ["Kosten je gewonnenem Deal", "Ausgaben je im selben Zeitraum gewonnenem Deal"],
  cost_of_pipeline: [
    "Kosten der Pipeline",
    "Ausgaben im Verhältnis zu dem, was die angelegten Deals damals wert waren",
  ],
  cost_of_revenue: [
    "Kosten des Umsatzes",
    "Ausgaben im Verhältnis zu dem, was im selben Zeitraum gewonnen wurde",
  ],
  net_return: [
    "Nettorendite",
    "Umsatz abzüglich Ausgaben, je Ausgabe, wer den Umsatz auch brachte: 0 heißt, sie kamen wieder herein",
  ],
  impressions: ["Einblendungen", "Wie oft Anzeigen gezeigt wurden, wie die Netzwerke zählen"],
  clicks: ["Klicks", "Wie oft Anzeigen angeklickt wurden, wie ihre Netzwerke zählen"],
  ad_conversions: [
    "Conversions der Netzwerke",
    "Was die Netzwerke als Erfolg ihrer Anzeigen zählen; kein Trichter beruht darauf",
  ],
  ad_conversion_rate: [
    "Conversion-Rate der Netzwerke",
    "Was die Netzwerke selbst als Erfolg zählen, je Klick",
  ],
  click_through_rate: ["Klickrate", "Klicks je Einblendung, wie die Netzwerke zählen"],
  cost_per_click: ["Kosten je Klick", "Ausgaben je Klick, wie die Netzwerke zählen"],
  cost_per_mille: ["Tausender-Kontakt-Preis", "Ausgaben für tausend Einblendungen"],
  cost_per_ad_conversion: [
    "Kosten je Conversion der Netzwerke",
    "Ausgaben je Erfolg, den die Netzwerke selbst zählen",
  ],
  brand_opening_share: [
    "Von selbst oder über unseren Namen",
    "Von den im Zeitraum begonnenen Vorgängen mit bekanntem Touchpoint die, die direkt oder über den Namen kamen",
  ],
  direct_opening_share: [
    "Von selbst",
    "Von den im Zeitraum begonnenen Vorgängen mit bekanntem Touchpoint die, die direkt kamen",
  ],
  branded_opening_share: [
    "Über unseren Namen",
    "Von den im Zeitraum begonnenen Vorgängen mit bekanntem Touchpoint die, die über den Namen kamen",
  ],
  handed_over: [
    "Übergeben",
    "Im Zeitraum übergeben, nach allen Zusagen der Charta oder nach einer",
  ],
  handoffs_answered: [
    "Übergaben, beantwortet",
    "Von den Übergaben des Zeitraums die, die beantwortet wurden",
  ],
  handoffs_in_time: [
    "Übergaben, rechtzeitig",
    "Von den beantworteten oder überfälligen Übergaben des Zeitraums die rechtzeitig beantworteten",
  ],
  handoffs_accepted: [
    "Übergaben, angenommen",
    "Von den Übergaben des Zeitraums die nach letztem Urteil angenommenen",
  ],
  handoffs_rejected: [
    "Übergaben, abgelehnt",
    "Von den Übergaben des Zeitraums die nach letztem Urteil abgelehnten",
  ],
  handoff_wait: [
    "Wartezeit der Übergaben",
    "Tage von jedem Beginn bis zur Antwort, oder so lange gewartet wurde",
  ],
  deal_wait: [
    "Wartezeit mit Deal",
    "Von den Wartetagen der Übergaben die von Vorgängen mit Deal, jeder Augenblick einmal",
  ],
  answer_rate: [
    "Antwortquote",
    "Von den Übergaben die, die bis jetzt beantwortet wurden, rechtzeitig oder nicht",
  ],
  acceptance_rate: ["Annahmequote", "Von den Übergaben die nach letztem Urteil angenommenen"],
  rejection_rate: ["Ablehnungsquote", "Von den Übergaben die nach letztem Urteil abgelehnten"],
  sla_attainment: [
    "Zusagen gehalten",
    "Von den beantworteten oder überfälligen Übergaben die bis zur Frist beantworteten; nach allen Zusagen der Charta oder nach einer",
  ],
  response_hours: [
    "Antwortzeit in Stunden",
    "Stunden vom Beginn bis zur Antwort, nach der Uhr der Zusage",
  ],
  median_response_hours: [
    "Mittlere Antwortzeit in Stunden (Median)",
    "Der Median der Stunden vom Beginn bis zur Antwort, nach der Uhr der Zusage, von beantworteten",
  ],
  friction_days: ["Wartetage", "Die Tage, die Übergebenes auf Antwort wartete, zusammengezählt"],
  friction_days_each: ["Wartetage je Übergabe", "Wie viele Tage eine Übergabe im Mittel wartete"],
  friction_deal_days: [
    "Wartetage mit Deal",
    "Von den Wartetagen die, die Deals warteten, jeder Augenblick einmal, zusammengezählt",
  ],
  friction_bill: [
    "Preis des Wartens",
    "Was das Warten von Deals im eigenen Tempo der Firma ausmacht: ihre Tage mal mittlerer gewonnener Betrag mal Gewinnquote je mittlerer Dauer, von allen im Zeitraum beendeten Deals",
  ],
};
