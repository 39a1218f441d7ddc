"""The tables, with the constraints that make the database itself refuse what cannot be."""

from db.tables.accounts import AccountRow, FailedAttemptRow, SettingRow, SignInRow
from db.tables.questionnaires import (
    CLOSED_KINDS,
    MISSING_CODES,
    TEXT_KINDS,
    PermittedCodeRow,
    QuestionnaireRow,
    QuestionRow,
    ScoredCodeRow,
)
from db.tables.regions import (
    BY_NUMBER,
    ContactRow,
    RegionAttributeRow,
    RegionRow,
    SuccessionPartRow,
    SuccessionRow,
)
from db.tables.responses import (
    AnswerChoiceRow,
    AnswerRow,
    ClearedAnswerRow,
    ImportedFileRow,
    PreviousAnswerRow,
    ResponseRow,
)
from db.tables.trail import AuditRow
from db.tables.waves import (
    ConsentRow,
    InvitationRow,
    LinkRow,
    MailTextRow,
    MessageRow,
    WaveRow,
)

__all__ = [
    "BY_NUMBER",
    "CLOSED_KINDS",
    "MISSING_CODES",
    "TEXT_KINDS",
    "AccountRow",
    "AnswerChoiceRow",
    "AnswerRow",
    "AuditRow",
    "ClearedAnswerRow",
    "ConsentRow",
    "ContactRow",
    "FailedAttemptRow",
    "ImportedFileRow",
    "InvitationRow",
    "LinkRow",
    "MailTextRow",
    "MessageRow",
    "PermittedCodeRow",
    "PreviousAnswerRow",
    "QuestionRow",
    "QuestionnaireRow",
    "RegionAttributeRow",
    "RegionRow",
    "ResponseRow",
    "ScoredCodeRow",
    "SettingRow",
    "SignInRow",
    "SuccessionPartRow",
    "SuccessionRow",
    "WaveRow",
]
