"""Outside lists: from bytes to records (pure, one module per source), then into the catalogue."""
