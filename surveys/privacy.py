"""What the monitor keeps of people, why, for how long, and who sees it: said to everybody.

The texts are Dutch. A test holds `KEPT` against the tables: a new column with text is described
here, or it is said there that it is not about people.
"""

from __future__ import annotations

from dataclasses import dataclass

from surveys.settings import RETENTION

# Where the texts tell how many months names are kept.
MONTHS = "{maanden}"


@dataclass(frozen=True)
class Kept:
    """One kind of data: `columns` as table.column."""

    what: str
    why: str
    how_long: str
    who_sees: str
    columns: tuple[str, ...]


def tell_months(text: str, months: int) -> str:
    """The text with the setting's value in it."""
    return text.replace(MONTHS, f"{months} {RETENTION.unit if months != 1 else 'maand'}")


KEPT = (
    Kept(
        "Naam en e-mailadres van de programmaleider",
        "Om u uit te nodigen voor een meting, u te herinneren en vragen te kunnen stellen.",
        f"Tot {MONTHS} nadat de laatste meting is gesloten waarvoor u bent uitgenodigd, of tot "
        f"{MONTHS} nadat een ander programmaleider is geworden. Bent u nog nooit uitgenodigd? Dan "
        "tot een ander programmaleider is, of tot u vraagt om wissen.",
        "De evaluator.",
        ("contact.name", "contact.email", "contact.since", "contact.until"),
    ),
    Kept(
        "Berichten: wanneer u een uitnodiging of herinnering kreeg",
        "Om te weten wie bericht kreeg, en om niemand twee keer te mailen. We bewaren ook wat de "
        "mailserver antwoordde. Het bericht zelf bewaren we niet.",
        "Zo lang als de monitor bestaat. Wissen we uw naam, dan blijft van het antwoord van de "
        "mailserver alleen de code over.",
        "De evaluator.",
        ("message.reply", "message.message_id", "message.queued_by", "message.done_at"),
    ),
    Kept(
        "Uw persoonlijke link",
        "Om te zien voor welke regio u invult, zonder account. We bewaren een controlegetal van de "
        "link, niet de link zelf. Ook bewaren we wanneer u hem voor het eerst opende.",
        "Zo lang als de monitor bestaat.",
        "Niemand ziet het controlegetal. De evaluator ziet of de link is geopend.",
        ("link.token_hash", "invitation.opened_at"),
    ),
    Kept(
        "Antwoorden op de vragenlijst",
        "Om te onderzoeken hoe het programma in de regio's loopt. De antwoorden gaan over uw "
        "regio. Ze staan los van uw naam. Typt u in een open antwoord zelf een naam, dan staat die "
        "daar.",
        "Zo lang als het onderzoek de metingen vergelijkt. Wissen we uw naam, dan blijven de "
        "antwoorden.",
        "De evaluator. De stuurgroep ziet alleen uitkomsten over groepen van regio's: niet wat één "
        "regio antwoordde. Een open antwoord ziet zij alleen als de evaluator het heeft nagekeken "
        "en vrijgegeven. Wie de persoonlijke link van uw regio heeft, ziet de antwoorden van uw "
        "regio; ook als de meting gesloten is.",
        (
            "answer.code",
            "answer.number",
            "answer.text",
            "answer_choice.code",
            "previous_answer.code",
            "previous_answer.reason",
            "response.begun_at",
            "response.submitted_at",
            "response.entered_by",
            "response.reason",
            "response.invalid_reason",
        ),
    ),
    Kept(
        "Vrijgegeven open antwoorden",
        "Om bij de uitkomsten te laten lezen wat regio's zelf schreven. De evaluator haalt er "
        "eerst namen en plaatsen uit. De regio staat er niet bij.",
        "Even lang als de antwoorden. Trekt de evaluator het in, dan wissen we wat was "
        "vrijgegeven. Geeft de regio een ander antwoord, dan is het niet meer te zien.",
        "De evaluator. Is de meting gesloten en beantwoordden genoeg regio's de vraag, dan ook wie "
        "de uitkomsten mag zien.",
        ("cleared_answer.text", "cleared_answer.original_hash"),
    ),
    Kept(
        "Uw toestemming",
        "Om te kunnen laten zien waarmee u instemde: welke tekst dat was, en wanneer. Dit geldt "
        "alleen als een meting om toestemming vraagt.",
        "Even lang als de antwoorden.",
        "De evaluator.",
        ("consent.body", "response.consent_id", "response.consented_at"),
    ),
    Kept(
        "Account van een medewerker",
        "Om aan te melden: met welke naam of welk e-mailadres, en met welke rol. Van een "
        "wachtwoord bewaren we alleen een controlegetal.",
        "Tot de beheerder het account wist. Daarna blijft alleen het nummer over.",
        "De beheerder. De evaluator ziet de naam in het logboek.",
        ("account.name", "account.role", "account.password_hash"),
    ),
    Kept(
        "Aanmeldingen van medewerkers",
        "Om te weten wie er is aangemeld, en om af te melden wie lang niets doet.",
        "Zo lang als de monitor bestaat. Is het account gewist, dan alleen met het nummer.",
        "Niemand. In het logboek staat wel wie zich wanneer aanmeldde.",
        ("sign_in.key_hash", "sign_in.begun_at", "sign_in.seen_at", "sign_in.ended_at"),
    ),
    Kept(
        "Mislukte pogingen om binnen te komen",
        "Om raden van wachtwoorden en links tegen te gaan. We bewaren een controlegetal van het "
        "internetadres en van de naam waarmee iemand het probeerde.",
        "Na een dag tellen ze niet meer mee. De eerstvolgende mislukte poging daarna wist ze.",
        "Niemand.",
        ("failed_attempt.subject", "failed_attempt.at"),
    ),
    Kept(
        "Logboek",
        "Om na te kunnen gaan wie wat deed. Accounts en contacten staan er met een nummer in, "
        "zonder naam of e-mailadres. Wel staat erin welk antwoord is gewijzigd, en hoe. Stond in "
        "een open antwoord een naam, dan staat die dus ook hier.",
        "Zo lang als de monitor bestaat. Niemand kan een regel wijzigen of wissen.",
        "De evaluator en de beheerder. De beheerder ziet geen antwoorden.",
        ("audit.actor", "audit.subject", "audit.old", "audit.new"),
    ),
    Kept(
        "Teksten van uitnodigingen",
        "Om een meting met eigen woorden aan te kondigen. Er kan een naam van een afzender in "
        "staan.",
        "Zo lang als de monitor bestaat, of tot de evaluator de tekst verandert.",
        "De evaluator, en wie het bericht krijgt.",
        ("mail_text.subject", "mail_text.body"),
    ),
)

RIGHTS = (
    "U mag vragen welke gegevens we van u hebben (inzage).",
    "U mag vragen om ze te verbeteren of te wissen.",
    "U mag bezwaar maken tegen het gebruik van uw gegevens.",
    "Gaf u toestemming? Dan mag u die weer intrekken.",
    "Bent u het niet met ons eens, dan kunt u klagen bij de Autoriteit Persoonsgegevens.",
)
WHOM_TO_ASK = (
    "Bent u programmaleider? Beantwoord dan de mail met uw uitnodiging: die gaat naar het "
    "onderzoeksbureau dat de meting uitvoert. Hebt u een account? Vraag het dan aan de beheerder "
    "van de monitor."
)
ERASING = (
    "Wissen haalt de naam en het e-mailadres uit de database. Dat kan niet ongedaan worden "
    "gemaakt.",
    "De antwoorden van de regio blijven staan. In open antwoorden, en in regels daarover in het "
    "logboek, kan een naam staan die iemand zelf typte. Die wist de monitor niet. De evaluator "
    "kijkt daarom de open antwoorden na als iemand om wissen vraagt, ook die zijn vrijgegeven.",
    "Reservekopieën van voor het wissen houden de naam en het adres tot ze zelf worden verwijderd. "
    "Hetzelfde geldt voor bestanden die iemand heeft gedownload, en voor mails die zijn verstuurd.",
)
