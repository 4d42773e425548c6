"""A small title of the CFR, with the oddities of numbering that real ones have."""

from __future__ import annotations

import pytest

TITLE = """<?xml version="1.0" encoding="UTF-8"?>
<ECFR>
<AMDDATE>Jan. 5, 2026
</AMDDATE>

<VOLUME N="1" AMDDATE="2026-01-05"/>
<DIV1 N="99" TYPE="TITLE">

<HEAD>Title 99—Lamps &amp; Oil</HEAD>


<DIV3 N="I" TYPE="CHAPTER">

<HEAD> CHAPTER I—BOARD OF LAMPS</HEAD>

<DIV4 N="A" TYPE="SUBCHAP">
<HEAD>SUBCHAPTER A—WICKS


</HEAD>

<DIV5 N="1" TYPE="PART" VOLUME="1">
<HEAD>PART 1—TRIMMING
</HEAD>
<AUTH>
<HED>Authority:</HED><PSPACE>99 U.S.C. 1.
</PSPACE></AUTH>

<DIV6 N="A" TYPE="SUBPART">
<HEAD>Subpart A—General</HEAD>


<DIV8 N="1.1" TYPE="SECTION" VOLUME="1">
<HEAD>§ 1.1   Scope.</HEAD>
<P>In this part:
</P>
<P>(a) A lamp is lit &lt; once.
</P>
<P>(b) A wick is trimmed—
</P>
<P>(1) Before dusk; or
</P>
<P>(2) After dawn.
</P>
<CITA TYPE="N">[1 FR 1, Jan. 1, 1936]


</CITA>
</DIV8>


<DIV8 N="1.2-1.9" TYPE="SECTION" VOLUME="1">
<HEAD>§§ 1.2-1.9 [Reserved]</HEAD>
</DIV8>

</DIV6>


<DIV6 N="B-D" TYPE="SUBPART">
<HEAD>Subparts B-D [Reserved]</HEAD>
</DIV6>


<DIV6 N="E" TYPE="SUBPART">
<HEAD>Subpart E—Appeals</HEAD>

<DIV7 N="ECFR0123456789abcde" TYPE="SUBJGRP">
<HEAD>Filing</HEAD>

<DIV8 N="1. 20" TYPE="SECTION" VOLUME="1">
<HEAD>§ 1. 20   Filing.</HEAD>
<P>By post.
</P>
</DIV8>

</DIV7>

<DIV9 N="Appendix A to Subpart E of Part 1" TYPE="APPENDIX" VOLUME="1">
<HEAD>Appendix A to Subpart E of Part 1—Form</HEAD>
<P>A blank.
</P>
</DIV9>

</DIV6>


<DIV9 N="Appendix A to Part 1" TYPE="APPENDIX" VOLUME="1">
<HEAD>Appendix A to Part 1—Lengths</HEAD>
<P>Two inches.
</P>
</DIV9>


<DIV9 N="Appendixes B-D to Part 1" TYPE="APPENDIX" VOLUME="1">
<HEAD>Appendixes B-D to Part 1 [Reserved]</HEAD>
</DIV9>

</DIV5>


<DIV5 N="2-40" TYPE="PART" VOLUME="1">
<HEAD>PARTS 2-40 [RESERVED]


</HEAD>
</DIV5>

</DIV4>


<DIV4 N="B-C" TYPE="SUBCHAP">
<HEAD>SUBCHAPTERS B-C [RESERVED]


</HEAD>
</DIV4>

</DIV3>


<DIV3 N="II" TYPE="CHAPTER">

<HEAD> CHAPTER II—OFFICE OF OIL</HEAD>

<DIV5 N="50-201" TYPE="PART" VOLUME="1">
<HEAD>PART 50-201—BARRELS
</HEAD>

<DIV6 N="A" TYPE="SUBPART">
<HEAD>Subpart A—Staves</HEAD>

<DIV8 N="50-201.1" TYPE="SECTION" VOLUME="1">
<HEAD>§ 50-201.1   Oak.</HEAD>
<P>Oak only.
</P>
</DIV8>


<DIV8 N="50-201.2 (Rule 2)" TYPE="SECTION" VOLUME="1">
<HEAD>§ 50-201.2 (Rule 2)   Elm.</HEAD>
<P>No elm.
</P>
</DIV8>

</DIV6>

</DIV5>

</DIV3>


<DIV3 N="0" TYPE="CHAPTER">
<HEAD>CHAPTER III [RESERVED]


</HEAD>
</DIV3>

</DIV1>
</ECFR>
"""


@pytest.fixture
def title_xml() -> bytes:
    """A whole title as the versioner API serves it."""
    return TITLE.encode()
