"""The texts an evaluator starts from. A paragraph is one line: mail programs fold it."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.mailing.texts import MailKind, MailText

_INVITATION = """\
Beste {{ naam or "programmaleider" }},

U bent programmaleider van Sterk Techniekonderwijs in de regio {{ regio }}. Wij nodigen u graag \
uit voor de meting {{ meting }} van de monitor. Met uw antwoorden laat u zien hoe het programma \
in de regio's loopt.

Met deze link opent u de vragenlijst van uw regio:

{{ link }}

De link is persoonlijk. Stuur hem daarom niet door. Wat u invult, wordt steeds bewaard: u kunt \
stoppen en later met dezelfde link verdergaan.
{% if sluit_op %}

De vragenlijst sluit op {{ sluit_op }}.
{% endif %}

Hebt u een vraag, of bent u geen programmaleider meer? Beantwoord dan deze mail.

Alvast hartelijk dank voor uw medewerking.

Met vriendelijke groet,

{{ afzender }}
"""

_REMINDER = """\
Beste {{ naam or "programmaleider" }},

Eerder nodigden wij u uit voor de meting {{ meting }} van de monitor Sterk Techniekonderwijs. \
Wij hebben de vragenlijst van de regio {{ regio }} nog niet van u ontvangen. Wilt u hem alsnog \
invullen? Hoe meer regio's meedoen, hoe beter het beeld van het programma wordt.

Met deze link opent u de vragenlijst van uw regio:

{{ link }}

Was u al begonnen? Dan gaat u verder waar u gebleven was. De link is persoonlijk. Stuur hem \
daarom niet door.
{% if sluit_op %}

De vragenlijst sluit op {{ sluit_op }}.
{% endif %}

Hebt u de vragenlijst net verzonden? Dan hoeft u niets meer te doen. Hebt u een vraag, of bent u \
geen programmaleider meer? Beantwoord dan deze mail.

Met vriendelijke groet,

{{ afzender }}
"""

DEFAULT_TEXTS: Mapping[MailKind, MailText] = {
    MailKind.INVITATION: MailText(
        "Uitnodiging: vragenlijst Sterk Techniekonderwijs, meting {{ meting }}", _INVITATION
    ),
    MailKind.REMINDER: MailText(
        "Herinnering: vragenlijst Sterk Techniekonderwijs, meting {{ meting }}", _REMINDER
    ),
}
