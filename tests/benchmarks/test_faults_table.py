"""The table of faults leaves out nothing that the rehearsal can do wrong."""

from __future__ import annotations

from faults import CASES

from tribonian.align.rehearsal import CONDUCT, REPLIES, Misbehaviour


def test_every_switch_of_the_rehearsal_is_in_the_table_of_faults() -> None:
    told = [fault for case in CASES for fault in case.misbehave]
    assert {each.name for each in Misbehaviour(*told).faults} == {*REPLIES, *CONDUCT}


def test_each_fault_has_a_name_of_its_own() -> None:
    names = [case.fault for case in CASES]
    assert len(names) == len(set(names))
