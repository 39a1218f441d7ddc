"""A template of the organisation's own: a file of Office, looked at before it is opened."""

from __future__ import annotations

import io
import zipfile

_MOST_UNPACKED = 200_000_000  # bytes
_CONTENTS = "[Content_Types].xml"
_KINDS = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.",
}
_DOCUMENTS = {"pptx": b"presentation.main+xml", "docx": b"document.main+xml"}
_ENGLISH = {
    "kind": "is not a {kind} file",
    "damaged": "is damaged: the file cannot be opened",
    "locked": "is protected by a password: save it without one",
    "macros": "holds macros: save it as {kind}",
    "large": "is too large",
    "titles": "has no layout with a title",
}
_DUTCH = {
    "kind": "Dit sjabloon is geen {kind}-bestand.",
    "damaged": "Dit sjabloon is beschadigd: het bestand is niet te openen.",
    "locked": "Dit sjabloon is beveiligd met een wachtwoord. Sla het op zonder wachtwoord.",
    "macros": "Dit sjabloon heeft macro's. Sla het op als {kind}.",
    "large": "Dit sjabloon is te groot.",
    "titles": "Dit sjabloon heeft geen indeling met een titel.",
}


class TemplateRefused(Exception):
    """A template that cannot be used; `str` tells why in English, `dutch` in Dutch."""

    def __init__(self, code: str, kind: str) -> None:
        super().__init__(_ENGLISH[code].format(kind=f".{kind}"))
        self.code = code
        self.dutch = _DUTCH[code].format(kind=f".{kind}")


def read_template(content: bytes, kind: str) -> io.BytesIO:
    """The file of a `kind`, pptx or docx, as one to open; a template (.potx, .dotx) becomes a
    document. TemplateRefused where it is something else, or unpacks to very much."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # how Office keeps a file with a password
        raise TemplateRefused("locked", kind)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if _CONTENTS not in {part.filename for part in parts}:
                raise TemplateRefused("kind", kind)
            if any(part.flag_bits & 1 for part in parts):
                raise TemplateRefused("locked", kind)
            if sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise TemplateRefused("large", kind)
            return _as_document(archive, kind)
    except zipfile.BadZipFile as error:
        code = "damaged" if content.startswith(b"PK") else "kind"
        raise TemplateRefused(code, kind) from error
    except (ValueError, NotImplementedError, OSError, EOFError) as error:
        raise TemplateRefused("damaged", kind) from error


def _as_document(archive: zipfile.ZipFile, kind: str) -> io.BytesIO:
    contents = archive.read(_CONTENTS)
    if b"macroEnabled" in contents:
        raise TemplateRefused("macros", kind)
    wanted = _KINDS[kind].encode() + _DOCUMENTS[kind]
    contents = contents.replace(_KINDS[kind].encode() + b"template.main+xml", wanted)
    if wanted not in contents:
        raise TemplateRefused("kind", kind)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            text = contents if part.filename == _CONTENTS else archive.read(part)
            copy.writestr(part.filename, text)
    file.seek(0)
    return file
