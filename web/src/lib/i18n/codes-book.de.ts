//! What each code of a refusal means and what mends it, in German: charters, books and files.

/** What it is called, and what helps. */
export type Meant = readonly [title: string, fix: string];

export const book: Record<string, Meant> = {
  E0101: [
    "Eine Datei einer Charta oder eines Pakets ist kein TOML",
    "Berichtigen Sie die gezeigte Stelle: Texte in Anführungszeichen, Anführungszeichen und Klammern geschlossen, jeder Schlüssel einmal je Tabelle.",
  ],
  E0102: [
    "Ein Schlüssel oder eine Datei, die niemand liest",
    "Schreiben Sie den vorgeschlagenen Namen, oder nehmen Sie die Zeile heraus. Gedanken gehören in Kommentare hinter `#`.",
  ],
  E0103: [
    "Ein Wert von anderer Art",
    "Übernehmen Sie die vorgeschlagene Zeile: Texte in Anführungszeichen, Listen in `[ ]`, `true`, `false` und Zahlen ohne.",
  ],
  E0104: [
    "Ein Wert fehlt, den es geben muss",
    "Übernehmen Sie die vorgeschlagene Zeile, und setzen Sie Ihren eigenen Wert ein.",
  ],
  E0105: ["Ein Wert, der nicht sein kann", "Nehmen Sie einen der genannten Werte."],
  E0106: [
    "Ein Name für zweierlei",
    "Geben Sie dem einen einen anderen Namen, oder fassen Sie beides zusammen.",
  ],
  E0107: [
    "Ein Name, den nichts trägt",
    "Schreiben Sie den gemeinten Namen, oder erklären Sie, was fehlt, wie es die Meldung zeigt.",
  ],
  E0108: [
    "Der Pfad führt nicht zu genau einer gewonnenen Stufe",
    'Geben Sie einer Stufe `role = "won"`. Nennen Quellen einen Gewinn verschieden, gehören alle Namen in deren `marks`.',
  ],
  E0109: [
    "Ein Name, den zwei Stufen beanspruchen",
    "Lassen Sie ihn bei der Stufe, die er meint, und nehmen Sie ihn aus der anderen heraus.",
  ],
  E0110: [
    "Eine Stufe, in die nichts eintreten kann",
    "Geben Sie ihr `marks` oder `enters_when`, oder nehmen Sie sie heraus.",
  ],
  E0111: [
    "Zwei Schlüssel, die einander widersprechen",
    "Entscheiden Sie, welcher gemeint ist, und berichtigen Sie den anderen, wie es die Meldung zeigt.",
  ],
  E0112: [
    "Ein Deal ohne Anschluss eröffnet immer einen Vorgang",
    "Schreiben Sie `deal = true`, oder lassen Sie den Schlüssel weg.",
  ],
  E0120: [
    "Eine Regel, die nicht zu lesen ist",
    "Berichtigen Sie die gezeigte Stelle. Texte stehen in einfachen Anführungszeichen: 'cpc'. Attribute sagen, wessen sie sind: person.origin.",
  ],
  E0121: [
    "Eine Regel, die zu groß ist",
    "Teilen Sie die Regel auf mehrere Stufen, Kanäle oder Segmente auf, oder lassen Sie das Paket der Quelle ein Attribut dafür berechnen.",
  ],
  E0122: [
    "Etwas, das SQL hat und Regeln nicht",
    "Schreiben Sie, was die Meldung vorschlägt: touches('demo_request', 30 days) zählt in einer Frist, days_between(a, b) misst; Arten stehen in attributes.toml, Gründe in `means`.",
  ],
  E0123: [
    "Eine Funktion, die Regeln nicht haben",
    "Schreiben Sie die vorgeschlagene Funktion. Die Seite über Regeln im Nachschlagewerk nennt alle.",
  ],
  E0124: [
    "Ein Attribut, das nicht erklärt ist",
    "Schreiben Sie den gemeinten Namen, oder erklären Sie das Attribut in attributes.toml.",
  ],
  E0125: [
    "Werte zweier Arten",
    "Schreiben Sie den Wert in der Art des Attributs: 65, 'ein Text', TRUE, DATE '2018-01-31'. Hat das Attribut die falsche Art, berichtigen Sie attributes.toml.",
  ],
  E0126: [
    "Andere Argumente, als eine Funktion nimmt",
    "Schreiben Sie den Aufruf wie gezeigt: touches('demo_request', 30 days). Monate sind verschieden lang, darum sind Fristen in Tagen oder Wochen.",
  ],
  E0127: ["Ein Vergleich mit NULL trifft nie zu", "Fragen Sie mit IS NULL oder IS NOT NULL."],
  E0128: [
    "Ein Attribut, wo es keines gibt",
    "Zählen Sie in Stufen und Segmenten Kontakte: touches('demo_request', 30 days) >= 1. Nennen Sie in Kanälen, was der Kontakt mitbringt; das Paket kann ihm ein Attribut mitgeben.",
  ],
  E0140: [
    "Ein SELECT, das fehlt oder nicht verwendet wird",
    "Schreiben Sie den Namen der Datei, wie er ist, oder ergänzen Sie die Zuordnung für die Datei.",
  ],
  E0141: [
    "Eine Tabelle mit der falschen Zahl von Zuordnungen",
    "Ergänzen Sie `[[map]]`, sagen Sie `reference = true`, oder lassen Sie die Dateien mit `[[leave]]` weg.",
  ],
  E0142: [
    "Ein Text, der kein SELECT eines Pakets sein kann",
    "Beginnen Sie mit SELECT, nennen Sie `_record` unter den Spalten und die Tabelle hinter FROM; ohne Semikolon.",
  ],
  E0143: [
    "Eine Spalte, von der offen ist, ob sie lesbar oder versiegelt bleibt",
    "Entscheiden Sie: Was zu einer Person führen kann, wird versiegelt; ein Kanal oder Produkt darf lesbar sein.",
  ],
  E0150: [
    "Eine Formel, die nicht zu lesen ist",
    'Schreiben Sie sie wie hier: formula = "spend / leads_created"',
  ],
  E0151: [
    "Zwei Größen, die sich nicht zusammenzählen lassen",
    "Teilen oder malnehmen, bis beide Seiten von einer Art sind, oder nach zwei Metriken fragen.",
  ],
  E0152: [
    "Eine Formel ergibt, was niemand liest",
    "Drehen Sie die Teilung um (`spend / leads_created` ist, was ein Lead kostet), oder teilen Sie noch einmal: Eine Zahl durch eine Zahl ist ein Anteil.",
  ],
  E0153: [
    "Ein Name, der keine Größe ist",
    "Schreiben Sie den gemeinten Namen, oder erklären Sie die Größe.",
  ],
  E0154: [
    "Einer Größe wird gesagt, was bei ihr keinen Sinn ergibt",
    "Nehmen Sie es heraus, oder schreiben Sie, was die Meldung vorschlägt.",
  ],
  E0199: [
    "Eine Definition ließ sich nicht lesen",
    "Lassen Sie die Charta am Server prüfen, und melden Sie uns, was dabei herauskommt.",
  ],
  E0201: [
    "Ein anderer Prozess hält dieses Buch",
    "Warten Sie, bis er endet. Aufzuräumen ist danach nichts.",
  ],
  E0202: ["Hier ist kein Buch", "Wer den Server betreibt, muss ihm den Ordner des Buchs nennen."],
  E0203: [
    "Hier ist schon ein Buch",
    "Nehmen Sie einen leeren Ordner, oder öffnen Sie das Buch, das da ist.",
  ],
  E0204: [
    "Der Schlüssel des Buchs fehlt",
    "Spielen Sie die Datei aus ihrer eigenen Sicherung zurück. Diese gehört nicht zur Sicherung des Buchs.",
  ],
  E0205: [
    "Andere können den Schlüssel des Buchs lesen",
    "Wer den Server betreibt, muss die Datei des Schlüssels für sich allein lesbar machen. Könnte sie jemand kopiert haben, gelten die Personendaten als gesehen.",
  ],
  E0206: [
    "Das Journal kann Dauer nicht versprechen",
    "Das Buch gehört auf eine Platte dieses Rechners.",
  ],
  E0207: [
    "Ein Segment ist beschädigt",
    "Spielen Sie die genannte Datei aus einer Sicherung zurück, und lassen Sie das Buch prüfen.",
  ],
  E0208: [
    "Ein Segment fehlt",
    "Spielen Sie die genannte Datei aus einer Sicherung zurück, und lassen Sie das Buch prüfen.",
  ],
  E0209: [
    "Das Journal ist beschädigt",
    "Spielen Sie `data/` aus einer Sicherung zurück, und lassen Sie das Buch prüfen. Kopieren Sie ein Buch nur, solange niemand darin schreibt.",
  ],
  E0210: [
    "Ein Eintrag ist nicht mehr, was geschrieben wurde",
    "Spielen Sie `data/` aus einer Sicherung zurück. Was sich geändert hat, zeigt eine Prüfung beider.",
  ],
  E0211: [
    "Ein anderer Prozess hat das Buch übernommen",
    "Öffnen Sie das Buch neu, und wiederholen Sie, was abgelehnt wurde.",
  ],
  E0212: [
    "Schreiben schlug fehl, deshalb hält das Buch an",
    "Sehen Sie nach der Platte. Danach geht es beim neuen Öffnen mit dem weiter, was bestätigt wurde.",
  ],
  E0213: [
    "Die Platte ist voll",
    "Schaffen Sie Platz, und wiederholen Sie es: Ein Import geht weiter, wo er aufhörte.",
  ],
  E0214: [
    "Diesen Stand hat das Buch nicht",
    "Nehmen Sie den letzten Stand, oder wählen Sie oben keinen.",
  ],
  E0215: [
    "Einer Datei fehlt eine Spalte, ohne die ihre Tabelle nicht auskommt",
    "Nennen Sie die richtige Spalte in `source.toml`, oder geben Sie der Datei eine eigene Tabelle.",
  ],
  E0216: ["Ein Import läuft", "Wiederholen Sie es, wenn der Import zu Ende ist."],
  E0217: ["Das Buch ist nur zum Lesen geöffnet", "Öffnen Sie es zum Schreiben."],
  E0218: [
    "Der Schlüssel passt nicht",
    "Spielen Sie `data/keys` aus der eigenen Sicherung zurück, und lassen Sie das Buch prüfen.",
  ],
  E0219: [
    "Die Datei der Schlüssel ist beschädigt",
    "Spielen Sie die Datei aus ihrer eigenen Sicherung zurück. Wer seither vergessen wurde, muss noch einmal vergessen werden.",
  ],
  E0220: [
    "Der Import geht nicht auf",
    "Das ist ein Fehler des Programms: Bitte melden Sie ihn mit diesem Text. Was vorher bestätigt wurde, ist sicher.",
  ],
  E0221: ["Das Buch ist neuer als dieses Programm", "Öffnen Sie es mit dem neueren Programm."],
  E0222: [
    "Das Buch kennt diesen Namen nicht",
    "Nehmen Sie eine der genannten Fassungen; die Charta zeigt alle in ihrer Geschichte.",
  ],
  E0223: [
    "Ein Schritt auf der Platte schlug fehl",
    "Prüfen Sie Besitzer und Rechte des Ordners und die Platte, und wiederholen Sie es.",
  ],
  E0224: [
    "Das Journal endet vor seinem letzten Eintrag",
    "Spielen Sie `data/` im Ganzen aus einer Sicherung zurück, `journal.sqlite-wal` eingeschlossen.",
  ],
  E0225: [
    "Das Buch änderte sich bei jedem Versuch, es zu kopieren",
    "Wiederholen Sie die Sicherung, wenn weder verdichtet noch vergessen wird.",
  ],
  E0226: [
    "Eine Quelle kann nicht zeigen, was noch nicht war",
    "Nennen Sie den letzten Tag, den der Export ganz zeigt; meist ist es der Tag vor dem Export.",
  ],
  E0227: [
    "Was im Buch geschieht, ist zu lang beschrieben",
    "Sagen Sie es kürzer; lange Belege gehören in eine Datei, die Sie nennen.",
  ],
  E0250: [
    "Der Ordner für ein neues Buch ist nicht leer",
    "Nennen Sie einen Ordner, den es noch nicht gibt, oder öffnen Sie das Buch, das da ist.",
  ],
  E0251: [
    "Dieser Ordner ist kein Buch",
    "Wer den Server betreibt, muss ihm den Ordner eines Buchs nennen oder ein neues anlegen.",
  ],
  E0252: [
    "Damals galt keine Charta",
    "Setzen Sie eine Charta in Kraft, oder wählen Sie oben einen späteren Stand.",
  ],
  E0254: [
    "Eine Datei oder ein Ordner ließ sich nicht lesen oder schreiben",
    "Prüfen Sie Ort, Rechte und freien Platz.",
  ],
  E0255: [
    "Wessen Schlüssel von Personen sind gemeint?",
    "Nennen Sie die Quelle dazu. Die Meldung zeigt die, die dieses Buch kennt.",
  ],
  E0256: [
    "Der Ort einer Sicherung ist vergeben oder zu nah",
    "Nennen Sie Ordner, die es noch nicht gibt und die in keinem anderen liegen, am besten auf verschiedenen Platten.",
  ],
  E0257: [
    "Die Kopie ist nicht in Ordnung",
    "Lassen Sie prüfen, ob das Buch selbst beschädigt ist. Von einer Sicherung nehmen Sie eine frühere.",
  ],
  E0258: [
    "Das Buch hat schon eine Charta",
    "Schlagen Sie die Änderung vor: Beide Teams sehen, was sie an den Zahlen ändert, bevor sie unterschreiben.",
  ],
  E0261: [
    "Diesen Import kann man nicht zurücknehmen",
    "Die Liste der Importe zeigt alle und welche zurückgenommen sind. Um die Zeilen wieder zu haben, importieren Sie die Dateien noch einmal.",
  ],
  E0262: [
    "Ein neuerer Import ruht auf diesem",
    "Nehmen Sie erst die neueren zurück; die Meldung nennt die Reihenfolge. Oder berichtigen Sie die Zeilen in der Quelle und importieren noch einmal: Die neuere Fassung zählt.",
  ],
  E0270: [
    "Eine Adresse, die mehrere Personen haben",
    "Nennen Sie den Schlüssel einer Person, wie ihn ihre Quelle schreibt. Sind sie doch eine Person, so verbinden Sie sie erst.",
  ],
  E0280: [
    "Eine Charta dieses Buchs braucht zwei Unterschriften",
    "Schlagen Sie die Texte als Entwurf vor, und lassen Sie beide Seiten unterschreiben.",
  ],
  E0281: ["Diesen Entwurf gibt es nicht", "Wählen Sie einen der Entwürfe, die die Charta zeigt."],
  E0282: [
    "Der Schlüssel einer Unterschrift lässt sich nicht verwenden oder anlegen",
    "Werden Sie in den Einstellungen zuerst Unterzeichner Ihres Teams; nach einem vergessenen Passwort noch einmal.",
  ],
  E0283: [
    "Die Unterschrift kann nicht gegeben werden",
    "Lassen Sie die andere Seite unterschreiben, nennen Sie einen anderen Tag, oder schlagen Sie einen anderen Entwurf vor.",
  ],
  E0284: [
    "Der Definition kann man nicht nachgeben",
    "Nennen Sie eine Definition des Entwurfs und warum. Wo beide zustimmen müssen, ändern Sie den Entwurf, bis sie es tun.",
  ],
  E0285: [
    "In diesem Namen kann niemand unterschreiben",
    "Die Einstellungen zeigen, wer unterschreiben kann; dort wird jemand zum Unterzeichner eines Teams.",
  ],
  E0286: [
    "Der Entwurf kann nicht behalten werden",
    "Geben Sie ihm einen anderen Namen aus Buchstaben, Ziffern, `-`, `_` und `.`, oder ändern Sie erst die Texte.",
  ],
  E0287: [
    "Der Entwurf hebt einen Entscheid auf",
    "Der Entwurf zeigt die Entscheide unter beiden Chartas. Bestätigen Sie beim Unterschreiben, dass er aufgehoben wird, oder ändern Sie den Entwurf.",
  ],
  E0288: [
    "Die Stufe lässt sich nicht prüfen",
    "Nehmen Sie eine der genannten Stufen, oder nennen Sie eine Frist in Tagen.",
  ],
  E0289: [
    "Diesen Deal gibt es nicht",
    "Suchen Sie den Schlüssel bei den Deals oder in der Geschichte des Käufers.",
  ],
  E0290: [
    "Der Streit oder der Entscheid kann nicht behalten werden",
    "Nennen Sie das Team und die Zeilen, wie sie am Deal stehen; lassen Sie zuerst die Teams ihre Sicht erzählen.",
  ],
  E0291: [
    "Der Entwurf kann nicht nur für die Zukunft gelten",
    "Schlagen Sie das Genannte in einem eigenen Entwurf vor, der auch für Vergangenes gilt. Eine Stufe, die enden soll, bleibt in der Charta, mit einer Markierung, die niemand verwendet.",
  ],
  E0292: [
    "Einen unterschriebenen Entwurf zieht nur jemand zurück, der unterschreibt",
    "Bitten Sie jemanden, der für eine Seite unterschreibt, ihn zurückzuziehen.",
  ],
  E0293: [
    "Der Ordner enthält Definitionen, die es sonst nirgends gibt",
    "Nennen Sie einen anderen Ordner, oder behalten Sie die Texte zuerst als Entwurf.",
  ],
  E0301: [
    "Eine Datei lässt sich nicht lesen",
    "Prüfen Sie die Datei, und importieren Sie noch einmal: Bekannte Zeilen zählen nicht doppelt.",
  ],
  E0302: [
    "Keine Tabelle nimmt eine Datei an",
    "Nur ein neuer Name: Ergänzen Sie ihn oder ein Muster in `files` ihrer Tabelle. Andere Zeilen: Lassen Sie sie vom Import als Quelle beschreiben.",
  ],
  E0303: ["Zwei Tabellen beanspruchen eine Datei", "Machen Sie eines der Muster enger."],
  E0304: [
    "Eine Zeichenkodierung, die niemand kennt",
    "Schreiben Sie `utf-8`, `utf-16`, `latin-1`, `windows-1250` oder einen anderen Namen aus der Liste des Webs.",
  ],
  E0305: [
    "Die Kopfzeile einer Datei lässt sich nicht lesen",
    "Exportieren Sie die Datei noch einmal, oder nennen Sie Trennzeichen, Anführungszeichen und Kodierung ihrer Tabelle.",
  ],
  E0306: [
    "Einer Datei fehlt eine Spalte, die das Verzeichnis nennt",
    "Nehmen Sie den Namen, wie er in der Datei steht (die Meldung zeigt sie), oder geben Sie der Datei eine eigene Tabelle.",
  ],
  E0307: [
    "Einer berichtigten Datei fehlt `_row`",
    "Holen Sie die Zeilen noch einmal, und berichtigen Sie jene Datei; lassen Sie `_row`, wie es ist. Andere Spalten und Zeilen dürfen fehlen.",
  ],
  E0310: [
    "Ein SELECT, das zu groß oder zu tief ist",
    "Schreiben Sie ein langes `OR` als `column IN ('a', 'b')`, oder geben Sie der Tabelle ein zweites `[[map]]`.",
  ],
  E0311: [
    "Das ist kein SELECT, das man lesen kann",
    "`SELECT _record, key AS account FROM stream WHERE condition`. Texte stehen in einfachen, Namen mit Leerzeichen in doppelten Anführungszeichen.",
  ],
  E0312: [
    "Etwas, das Zuordnungen nicht sagen dürfen",
    "Zählen und ordnen Sie mit Fragen, nicht in Paketen. Zeilen lässt man mit `WHERE` oder einer Regel `ignore` weg.",
  ],
  E0313: [
    "Eine Funktion, die Pakete nicht aufrufen dürfen",
    "Nehmen Sie eine der genannten Funktionen.",
  ],
  E0314: [
    "Eine Tabelle oder Spalte, die es nicht gibt",
    "Nehmen Sie einen der genannten Namen, mit Leerzeichen in doppelten Anführungszeichen; `tabelle.spalte`, wo zwei sie haben.",
  ],
  E0315: [
    "Eine Spalte über Personen bliebe lesbar",
    "Ist an ihr niemand zu erkennen, ergänzen Sie sie in `safe` ihrer Tabelle. Sonst lassen Sie sie weg.",
  ],
  E0316: [
    "Spalten oder Arten, die nicht passen",
    "`as_date(column, '%Y-%m-%d') AS happened`; `cast(column AS bigint) > 5`. Sagt eine Quelle nicht, wann: `NULL AS happened`.",
  ],
  E0317: [
    "Eine Verbindung oder führende Tabelle, die nicht sein darf",
    "`LEFT JOIN products p ON p.product = deals.product`, und `reference = true` in dem `[[stream]]`, der dazukommt.",
  ],
  E0318: [
    "Falsche Argumente einer Funktion",
    "`as_date(column, '%m/%d/%Y')`, `as_time(column, 'iso', 'Europe/Paris')`, `as_money(column, 'EUR', ',')`.",
  ],
  E0320: [
    "Der Prozess für Zuordnungen lässt sich nicht starten",
    "Prüfen Sie, ob die Datei des Programms noch da ist und laufen darf und ob Speicher frei ist.",
  ],
  E0321: [
    "Ein SELECT beendete seinen Prozess",
    "Machen Sie die Ausdrücke kleiner: Verschachteltes `replace()` und `concat()` vervielfacht den Text.",
  ],
  E0322: [
    "Ein SELECT dauerte zu lange",
    "Machen Sie seine Ausdrücke kleiner, oder geben Sie der Tabelle zwei Zuordnungen.",
  ],
  E0323: [
    "Ein SELECT lässt sich für eine Zeile nicht berechnen",
    "Sichern Sie den Ausdruck mit `CASE WHEN … THEN … END`, und importieren Sie die Datei noch einmal: Schon zugeordnete Zeilen ändern nichts.",
  ],
  E0324: [
    "Die Antwort des Prozesses für Zuordnungen passt nicht",
    "Importieren Sie noch einmal. Bleibt es dabei, melden Sie uns den Fehler mit diesen Worten und der Version.",
  ],
  E0330: [
    "Eine gepackte Datei wird größer, als sie darf",
    "Trauen Sie ihrer Herkunft, so packen Sie sie selbst aus und importieren, was darin ist.",
  ],
  E0331: [
    "Eine gepackte Datei lässt sich nicht auspacken",
    "Holen Sie die Datei noch einmal, falls ihre Übertragung abbrach; sonst packen Sie sie aus und importieren die Dateien darin.",
  ],
  E0332: ["Mehr Dateien, als ein Import haben darf", "Importieren Sie in mehreren Teilen."],
  E0333: [
    "Eine Datei hat ein Format, das nicht gelesen wird oder nicht das genannte ist",
    "Speichern Sie sie als .xlsx ohne Passwort oder als CSV, oder nehmen Sie `format` aus der Tabelle heraus.",
  ],
  E0334: [
    "Eine JSON-Datei lässt sich nicht als Tabelle lesen",
    'Exportieren Sie Zeilen mit gleichen Feldern, wie `{"id": 1, "name": "Ann"}`.',
  ],
  E0335: [
    "Eine Parquet-Datei lässt sich nicht lesen",
    "Holen oder schreiben Sie die Datei noch einmal, oder exportieren Sie CSV.",
  ],
  E0336: [
    "Eine Arbeitsmappe lässt sich nicht lesen",
    "Öffnen Sie sie in einer Tabellenkalkulation, und speichern Sie sie neu als .xlsx oder als CSV.",
  ],
  E0337: [
    "Dieses Blatt hat die Arbeitsmappe nicht",
    "Nehmen Sie den Namen, wie er in der Mappe steht; die Meldung zeigt sie.",
  ],
  E0338: ["Keine Datei passt zu einem Muster", "Prüfen Sie Ort und Muster."],
  E0339: [
    "Den Ordner einer Quelle gibt es nicht",
    "Legen Sie den Ordner an, oder berichtigen Sie den Ort.",
  ],
  E0370: [
    "Aus einer Datei lässt sich nichts machen",
    "Exportieren Sie die Datei noch einmal, als CSV in UTF-8 mit einer Zeile von Spaltennamen und mindestens einer Zeile.",
  ],
  E0371: [
    "Eine Datei enthält keine Zeilen",
    "Exportieren Sie die Datei noch einmal mit wenigstens ein paar Zeilen; ein Dutzend reicht für einen ersten Blick.",
  ],
  E0372: [
    "Eine Zeile von Namen passt nicht zu ihren Zeilen",
    "Exportieren Sie die Datei noch einmal, oder geben Sie der Kopfzeile so viele Felder wie den Zeilen: Vielleicht fehlt ein Trennzeichen am Ende.",
  ],
  E0373: [
    "Eine Datei ist UTF-8, und ihre Tabelle sagt etwas anderes",
    'Schreiben Sie in `source.toml` `encoding = "utf-8"`, oder nehmen Sie `encoding` heraus. Ältere Dateien brauchen eine eigene Tabelle.',
  ],
};
