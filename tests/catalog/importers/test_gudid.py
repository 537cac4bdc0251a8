"""GUDID, in every form the FDA publishes it: one device, one key, and why a row is refused."""

import json

import pytest

from catalog.importers import gudid
from catalog.importers.reasons import Reason
from catalog.states import Agency
from tests.catalog.importers.files import (
    GTINS,
    gudid_record,
    gzipped,
    ndjson,
    read_all,
    written,
    zipped,
)

GUDID_XML = """<?xml version="1.0" encoding="UTF-8"?>
<gudid xmlns="http://www.fda.gov/cdrh/gudid" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <header><database><fileName>full</fileName></database></header>
 <device>
  <identifiers>
   <identifier><deviceId>{0}</deviceId><deviceIdType>Primary</deviceIdType>
    <deviceIdIssuingAgency>GS1</deviceIdIssuingAgency></identifier>
   <identifier><deviceId>{1}</deviceId><deviceIdType>Package</deviceIdType>
    <deviceIdIssuingAgency>GS1</deviceIdIssuingAgency><containsDINumber>{0}</containsDINumber>
    <pkgQuantity>10</pkgQuantity></identifier>
  </identifiers>
  <brandName>Infusor &amp; Co</brandName><versionModelNumber>X1</versionModelNumber>
  <catalogNumber xsi:nil="true"></catalogNumber><companyName>ACME INC.</companyName>
  <singleUse>true</singleUse>
  <deviceSizes><deviceSize><sizeType>Length</sizeType><size unit="Millimeter" value="18.0"/>
   <sizeText xsi:nil="true"/></deviceSize></deviceSizes>
  <gmdnTerms><gmdn><gmdnPTName>Pump</gmdnPTName></gmdn></gmdnTerms>
  <sterilization><deviceSterile>false</deviceSterile></sterilization>
 </device>
</gudid>""".format(*GTINS)


def test_gudid_reads_the_xml_of_a_release(tmp_path):
    path = written(tmp_path, "full.zip", zipped(part1__xml=GUDID_XML.encode()))

    (device,), refusals = read_all(path, gudid.read)

    assert refusals == []
    assert (device.key, device.maker, device.gmdn) == (GTINS[0], "ACME INC.", "Pump")
    assert device.names == {"en": "Infusor & Co X1"}
    assert device.reference == "X1"
    assert device.flags == {"is_single_use": True, "is_sterile": False}
    assert device.variants[0].sizes == "Length 18.0 mm"
    (pack,) = device.variants[0].packs
    assert (pack.udi_di, pack.contains, pack.level, pack.agency) == (GTINS[1], 10, 1, Agency.GS1)


DELIMITED = (
    "PrimaryDI|publicDeviceRecordKey|brandName|versionModelNumber|catalogNumber|companyName|"
    "deviceCount|deviceDescription|singleUse|labeledContainsNRL|deviceSterile\n"
)


def test_gudid_reads_the_devices_of_a_delimited_release(tmp_path):
    rows = f'{GTINS[0]}|key-1|Infusor, 5" tube|X1||ACME INC.|10|A pump|true|false|true\n'
    rows += "M365100|key-2|Bed|B2|REF-2|ACME INC.|1||false|false|false\n"
    rows += "04250274510997|key-3|Bed|B2||ACME INC.|1||false|false|false\n"
    members = {
        "device__txt": (DELIMITED + rows).encode(),
        "identifiers__txt": b"PrimaryDI|deviceId\n1|2\n",
    }
    path = written(tmp_path, "AccessGUDID_Delimited_Full_Release.zip", zipped(**members))

    (first, second), refusals = read_all(path, gudid.read)

    assert (first.key, first.names, first.reference) == (
        GTINS[0], {"en": 'Infusor, 5" tube X1'}, "X1",
    )  # fmt: skip
    assert first.flags == {"is_single_use": True, "contains_latex": False, "is_sterile": True}
    assert first.variants[0].quantity == 10
    assert (second.key, second.reference) == ("M365100", "REF-2")
    assert [(one.line, one.reason) for one in refusals] == [(4, Reason.WRONG_GTIN)]


def test_gudid_gives_a_device_the_same_key_in_every_form(tmp_path):
    row = f"{GTINS[0]}|k|Infusor|X1||ACME INC.|1||||\n"
    table = written(tmp_path, "device.txt", DELIMITED + row)
    record = written(tmp_path, "a.ndjson", ndjson(gudid_record()))

    keys = {read_all(path, gudid.read)[0][0].key for path in (table, record)}

    assert keys == {GTINS[0]}


def test_gudid_reads_a_zip_of_zips_and_says_in_which_part_a_row_is_wrong(tmp_path):
    inner = zipped(b__ndjson=ndjson(gudid_record(), {"brandName": "no identifier"}))
    path = written(tmp_path, "weekly.zip", zipped(a__zip=inner))

    records, refusals = read_all(path, gudid.read)

    assert [one.key for one in records] == [GTINS[0]]
    assert [(one.line, one.reason) for one in refusals] == [(2, Reason.KEY_MISSING)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.ndjson", ndjson(gudid_record()), id="ndjson"),
        pytest.param("a.ndjson.gz", gzipped(ndjson(gudid_record())), id="gz"),
        pytest.param("a.json", json.dumps([gudid_record()]).encode(), id="array"),
        pytest.param(
            "a.json", json.dumps({"meta": {}, "results": [gudid_record()]}).encode(), id="openFDA"
        ),
        pytest.param(
            "a.json", json.dumps({"results": [gudid_record()]}, indent=2).encode(), id="indented"
        ),
        pytest.param(
            "a.json",
            json.dumps({"gudid": {"device": gudid_record()}}).encode(),
            id="AccessGUDID answer",
        ),
    ],
)
def test_gudid_reads_every_shape_of_json(tmp_path, name, data):
    records, refusals = read_all(written(tmp_path, name, data), gudid.read)

    assert refusals == []
    assert [one.key for one in records] == [GTINS[0]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"companyName": "  "}, Reason.MAKER_MISSING),
        ({"brandName": None, "versionModelNumber": ""}, Reason.NAME_MISSING),
        ({"identifiers": []}, Reason.KEY_MISSING),
        ({"identifiers": "no"}, Reason.KEY_MISSING),
        ({"identifiers": [{"deviceId": "1" * 99, "deviceIdType": "Primary"}]}, Reason.TOO_LONG),
    ],
)
def test_gudid_says_why_a_record_is_refused(tmp_path, change, reason):
    path = written(tmp_path, "a.ndjson", ndjson(gudid_record(**change)))

    records, refusals = read_all(path, gudid.read)

    assert records == []
    assert [one.reason for one in refusals] == [reason]


def test_gudid_refuses_a_gtin_that_does_not_check(tmp_path):
    path = written(tmp_path, "a.ndjson", ndjson(gudid_record("04250274510997")))

    _, refusals = read_all(path, gudid.read)

    assert [(one.reason, one.value) for one in refusals] == [(Reason.WRONG_GTIN, "04250274510997")]


def test_a_cut_off_xml_keeps_what_stood_before(tmp_path):
    whole = GUDID_XML.replace("</gudid>", "<device><brandName>cut")

    records, refusals = read_all(written(tmp_path, "a.xml", whole), gudid.read)

    assert [one.key for one in records] == [GTINS[0]]
    assert [one.reason for one in refusals] == [Reason.NOT_A_RECORD]
