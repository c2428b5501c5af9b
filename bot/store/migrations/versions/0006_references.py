"""References: a clinic's own label for a patient, given by an invitation or linked later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patients", sa.Column("reference", sa.Text(), nullable=True))
    op.create_index("ix_patients_reference", "patients", ["reference"])


def downgrade() -> None:
    op.drop_index("ix_patients_reference", "patients")
    op.drop_column("patients", "reference")
