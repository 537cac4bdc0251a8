"""The scoring engine: exact where it decides, honest where it informs.

Pure: the standard library, msgspec and numpy; scipy when it is first needed. It knows no database,
no page and no clock, and can be used alone.
"""
