"""What can be done in buying, and who may."""

from portal.permissions import Action, OrganisationKind, Role, either, member, verifier

BUYERS = frozenset({OrganisationKind.BUYER, OrganisationKind.CLUSTER, OrganisationKind.AUTHORITY})

EVALUATION_ASK = Action("procurement.evaluation.ask", member(BUYERS, at_least=Role.EDITOR))
# A record is for the commission and those who control it, before it is for anybody else.
EVALUATION_VIEW = Action("procurement.evaluation.view", either(member(BUYERS), verifier))
