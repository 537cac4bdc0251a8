"""Which devices everybody may see: the only place that says it in SQL (a test holds to that).

The conditions are about ``device_model d``.
"""

from portal.accounts.queries.hidden import HIDDEN, of_shown

# In lists, counts and searches.
LISTED = f"(d.state = 'published' AND {of_shown('d.organisation_id')})"
# By its address or its identifier: a retired device stays readable because contracts refer to it.
READABLE = f"(d.state IN ('published', 'retired') AND {of_shown('d.organisation_id')})"
# Would be readable, if its organisation were not hidden.
WITHHELD = f"(d.state IN ('published', 'retired') AND NOT {of_shown('d.organisation_id')})"
# Which organisations are hidden now, in a few letters.
HIDDEN_NOW = f"md5({HIDDEN}::text)"
