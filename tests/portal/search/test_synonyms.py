from portal.search.synonyms import Synonyms, read

PUMPS = Synonyms([["pompe", "مضخة", "pump"], ["cœur", "heart"], ["lampe", "pump"]])


def test_a_word_is_known_by_its_inflections_and_never_finds_itself():
    assert PUMPS.of("pompes") == ["مضخه", "pump"]
    assert PUMPS.of("المضخه") == ["pompe", "pump"]
    assert PUMPS.of("coeur") == ["heart"]
    assert PUMPS.of("gants") == []


def test_a_word_of_two_groups_means_what_both_say():
    assert PUMPS.of("pump") == ["pompe", "مضخه", "lampe"]


def test_the_listed_form_stands_for_the_inflections():
    assert [PUMPS.listed(word) for word in ("pompes", "pompe", "المضخه", "gants")] == [
        "pompe", "pompe", "مضخه", "gants"
    ]  # fmt: skip


def test_every_listed_word_is_in_the_table():
    assert PUMPS.table() == {
        "pompe": ["مضخه", "pump"],
        "مضخه": ["pompe", "pump"],
        "pump": ["pompe", "مضخه", "lampe"],
        "coeur": ["heart"],
        "heart": ["coeur"],
        "lampe": ["pump"],
    }


def test_a_file_is_read_without_its_sources_and_gaps(tmp_path):
    file = tmp_path / "synonyms.txt"
    file.write_text("# head\n\nA01 | aiguille | إبرة, أبرة | needle\n- | irm | - | mri\n", "utf-8")

    assert read(file).table() == {
        "aiguille": ["ابره", "needle"],
        "ابره": ["aiguille", "needle"],
        "needle": ["aiguille", "ابره"],
        "irm": ["mri"],
        "mri": ["irm"],
    }
