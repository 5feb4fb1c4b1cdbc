"""The files that a person names for an upload."""
