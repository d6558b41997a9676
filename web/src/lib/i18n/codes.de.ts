//! What each code of a refusal means and what mends it, in German: questions, people and the server.

import { book, type Meant } from "./codes-book.de";

export type { Meant };

export const codes: Record<string, Meant> = {
  ...book,
  E0401: [
    "Die Frage ist nicht zu verstehen",
    "Die Meldung nennt das Wort und was an seiner Stelle stehen kann.",
  ],
  E0402: ["Diese Stufe hat die Charta nicht", "Nehmen Sie eine der genannten Stufen."],
  E0403: [
    "Diese Metrik gibt es nicht",
    "Der Katalog der Metriken zeigt jede mit ihrer Definition.",
  ],
  E0404: [
    "Ein Datum, ein Zeitraum, ein Zeitpunkt oder eine Währung ist nicht zu verstehen",
    "Die Meldung zeigt, welche Schreibweisen verstanden werden.",
  ],
  E0405: [
    "Diese Angabe bedeutet für die Frage nichts",
    "Die Meldung sagt, zu welcher Frage sie gehört.",
  ],
  E0406: [
    "Ein Fluss wird nach einer Art von Zeitraum geteilt",
    "Teilen Sie nur nach Woche, Monat, Quartal oder Jahr.",
  ],
  E0407: [
    "Eine Momentaufnahme lässt sich nicht nach Zeit teilen",
    "Fragen Sie nach mehreren Momenten, oder nach einem Fluss je Monat.",
  ],
  E0408: [
    "Die Antwort hätte zu viele Zeilen",
    "Teilen Sie nach weniger oder Gröberem, oder wählen Sie einen kürzeren Zeitraum.",
  ],
  E0409: [
    "Diese Zahl hat die Antwort nicht",
    "Die Meldung nennt die Spalten; sie stehen im Kopf der Tabelle.",
  ],
  E0410: [
    "Keine Zeile dieser Antwort beginnt so",
    "Öffnen Sie die Datensätze an der Zahl, um die es geht.",
  ],
  E0411: [
    "Niemand dieses Namens hat einen Vorgang",
    "Nennen Sie den Schlüssel genau, wie ihn seine Quelle schreibt. Eine Person kennt man am Schlüssel der Quelle, nicht an Name oder E-Mail.",
  ],
  E0412: [
    "Zu viele Dimensionen",
    "Fragen Sie zweimal, oder laden Sie die feinere Antwort als CSV.",
  ],
  E0413: [
    "Das ist keine Dimension dieser Charta",
    "Schreiben Sie `deal.product` statt `product`, oder erklären Sie das Attribut in der Charta.",
  ],
  E0414: [
    "Keine Geschichte, aus der sich etwas voraussagen lässt",
    "Wählen Sie einen späteren Tag, oder importieren Sie Geschichte: Deals mit den Tagen, an denen sie gewonnen oder verloren wurden.",
  ],
  E0415: [
    "Kein Ziel, für das sich planen lässt",
    "Nennen Sie das Ziel, oder importieren Sie Ziele: einen Betrag und den Zeitraum, für den er gilt.",
  ],
  E0420: [
    "Diesen Schlüssel trägt nichts",
    "Nennen Sie den Schlüssel genau, wie ihn seine Quelle schreibt, einen Account auch nach seiner Domain, oder eine E-Mail-Adresse.",
  ],
  E0421: [
    "Diesen Schlüssel tragen mehrere",
    "Sagen Sie, welcher: `quelle:SCHLÜSSEL` für eine Person, `account:SCHLÜSSEL` für einen Account.",
  ],
  E0422: [
    "Das sind nicht zwei von einer Art",
    "Nennen Sie zwei verschiedene Schlüssel von gleicher Art.",
  ],
  E0423: [
    "Diese Aussage gibt es nicht",
    "Nehmen Sie eine, die noch gilt: das letzte Wort über zwei Schlüssel.",
  ],
  E0430: [
    "Eine Schätzung braucht einen Weg und ein Ende",
    "Zählen Sie Vorgänge oder Deals, und nur den ersten Eintritt.",
  ],
  E0431: [
    "Offene Deals lassen sich nicht nach Zeit teilen",
    "Fragen Sie einmal für jeden Zeitraum, oder sehen Sie die Momentaufnahme eines Tages an.",
  ],
  E0432: [
    "Was nie ein Fakt wurde, lässt sich nicht als Datensatz zeigen",
    "Beiseitegelegte Zeilen mit ihren Gründen gibt es unter Datenlage als CSV.",
  ],
  E0433: [
    "Ein Modell, das nichts gelernt hat",
    "Wählen Sie ein Modell, das eine Regel ist, wie linear oder W.",
  ],
  E0434: [
    "Dieses Modell der Zurechnung gibt es nicht",
    "Nehmen Sie eines der genannten Modelle, oder schlagen Sie in der Charta eine eigene Aufteilung vor.",
  ],
  E0435: [
    "Zu viele Kanäle, um sie zu unterscheiden",
    "Fassen Sie kleine Kanäle in der Charta zusammen, oder wählen Sie Modelle, die Regeln sind.",
  ],
  E0436: [
    "Ein Modell, das Wege allein nicht ergeben",
    "Wählen Sie Modelle, die nur die Reihenfolge brauchen. Haben Sie die Kontakte mit Datum, importieren Sie diese.",
  ],
  E0437: [
    "Spalten, die nichts über Wege sagen",
    "Benennen Sie die Spalten in der ersten Zeile der Datei um. `path` allein reicht: Dann ist jede Zeile ein Weg mit Erfolg.",
  ],
  E0438: [
    "Ein Weg, der nicht zu lesen ist",
    "Die Meldung zeigt Zeile und Feld. Berichtigen Sie es dort oder an der Quelle der Datei.",
  ],
  E0439: [
    "Diese Kampagne oder diesen Anbieter gibt es nicht",
    "Die Kosten nach Kampagne und nach Anbieter zeigen, wie Quellen sie schreiben.",
  ],
  E0440: [
    "Diese Übergabe gibt es nicht",
    "Schreiben Sie die Zusage in die Charta, oder nehmen Sie eine, die darin steht.",
  ],
  E0441: [
    "Die Charta sagt nicht, was der Anteil der Marke ist",
    "Schlagen Sie in der Charta die Regel vor, die die Meldung nennt, und setzen Sie sie in Kraft.",
  ],
  E0447: [
    "Eine Größe der Metrik kennt nicht, wonach geteilt wird",
    "Teilen Sie nach Zeit, Kanal oder Kampagne; die kennen Ausgaben.",
  ],
  E0448: [
    "Ein Modell heißt wie eine Spalte",
    "Nennen Sie das Modell in der Charta anders, oder lassen Sie es aus der Frage heraus.",
  ],
  E0450: [
    "Diese Antwort hat keinen Nachweis",
    "Stellen Sie eine Frage, die zählt, unter einer Charta oder einem Entwurf des Buchs und zu dem Stand, den man kannte.",
  ],
  E0451: [
    "Die Antwort ruht auf etwas, das nicht hält",
    "Lassen Sie das Buch prüfen: Das nennt die Datei und was an ihr falsch ist. Dann speichern Sie den Nachweis.",
  ],
  E0452: [
    "Dieser Nachweis ist nicht, was gespeichert wurde",
    "Nehmen Sie die Datei, wie sie verschickt wurde, oder speichern Sie den Nachweis neu.",
  ],
  E0453: [
    "Dieser Nachweis ist von einem anderen Buch",
    "Prüfen Sie ihn mit dem Buch, aus dem er stammt, oder mit dessen Sicherung.",
  ],
  E0454: [
    "Den Stand dieses Nachweises hat das Buch nicht",
    "Prüfen Sie ihn mit dem Buch, aus dem er stammt, oder mit einer späteren Sicherung.",
  ],
  E0455: [
    "Ein Nachweis, der nicht zu lesen ist",
    "Nehmen Sie die gespeicherte Datei, und prüfen Sie sie mit der Version, die sie gespeichert hat, oder einer späteren.",
  ],
  E0458: [
    "Die Antwort passt in keine Arbeitsmappe",
    "Laden Sie CSV, das keine solche Grenze hat, oder teilen Sie nach weniger.",
  ],
  E0460: [
    "Der Zeitraum ist nicht vorbei oder nicht ganz da",
    "Schließen Sie ihn, sobald er vorbei und importiert ist, oder einen kürzeren: einen Monat statt seines Quartals.",
  ],
  E0461: [
    "Der Zeitraum ist schon geschlossen",
    "Die Seite der Zeiträume zeigt, was sich seither änderte. Um neu zu schließen, öffnen Sie ihn erst wieder; beides bleibt im Protokoll.",
  ],
  E0462: [
    "Der Zeitraum ist nicht geschlossen",
    "Die Seite der Zeiträume zeigt, was geschlossen ist.",
  ],
  E0463: ["Damit ist nichts bestätigt", "Schreiben Sie es so: revenue 2025-Q3 = 1,234,567.00 EUR"],
  E0464: [
    "Eine Bestätigung mit dieser Nummer gibt es nicht",
    "Die Seite der Zeiträume zeigt jede mit ihrer Nummer.",
  ],
  E0465: [
    "Diese Metrik lässt sich nicht festhalten",
    "Schreiben Sie `revenue` oder `revenue by rep`; mehrere Dimensionen verbindet `+`. Eine Währung, in die alles umgerechnet wird, steht zuletzt: `revenue in EUR`.",
  ],
  E0466: [
    "Die Frage dauerte länger, als sie darf",
    "Fragen Sie nach einem kürzeren Zeitraum, nach weniger Dimensionen, nach Zurechnung durch Regeln oder ohne Schätzung.",
  ],
  E0501: ["Diesen Code gibt es nicht", "Kopieren Sie den Code aus der Meldung."],
  E0504: [
    "Diese Quelle hat das Buch nicht",
    "Legen Sie die Quelle im Import an, oder wählen Sie eine, die es gibt.",
  ],
  E0505: [
    "Eine Datei könnte zu zwei Quellen gehören",
    "Sagen Sie, zu welcher, oder machen Sie die Muster der beiden verschieden.",
  ],
  E0510: [
    "Eine Quelle dieses Namens hat das Buch schon",
    "Geben Sie der neuen Quelle einen anderen Namen.",
  ],
  E0512: [
    "Die Dateien lassen eine Frage offen",
    "Beantworten Sie im zweiten Schritt des Imports, was die Dateien offen lassen.",
  ],
  E0513: [
    "Diese Datei liest schon eine Quelle",
    "Importieren Sie die Datei mit ihr. Soll es eine zweite Quelle werden, geben Sie ihr einen eigenen Namen.",
  ],
  E0514: [
    "Eine Währung, die niemand kennt",
    "Nehmen Sie den genannten Code, oder schlagen Sie in der Liste von ISO 4217 nach.",
  ],
  E0515: [
    "Das kann keine Datei einer Quelle sein",
    "Buchstaben, Ziffern, `.`, `_` und `-`, höchstens 200, am Ende `.sql`.",
  ],
  E0521: [
    "Über diese Person weiß das Buch nichts",
    "Sehen Sie den Schlüssel in der Quelle nach, oder nennen Sie die E-Mail-Adresse der Person.",
  ],
  E0601: [
    "Die Datei der Personen lässt sich nicht verwenden",
    "Wer den Server betreibt, spielt sie aus einer Sicherung zurück. Ohne eine: beiseitelegen und den Server starten; er nennt ein Wort für einen ersten Inhaber.",
  ],
  E0602: [
    "Die Datei der Personen ist von einem neueren Programm",
    "Nehmen Sie das neuere Programm, oder die Kopie des Buchs von vor der Umstellung.",
  ],
  E0603: [
    "Die Platte ist voll",
    "Schaffen Sie Platz, und versuchen Sie es noch einmal. Neu zu starten ist nichts.",
  ],
  E0604: [
    "Das Betriebssystem liefert keinen Zufall",
    "Sehen Sie ins Protokoll des Systems; `/dev/urandom` muss lesbar sein.",
  ],
  E0610: [
    "E-Mail und Passwort öffnen nichts",
    "Versuchen Sie es noch einmal. Wer hier Personen verwaltet, kann einen Link zu einem neuen Passwort schicken.",
  ],
  E0611: [
    "Zu viele Versuche",
    "Warten Sie so lange, wie es sagt, oder melden Sie sich an, wo Sie es sonst tun.",
  ],
  E0612: ["Zu viele melden sich gerade an", "Versuchen Sie es in einigen Sekunden noch einmal."],
  E0613: [
    "Ein Passwort wird abgelehnt",
    "Nehmen Sie vier Wörter, die nichts miteinander zu tun haben.",
  ],
  E0614: [
    "Dieses Wort richtet nichts ein",
    "Kopieren Sie das Wort vom letzten Start; gibt es schon einen Inhaber, melden Sie sich an.",
  ],
  E0615: ["Ein Link öffnet nichts mehr", "Bitten Sie, wer ihn schickte, um einen neuen."],
  E0620: ["Melden Sie sich erst an", "Melden Sie sich an."],
  E0621: ["Eine Rolle darf das nicht", "Bitten Sie einen Inhaber um eine Rolle, die es darf."],
  E0622: [
    "Diese Person, Sitzung oder diesen Schlüssel gibt es nicht",
    "Sehen Sie noch einmal in die Liste: Vielleicht hat es jemand weggenommen.",
  ],
  E0623: [
    "Die E-Mail ist vergeben",
    "Nehmen Sie eine andere, oder ändern Sie die Person, die sie hat.",
  ],
  E0624: [
    "Ein Feld kann nicht übernommen werden",
    "Berichtigen Sie das genannte Feld, und senden Sie es noch einmal.",
  ],
  E0625: ["Der letzte Inhaber bleibt", "Machen Sie erst jemand anderen zum Inhaber."],
  E0626: ["Niemand ändert die eigenen Rechte", "Bitten Sie einen anderen Inhaber."],
  E0630: ["Ein Token täte mehr als seine Person", "Wählen Sie weniger Rechte."],
  E0631: [
    "Ein Token muss enden",
    "Nennen Sie ein Ende, das nicht so fern ist, und machen Sie dann ein neues.",
  ],
  E0640: [
    "Ein Anbieter von Anmeldungen lässt sich nicht verwenden",
    "Wer den Server betreibt, prüft Aussteller, Client und Rückweg in den Einstellungen; ein `/` am Ende zählt mit.",
  ],
  E0641: [
    "Eine Anmeldung begann nicht hier oder ist vorbei",
    "Beginnen Sie von vorn, und lassen Sie den Browser Cookies dieser Seite behalten.",
  ],
  E0642: [
    "Die Antwort eines Anbieters wird abgelehnt",
    "Beginnen Sie von vorn. Bleibt es dabei, vergleiche man die Uhren und Name und Geheimnis des Clients auf beiden Seiten.",
  ],
  E0643: [
    "Für diese Anmeldung gibt es hier nichts",
    "Bitten Sie um eine Gruppe mit einer Rolle oder um eine Einladung, oder lassen Sie die E-Mail beim Anbieter bestätigen.",
  ],
  E0644: [
    "Die E-Mail einer Anmeldung ist vergeben",
    "Melden Sie sich an wie bisher, und fügen Sie diese Anmeldung dort hinzu, oder lassen Sie sich eine Einladung schicken.",
  ],
  E0645: [
    "Eine Anmeldung gehört jemand anderem",
    "Melden Sie sich beim Anbieter ab, und kommen Sie als die gemeinte Person zurück.",
  ],
  E0650: [
    "Ein Schlüssel der Wiederholung mit einer anderen Anfrage",
    "Nehmen Sie für jede neue Anfrage einen neuen.",
  ],
  E0651: [
    "Die erste Anfrage ist noch nicht beantwortet",
    "Warten Sie auf ihre Antwort, und wiederholen Sie sie dann unverändert.",
  ],
  E0660: [
    "Das Protokoll ist nicht, was geschrieben wurde",
    "Vergleichen Sie es mit dem letzten Export oder einer Sicherung, und finden Sie heraus, wer die Datei schreiben konnte.",
  ],
  E0701: ["Ein Wort der Frage sagt nichts", "Die Meldung zeigt, was an seiner Stelle stehen kann."],
  E0702: ["Unter dieser Adresse ist nichts", "Prüfen Sie die Adresse."],
  E0703: [
    "So lässt sich diese Adresse nicht fragen",
    "Nehmen Sie die Wege, die die Beschreibung der Schnittstelle nennt.",
  ],
  E0704: [
    "Der Inhalt der Anfrage lässt sich nicht lesen",
    "Laden Sie die Seite neu, und versuchen Sie es noch einmal.",
  ],
  E0705: ["Es wurde zu viel auf einmal gesendet", "Senden Sie weniger auf einmal."],
  E0706: ["Der Inhalt kam zu langsam", "Senden Sie es noch einmal, in kleineren Teilen."],
  E0707: ["Zu viele Fragen warten", "Fragen Sie in einigen Sekunden noch einmal."],
  E0708: [
    "Die Antwort dauert länger, als jemand warten soll",
    "Fragen Sie später noch einmal, oder für einen kürzeren Zeitraum oder weniger Dimensionen.",
  ],
  E0709: [
    "Die Antwort hat zu viele Zeilen",
    "Weniger Dimensionen, ein kürzerer Zeitraum, oder dieselbe Frage als CSV.",
  ],
  E0710: [
    "Das ist ein Fehler von uns",
    "Bitte melden Sie ihn mit der Nummer der Anfrage, ohne Personendaten.",
  ],
  E0711: ["Die Anfrage kommt von einer anderen Seite", "Verwenden Sie die Anwendung selbst."],
  E0712: [
    "Die Anfrage ist für einen anderen Server",
    "Verwenden Sie die Adresse, die der Server beim Start nannte.",
  ],
  E0713: [
    "Die Antwort der ersten Anfrage wird nur einmal gezeigt",
    "Beenden Sie, was entstand (es steht in der Liste), und machen Sie ein neues.",
  ],
  E0715: [
    "Das lässt sich nicht auf die Zeilen einiger Teams beschränken",
    "Fragen Sie, was die Zeilen Ihrer Teams beantworten. Dürfen Sie alle sehen, bitten Sie, Ihnen kein Team zuzuordnen.",
  ],
  E0716: [
    "Ein Import läuft",
    "Senden Sie es noch einmal, wenn der Import zu Ende ist. Die Seite der Datenlage zeigt, wie weit er ist, und kann ihn beenden.",
  ],
  E0717: [
    "Es liegen mehr Dateien da, als behalten werden",
    "Importieren Sie einige, oder nehmen Sie einige weg.",
  ],
  E0718: [
    "Es ist getan, und die Antwort ließ sich nicht zeigen",
    "Laden Sie die Seite neu, wenn der Fehler vorbei ist. Senden Sie es nicht noch einmal: Es gilt.",
  ],
  E0719: [
    "Der Server endete, während es geschah",
    "Sehen Sie nach, ob es da ist. Wenn nicht, senden Sie es noch einmal.",
  ],
  E0720: [
    "Von anderswo wäre es ohne Verschlüsselung zu erreichen",
    "Wer den Server betreibt, gibt ihm ein Zertifikat, stellt ihn hinter einen Proxy mit TLS oder lässt ihn nur auf diesem Rechner hören.",
  ],
  E0721: ["Dort kann der Server nicht hören", "Nehmen Sie einen anderen Port."],
  E0722: [
    "Das Zertifikat lässt sich nicht verwenden",
    "Beides als PEM-Dateien, die der Server lesen darf: erst das Zertifikat, dann die, die für es bürgen.",
  ],
  E0723: [
    "Der Anbieter von Anmeldungen lässt sich nicht einrichten",
    "Berichtigen Sie die genannte Zeile der Einstellungen.",
  ],
  E0724: [
    "Die Frage braucht mehr Speicher, als der Server haben darf",
    "Fragen Sie nach einem kürzeren Zeitraum, weniger Dimensionen oder Zurechnung durch weniger Modelle.",
  ],
  E0725: [
    "Die beiseitegelegten Zeilen dieses Imports gibt es nicht bei seinem Auftrag",
    "Holen Sie sie gleich nach einem Probelauf, oder machen Sie ihn noch einmal. Was ein Import beiseitelegte, zeigt die Seite der Datenlage.",
  ],
  E0726: [
    "So lässt sich nicht festlegen, wann Besprechungen sind",
    "Die Meldung nennt, was fehlt: Wochentag oder Tag, Uhrzeit, und Erwartete beider Seiten.",
  ],
  E0727: [
    "Diese Besprechung lässt sich nicht öffnen oder abschließen",
    "Die Meldung nennt den Grund. Jede Woche, jeder Monat, jedes Quartal wird einmal abgeschlossen, und nicht im Voraus.",
  ],
  E0728: [
    "Diese Besprechung oder diesen Beschluss gibt es nicht",
    "Die Liste der Besprechungen zeigt alle mit ihren Nummern.",
  ],
  E0729: [
    "Dieser Beschluss lässt sich so nicht festhalten",
    "Was, wer und bis wann gehören dazu; was er bewegen soll, hat Metrik, Vorzeichen, Einheit und Tag.",
  ],
  E0730: [
    "So kann niemand dabei gewesen sein",
    "Nennen Sie, wer für welches Team da war. Ausfallen kann eine Besprechung nur, wenn sich nichts geändert hat.",
  ],
};
