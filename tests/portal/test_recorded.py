from catalog.recorded import EVENTS as OF_CATALOG
from portal.accounts.recorded import EVENTS as OF_ACCOUNTS
from portal.audit.words import events, words
from portal.web.i18n import language


def test_words_of_every_package_are_known_and_others_stay_as_they_are():
    token = language.set("fr")
    try:
        assert events().items() >= (OF_CATALOG | OF_ACCOUNTS).items()
        assert words("person.signed_in") == "Une personne s’est connectée"
        assert words("of.a_former_version") == "of.a_former_version"
    finally:
        language.reset(token)
