"""What an operator checks on a deployed stack: audit trail, dead letters, reconciliation; in `doctor/` its health."""
