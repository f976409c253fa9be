"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class QualityReport:
    """The findings of one check of one table."""

    table: str
    checked_at: datetime
    findings: list[str] = field(default_factory=list)

    def add(self, finding: str) -> None:
        """Adds one finding."""
        self.findings.append(finding)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
