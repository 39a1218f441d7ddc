"""The formats of a report. What writes one is loaded when it is needed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from analysis.report.progress import Progress, tell_nothing

if TYPE_CHECKING:
    from analysis.report.content import Report


class Format(StrEnum):
    PPTX = "pptx"
    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"

    @property
    def takes_template(self) -> bool:
        return self in (Format.PPTX, Format.DOCX)

    @property
    def mime(self) -> str:
        return _MIMES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_MIMES = {
    Format.PPTX: f"{_OFFICE}presentationml.presentation",
    Format.DOCX: f"{_OFFICE}wordprocessingml.document",
    Format.PDF: "application/pdf",
    Format.HTML: "text/html",
}


def write_report(
    report: Report,
    wanted: Format,
    template: bytes | None = None,
    progress: Progress = tell_nothing,
) -> bytes:
    """The report as a file. TemplateRefused where the template cannot be used; ValueError for one
    with a format that takes none."""
    if template is not None and not wanted.takes_template:
        raise ValueError(f"a report in {wanted} takes no template")
    if wanted is Format.PPTX:
        from analysis.report.pptx import write_pptx

        return write_pptx(report, template, progress)
    if wanted is Format.DOCX:
        from analysis.report.docx import write_docx

        return write_docx(report, template, progress)
    if wanted is Format.PDF:
        from analysis.report.pdf import write_pdf

        return write_pdf(report, progress)
    from analysis.report.html import write_html

    return write_html(report, progress)


def check_template(template: bytes, wanted: Format) -> None:
    """TemplateRefused where it cannot be used; ValueError for a format that takes none."""
    if wanted is Format.PPTX:
        from analysis.report.slide_design import Design

        Design(template)
    elif wanted is Format.DOCX:
        from analysis.report.document_design import open_document

        open_document(template)
    else:
        raise ValueError(f"a report in {wanted} takes no template")
