"""The report of an evaluation: charts, page, PDF and plain text, in three languages."""
