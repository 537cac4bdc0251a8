"""Old readings in files: a day older than the policy goes to Parquet and is still read from there.

A file is made, read back and counted before its partition goes; a late reading for such a day is
stored as any other, and joined into the file the next time.
"""
