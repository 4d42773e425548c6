"""Small titles, written for these tests, with every kind of unit that a title can have.

``TITLES`` is what ``EcfrServer`` takes. Title 41 has two versions: in the second, § 50-201.2 is
amended and part 50-204 is new. Title 17 has the odd numbers that real titles have: ``52. 36``
(36 CFR), ``956.1 (Rule 1)`` (39 CFR), ``1-1`` and ``01`` (14 CFR 241), ``120.441-§ 120.447``
(13 CFR), ``240.11a1-1(T)`` (17 CFR), a part without sections (18 CFR 101).
"""

from __future__ import annotations

FIRST_DATE = "2020-03-02"
SECOND_DATE = "2025-06-16"

_TITLE_41 = """\
<?xml version="1.0" encoding="UTF-8"?>
<ECFR>
<AMDDATE>{amended}
</AMDDATE>

<DIV1 N="41" TYPE="TITLE">

<HEAD>Title 41—Small Contracts and Large Gardens</HEAD>


<DIV2 N="A" TYPE="SUBTITLE">

<HEAD>Subtitle A—Gardens of the Government</HEAD>

<DIV5 N="1" TYPE="PART" VOLUME="1">
<HEAD>PART 1—NAMES OF GARDENS
</HEAD>
<AUTH>
<HED>Authority:</HED><PSPACE>5 U.S.C. 301; 41 U.S.C. 98.

</PSPACE></AUTH>
<SOURCE>
<HED>Source:</HED><PSPACE>85 FR 10001, Mar. 2, 2020, unless otherwise noted.

</PSPACE></SOURCE>

<DIV8 N="1.1" TYPE="SECTION" VOLUME="1">
<HEAD>§ 1.1   Purpose.</HEAD>
<P>This part says how the gardens of the Government are named, among them those of §&#160;1.2.
</P>
<CITA TYPE="N">[85 FR 10001, Mar. 2, 2020]

</CITA>
</DIV8>

<DIV8 N="1.2-1.9" TYPE="SECTION" VOLUME="1">
<HEAD>§§ 1.2-1.9   [Reserved]</HEAD>
</DIV8>

<DIV9 N="Appendix A to Part 1" TYPE="APPENDIX" VOLUME="1">
<HEAD>Appendix A to Part 1—List of Gardens
</HEAD>
<P>1. The Rose Garden &amp; its paths.
</P>
<P>2. The Herb Garden.
</P>
</DIV9>
</DIV5>

<DIV5 N="2-49" TYPE="PART" VOLUME="1">
<HEAD>PARTS 2-49 [RESERVED]

</HEAD>
</DIV5>

<DIV4 N="A" TYPE="SUBCHAP">
<HEAD>SUBCHAPTER A—BENCHES

</HEAD>

<DIV5 N="49a" TYPE="PART" VOLUME="1">
<HEAD>PART 49a—BENCHES
</HEAD>

<DIV8 N="49a.1" TYPE="SECTION" VOLUME="1">
<HEAD>§ 49a.1   How many benches.</HEAD>
<P>Each garden has at least two benches.
</P>
</DIV8>
</DIV5>
</DIV4>
</DIV2>

<DIV2 N="B" TYPE="SUBTITLE">

<HEAD>Subtitle B—Small Contracts</HEAD>

<DIV3 N="50" TYPE="CHAPTER">

<HEAD> CHAPTER 50—OFFICE OF SMALL CONTRACTS, DEPARTMENT OF GARDENS</HEAD>
<NOTE>
<HED>Note:</HED><P>This chapter is read with the rules of the Office.
</P></NOTE>

<DIV4 N="A" TYPE="SUBCHAP">
<HEAD>SUBCHAPTER A—WAGES AND HOURS

</HEAD>
<EDNOTE>
<HED>Editorial Note:</HED><PSPACE>Nomenclature changes appear at 85 FR 10002, Mar. 2, 2020.

</PSPACE></EDNOTE>

<DIV5 N="50-201" TYPE="PART" VOLUME="2">
<HEAD>PART 50-201—GENERAL RULES
</HEAD>
<AUTH>
<HED>Authority:</HED><PSPACE>41 U.S.C. 6506.

</PSPACE></AUTH>
<XREF ID="20260701" REFID="7">Link to an amendment published at 91 FR 20001, July 1, 2026.
</XREF>

<DIV8 N="50-201.1" TYPE="SECTION" VOLUME="2">
<HEAD>§ 50-201.1   Definitions.</HEAD>
<P>In this part—
</P>
<P>(a) <I>Gardener</I> means a person who tends plants for pay; and
</P>
<P>(b)(1) <I>Plant</I> means anything that grows in soil, but
</P>
<P>(2) Does not mean—
</P>
<P>(i) A weed; or
</P>
<P>(ii) Grass shorter than 8<FR>1/2</FR> centimeters, whose CO<E T="52">2</E> is not counted.
</P>
<CITA TYPE="N">[85 FR 10003, Mar. 2, 2020]

</CITA>
</DIV8>

<DIV8 N="50-201.2" TYPE="SECTION" VOLUME="2">
<HEAD>§ 50-201.2   Hours.</HEAD>
<P>(a) No gardener shall work more than {hours} hours in a day.
</P>
<P>(b) [Reserved]
</P>
<P>(c) <I>Rest</I>—(1) <I>Noon.</I> A rest of one hour is given at noon.
</P>
<P>(2) <I>Evening.</I> No rest need be given in the evening.
</P>
<CITA TYPE="N">[{cita}]

</CITA>
</DIV8>

<DIV8 N="50-201.3-50-201.9" TYPE="SECTION" VOLUME="2">
<HEAD>§§ 50-201.3-50-201.9   [Reserved]</HEAD>
</DIV8>
</DIV5>

<DIV5 N="50-202" TYPE="PART" VOLUME="2">
<HEAD>PART 50-202—TOOLS
</HEAD>
<AUTH>
<HED>Authority:</HED><PSPACE>41 U.S.C. 6507.

</PSPACE></AUTH>

<DIV6 N="A" TYPE="SUBPART">
<HEAD>Subpart A—Spades</HEAD>
<SOURCE>
<HED>Source:</HED><PSPACE>85 FR 10004, Mar. 2, 2020, unless otherwise noted.

</PSPACE></SOURCE>

<DIV7 N="ECFR0a1b2c3d4e5f607" TYPE="SUBJGRP">
<HEAD>Care of Spades</HEAD>

<DIV8 N="50-202.1" TYPE="SECTION" VOLUME="2">
<HEAD>§ 50-202.1   Cleaning.</HEAD>
<P>A spade is cleaned after each day of work.
</P>
</DIV8>

<DIV8 N="50-202.2" TYPE="SECTION" VOLUME="2">
<HEAD>§ 50-202.2   Grades of spades.</HEAD>
<P>The grades are in table 1.
</P>
<DIV width="100%"><DIV class="gpotbl_div"><TABLE border="1" cellpadding="1" class="gpo_table">
<CAPTION><P class="title">Table 1—Grades</P></CAPTION>
<THEAD><TR><TH class="center" scope="col">Grade</TH>
<TH class="center" scope="col">Blade (mm)</TH></TR></THEAD>
<TBODY><TR><TD class="left">Fine</TD><TD class="right">120</TD></TR>
<TR><TD class="left">Coarse</TD><TD class="right">≥ 160</TD></TR></TBODY></TABLE></DIV></DIV>
</DIV8>
</DIV7>

<DIV7 N="ECFR1122334455667aa" TYPE="SUBJGRP">
<HEAD>Loss of Spades</HEAD>

<DIV8 N="50-202.3" TYPE="SECTION" VOLUME="2">
<HEAD>§ 50-202.3   Report of a loss.</HEAD>
<P>Whoever loses a spade says so within 3 days.
</P>
</DIV8>
</DIV7>

<DIV9 N="Appendix A to Subpart A of Part 50-202" TYPE="APPENDIX" VOLUME="2">
<HEAD>Appendix A to Subpart A of Part 50-202—Form for a Loss
</HEAD>
<P>Name of the spade:
</P>
<FP-DASH>Place
</FP-DASH>
</DIV9>
</DIV6>

<DIV6 N="B-C" TYPE="SUBPART">
<HEAD>Subparts B-C [Reserved]</HEAD>
</DIV6>

<DIV9 N="Appendix A to Part 50-202" TYPE="APPENDIX" VOLUME="2">
<HEAD>Appendix A to Part 50-202—Makers of Tools
</HEAD>
<P>A list of makers is kept by the Office.
</P>
</DIV9>

<DIV9 N="Appendix B to Part 50-202" TYPE="APPENDIX" VOLUME="2">
<HEAD>Appendix B to Part 50-202 [Reserved]
</HEAD>
</DIV9>
</DIV5>

<DIV5 N="50-203" TYPE="PART" VOLUME="2">
<HEAD>PART 50-203 [RESERVED]

</HEAD>
</DIV5>
{added}</DIV4>

<DIV9 N="Appendix A to Chapter 50" TYPE="APPENDIX" VOLUME="2">
<HEAD>Appendix A to Chapter 50—Addresses of the Office
</HEAD>
<P>The Office is at 1 Garden Lane.
</P>
</DIV9>
</DIV3>

<DIV3 N="51-99" TYPE="CHAPTER">

<HEAD> CHAPTERS 51-99 [RESERVED]</HEAD>
</DIV3>
</DIV2>
</DIV1>
</ECFR>
"""

_PART_ADDED = """\

<DIV5 N="50-204" TYPE="PART" VOLUME="2">
<HEAD>PART 50-204—WATER
</HEAD>

<DIV8 N="50-204.1" TYPE="SECTION" VOLUME="2">
<HEAD>§ 50-204.1   Watering.</HEAD>
<P>Plants are watered before 9 a.m.
</P>
<CITA TYPE="N">[90 FR 30001, June 16, 2025]

</CITA>
</DIV8>
</DIV5>
"""

TITLE_26 = """\
<?xml version="1.0" encoding="UTF-8"?>
<ECFR>
<DIV1 N="26" TYPE="TITLE">

<HEAD>Title 26—Taxes on Gardens</HEAD>


<DIV3 N="I" TYPE="CHAPTER">

<HEAD> CHAPTER I—COLLECTOR OF GARDEN TAXES</HEAD>

<DIV4 N="A" TYPE="SUBCHAP">
<HEAD>SUBCHAPTER A—TAX ON FLOWERS

</HEAD>

<DIV5 N="1" TYPE="PART" VOLUME="1">
<HEAD>PART 1—TAX ON FLOWERS
</HEAD>

<DIV7 N="ECFR99887766554433f" TYPE="SUBJGRP">
<HEAD>Items Not Deductible</HEAD>

<DIV8 N="1.263(a)-3" TYPE="SECTION" VOLUME="1">
<HEAD>§ 1.263(a)-3   Amounts paid to improve a garden.</HEAD>
<P>(a) <I>Overview.</I> This section says what is an improvement.
</P>
<P>(b) <I>Definitions</I>—(1) <I>Amount paid.</I> An amount paid is a liability.
</P>
<P>(2) <I>Bed</I> means a bed of flowers.
</P>
</DIV8>

<DIV8 N="1.264-1" TYPE="SECTION" VOLUME="1">
<HEAD>§ 1.264-1   Premiums.</HEAD>
<P>Premiums on flowers are not deductible.
</P>
</DIV8>
</DIV7>

<DIV8 N="1.265-1.270" TYPE="SECTION" VOLUME="1">
<HEAD>§§ 1.265-1.270   [Reserved]</HEAD>
</DIV8>
</DIV5>

<DIV5 N="301" TYPE="PART" VOLUME="1">
<HEAD>PART 301—PROCEDURE
</HEAD>

<DIV6 N="ECFRd43e1e5bf6e7000" TYPE="SUBPART">
<HEAD>Information and Returns</HEAD>

<DIV8 N="301.6001-1" TYPE="SECTION" VOLUME="1">
<HEAD>§ 301.6001-1   Records.</HEAD>
<P>Every taxpayer keeps records of flowers.
</P>
</DIV8>
</DIV6>
</DIV5>
</DIV4>
</DIV3>
</DIV1>
</ECFR>
"""

TITLE_41_FIRST = _TITLE_41.format(
    amended="Mar. 2, 2020", hours="8", cita="85 FR 10003, Mar. 2, 2020", added=""
)
TITLE_41_SECOND = _TITLE_41.format(
    amended="June 16, 2025",
    hours="7",
    cita="85 FR 10003, Mar. 2, 2020, as amended at 90 FR 30001, June 16, 2025",
    added=_PART_ADDED,
)

TITLE_17 = """\
<?xml version="1.0" encoding="UTF-8"?>
<ECFR>
<DIV1 N="17" TYPE="TITLE">

<HEAD>Title 17—Oddities</HEAD>

<DIV3 N="I" TYPE="CHAPTER">

<HEAD> CHAPTER I—OFFICE OF ODDITIES &amp; ENDS</HEAD>

<DIV4 N="A" TYPE="SUBCHAP">
<HEAD>SUBCHAPTER A—ONE</HEAD>
<DIV5 N="241" TYPE="PART" VOLUME="4">
<HEAD>PART 241—UNIFORM SYSTEM</HEAD>
<DIV7 N="ECFRaaaa" TYPE="SUBJGRP">
<HEAD>General</HEAD>
<DIV8 N="1-1" TYPE="SECTION" VOLUME="4">
<HEAD>Sec. 1-1   Applicability.</HEAD>
<P>Text one.
</P></DIV8>
<DIV8 N="01" TYPE="SECTION" VOLUME="4">
<HEAD>Section 01   Authority.</HEAD>
<P>Text two.
</P></DIV8>
</DIV7>
<DIV9 N="Appendix A to Part 241" TYPE="APPENDIX" VOLUME="4">
<HEAD>Appendix A to Part 241—Instructions</HEAD>
<P>(a) Do.
</P></DIV9>
</DIV5>
<DIV5 N="120" TYPE="PART" VOLUME="4">
<HEAD>PART 120—DRUGS</HEAD>
<DIV8 N="120.441-§ 120.447" TYPE="SECTION" VOLUME="4">
<HEAD>§§ 120.441-120.447   [Reserved]</HEAD>
</DIV8>
<DIV8 N="52. 36" TYPE="SECTION" VOLUME="4">
<HEAD>§ 52. 36   Space.</HEAD>
<P>A space in the number.
</P></DIV8>
<DIV8 N="956.1 (Rule 1)" TYPE="SECTION" VOLUME="4">
<HEAD>§ 956.1 (Rule 1)   Rule.</HEAD>
<P>A rule.
</P></DIV8>
<DIV8 N="210.12-05 - 210.12-08" TYPE="SECTION" VOLUME="4">
<HEAD>§ 210.12-05--210.12-08   Ranges.</HEAD>
<P>Not reserved.
</P></DIV8>
<DIV8 N="543.6-543.7" TYPE="SECTION" VOLUME="4">
<HEAD>§ 543.6-543.7   [Reserved]</HEAD>
</DIV8>
<DIV8 N="240.11a1-1(T)" TYPE="SECTION" VOLUME="4">
<HEAD>§ 240.11a1-1(T)   Transactions yielding priority.</HEAD>
<P>(a) A transaction.
</P><P>(b) Another.
</P></DIV8>
<DIV9 N="Table 1b to Part 120, Subpart C" TYPE="APPENDIX" VOLUME="4">
<HEAD>Table 1b to Part 120, Subpart C—Limits</HEAD>
<P>None.
</P></DIV9>
<DIV9 N="Supplement No. 6 to Part 120" TYPE="APPENDIX" VOLUME="4">
<HEAD>Supplement No. 6 to Part 120—Questionnaire &amp; Answers</HEAD>
<P>None too.
</P></DIV9>
</DIV5>
<DIV5 N="301" TYPE="PART" VOLUME="4">
<HEAD>PART 301—McKINNEY GRANTS</HEAD>
<DIV6 N="A" TYPE="SUBPART">
<HEAD>Subpart A—General</HEAD>
<DIV8 N="301.1" TYPE="SECTION" VOLUME="4">
<HEAD>§ 301.1   Scope.</HEAD>
<P>All.
</P></DIV8>
</DIV6>
<DIV6 N="Subpart Aa" TYPE="SUBPART">
<HEAD>Subpart Aa—Odd</HEAD>
<DIV8 N="301.2" TYPE="SECTION" VOLUME="4">
<HEAD>§ 301.2   Scope.</HEAD>
<P>All.
</P></DIV8>
</DIV6>
<DIV6 N="15.3" TYPE="SUBPART">
<HEAD>Subpart 15.3—Source Selection</HEAD>
<DIV8 N="301.3" TYPE="SECTION" VOLUME="4">
<HEAD>301.3   Scope without mark.</HEAD>
<P>All.
</P></DIV8>
</DIV6>
</DIV5>
<DIV5 N="101-19" TYPE="PART" VOLUME="4">
<HEAD>PART 101-19—CONSTRUCTION</HEAD>
<DIV8 N="101-19.000" TYPE="SECTION" VOLUME="4">
<HEAD>§ 101-19.000   Scope.</HEAD>
<P>All of it.
</P></DIV8>
</DIV5>
<DIV5 N="50-1 - 50-200" TYPE="PART" VOLUME="4">
<HEAD>PARTS 50-1 - 50-200 [RESERVED]</HEAD>
</DIV5>
<DIV5 N="105-1A" TYPE="PART" VOLUME="4">
<HEAD>PART 105-1A—LETTERED</HEAD>
<DIV8 N="105-1A.1" TYPE="SECTION" VOLUME="4">
<HEAD>§ 105-1A.1   Scope.</HEAD>
<P>All of A.
</P></DIV8>
</DIV5>
<DIV5 N="18" TYPE="PART" VOLUME="4">
<HEAD>PART 18—NO SECTIONS</HEAD>
<P>Only text under a part.
</P><HD1>A heading</HD1><P>And more.
</P></DIV5>
</DIV4>
<DIV9 N="Appendix I to Subchapter A of Chapter I" TYPE="APPENDIX" VOLUME="4">
<HEAD>Appendix I to Subchapter A of Chapter I—Forms</HEAD>
<P>A form.
</P></DIV9>
</DIV3>
</DIV1>
</ECFR>
"""

TITLES: dict[int, dict[str, bytes]] = {
    17: {FIRST_DATE: TITLE_17.encode()},
    26: {FIRST_DATE: TITLE_26.encode()},
    41: {FIRST_DATE: TITLE_41_FIRST.encode(), SECOND_DATE: TITLE_41_SECOND.encode()},
}
