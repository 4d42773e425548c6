"""Words of general English: what a writer needs to say anything at all, whatever the law.

A writer who retells a rule brings such words along; they say neither which rule it is nor
that something was made up. They weigh less when a pair is traced, and are no terms that a
source would have to have. Written by hand; words that a regulation turns on (record,
inspection, penalty, fee, child) are not among them.
"""

from __future__ import annotations

_WORDS = """
    able abide abides above absence absent accept acceptable accepted accepts access
    accessible accident accidental according account accounts achieve achieved achieves act
    acting action actions active activities activity acts actual actually add added adding
    addition additional address addressed addresses adds adopt adopted adopts advantage
    advantages affect affected affecting affects afterwards again age ages agree agreed
    agreement agrees ahead aim aimed aims allocate allocated almost alone along already
    alternative alternatives altogether always among amongst amount amounts announce announced
    announces another answer answers anybody anyone anything anytime anyway anywhere apart
    apparent apparently appear appears applicable application applied applies apply applying
    approach approaches appropriate approximately area areas arise arises arising around
    arrange arranged arrangement arrangements arranges arrive aside ask asked asking asks
    aspect aspects associated assume assumed assumes assure assured attach attached attempt
    attempted attempts attention attributable avail available average avoid avoided avoiding
    avoids aware away back background balance base based basic basically basis bear bears
    become becomes becoming began begin beginning begins behalf behave behavior behaviour
    behind being believe believed believes belong belonging belongs below beneficial benefit
    benefits beside besides best better beyond big bit board bodies body both bottom bound
    break brief briefly bring bringing brings broad broadly broken brought build building
    builds built busy call called calling calls came capable carefully careful carried carries
    carry carrying case cases cause caused causes causing caution central certain certainly
    challenge chance chances change changed changes changing characteristic characteristics
    choice choices choose chooses choosing chosen circumstance circumstances claim claimed
    clarified clarifies clarify clear clearly close closed closely closer collect collected
    collectively combination combine combined combines come comes coming comment comments
    commit commits common commonly compare compared comparison complete completed completely
    completes completing completion complex comprehensive concern concerned concerns concludes
    concrete condition conditions conduct conducted conducting conducts confirm confirmed
    confirming confirms connected connection consequence consequences consequently consider
    considerable consideration considerations considered considering considers consistent
    consistently constitute constitutes contact contacted contains contents context continue
    continued continues continuing continuous continuously contrary contrast control
    convenient correct corresponding corresponds count counted counts couple course cover
    covered covering covers create created creates creating criteria criterion critical
    crucial current currently customary data day days deal dealing deals dealt decide decided
    decides deciding decision decisions dedicated deem deemed deems deep default define
    defined defines defining definite definition definitions degree deliberately demand
    demanded demands depend depended dependent depending depends describe described describes
    describing description designate designated designed desire desired despite detail
    detailed details determine determined determines determining develop developed developing
    development develops differ difference differences different differently differs difficult
    difficulties difficulty direct directed direction directly directs discover discovered
    discovers discuss discussed discusses display displayed displays distinct distinction
    distinguish distinguished document documented documents done doubt down draw drawing drawn
    draws drive driven due duly duration duties duty earlier earliest early ease easier easily
    easy effect effective effectively effects efficient effort efforts eight elaborate element
    elements eligible elsewhere embrace embraces employ employed employs enable enabled
    enables enabling encompass encompasses encounter encountered encourage encouraged
    encourages end ended ends enforce enforced engage engaged engages engaging enhance
    enhanced enjoy enough ensure ensured ensures ensuring entail entails enter entered enters
    entire entirely entities entitled entity entries entry environment equal equally
    equivalent especially essential essentially establish established establishes establishing
    etc evaluate evaluated even event events eventually ever everybody everyone everything
    everywhere evidence evident exact exactly example examples exceed exceeded exceeding
    exceeds excellent exception exceptional exceptions excess excessive exclude excluded
    excludes excluding exclusive exclusively exhibit exist existed existence existing exists
    expand expanded expect expected expects experience explain explained explaining explains
    explanation explicit explicitly extend extended extends extensive extent external extra
    extract face faced facilitate facilitates fact factor factors facts fail failed failing
    fails failure fair fairly fall falling falls familiar far fashion favor favour feature
    features feel feels felt few fewer field figure figures fill filled final finally find
    finding finds fine finish finished first firstly fit fits fitting five fix fixed focus
    focuses follow followed following follows force forced forces foregoing form formal
    formally format former forms forth forward found four framework free freely frequency
    frequent frequently front fulfil fulfill fulfilled fulfilling fulfills full fully function
    functions fundamental further furthermore future gain gained gains gather gathered gathers
    gave general generally generate generated generates get gets getting give given gives
    giving go goal goals goes going gone good got grant granted granting grants great greater
    greatest greatly ground grounds group groups grow guarantee guaranteed guarantees guard
    guidance guide guideline guidelines guides half hand handed handle handled handles
    handling hands happen happened happening happens hard hardly head heading heads hear heard
    held help helped helpful helping helps high higher highest highlight highlights highly
    hold holder holders holding holds hour hours huge human idea ideas ideal identical
    identification identified identifies identify identifying ie ignore ignored illustrate
    illustrates imagine immediate immediately impact impacts implement implementation
    implemented implementing implements implicit implied implies imply importance important
    importantly impose imposed imposes impossible improve improved improvement improves
    inability inappropriate incident incidents include included includes including inclusion
    incomplete incorporate incorporated incorporates increase increased increases increasing
    indeed independent independently indicate indicated indicates indicating indication
    indirect indirectly individual individually individuals influence influenced influences
    information informed inherent initial initially input inside insight instance instances
    instead instruct instructed instruction instructions instructs insufficient insure
    integral integrity intend intended intends intent intention intentional intentionally
    interest interested interests internal interpret interpretation interpreted intervention
    introduce introduced introduces introduction involve involved involvement involves
    involving irrespective issue issued issues issuing item items itself job join joined joins
    judge judged just justification justified justifies justify keep keeping keeps kept key
    kind kinds knew know knowing knowledge known knows lack lacking lacks laid large largely
    larger largest last lasting lasts late later latest latter lay lays lead leading leads
    least leave leaves leaving led left length lengthy less lessen let lets letting level
    levels lie lies light like likelihood likely likewise limit limitation limitations limited
    limiting limits line lines link linked links list listed listing lists little live lives
    living local locate located locates location locations long longer longest look looked
    looking looks lose loses losing lost lot lots low lower lowest made main mainly maintain
    maintained maintaining maintains major majority make makes making manage managed
    management manages managing mandatory mandate mandated mandates manner manners many mark
    marked marks match matched matches matching matter matters maximum mean meaning meaningful
    means meant meantime meanwhile measure measured measures mechanism mechanisms meet meeting
    meets member members mention mentioned mentions mere merely met method methods middle mind
    minimal minimize minimum minor minute minutes miss missed missing mistake mix mode moment
    month months more moreover mostly motion move moved moves much multiple mutual myself name
    named namely names narrow natural nature near nearby nearest nearly necessarily necessary
    necessitates need needed needing needs negative never nevertheless new newly next nine
    nobody none nonetheless normal normally notable notably note noted notes nothing notice
    noticed notion nowhere number numbers numerous object objective objectives objects
    obligated obligation obligations oblige obliged obliges observe observed observes obtain
    obtained obtaining obtains obvious obviously occasion occasionally occasions occur
    occurred occurring occurs offer offered offering offers often okay old once ones oneself
    ongoing onwards open opened opening openly opens operate operated operates operating
    operation operations opinion opinions opportunity oppose opposed opposite option optional
    options order ordered orders ordinarily ordinary organization organize organized origin
    original originally others ought ourselves outcome outcomes outline outlined outlines
    outside outweigh overall overview own owner owners page pages part partial partially
    participate participated participates particular particularly parties partly parts party
    pass passed passes passing past path pattern pay pays people per perform performance
    performed performing performs perhaps period periodic periodically periods permanent
    permanently permissible permission permit permits permitted permitting person personal
    personally persons pertain pertaining pertains pertinent phase phrase pick picked piece
    pieces place placed places placing plain plainly plan planned plans play plays please
    plenty plus point pointed points portion portions position positions positive possess
    possessed possesses possibility possible possibly potential potentially power powers
    practicable practical practically practice practices precede preceded precedes preceding
    precise precisely prefer preferable preferably preference preferred prefers prepare
    prepared prepares preparing presence present presented presenting presently presents
    preserve presume presumed pretty prevent prevented preventing prevents previous previously
    primarily primary principal principle principles prior probable probably problem problems
    procedure procedures proceed proceeds process processes produce produced produces
    producing product products prohibit prohibited prohibits prohibiting promote promoted
    promotes promoting prompt promptly proof proper properly proportion propose proposed
    proposes protect protected protecting protection protective protects prove proven proves
    provide provided provider provides providing provision provisions public publicly purely
    purpose purposes pursue put puts putting qualified qualifies qualify qualifying quality
    quantities quantity question questions quick quickly quite raise raised raises ran range
    ranges ranging rapid rapidly rare rarely rate rather reach reached reaches reaching read
    readily reading reads ready real really reason reasonable reasonably reasons receive
    received receives receiving recent recently recognise recognised recognize recognized
    recognizes recommend recommendation recommendations recommended recommends reduce reduced
    reduces reducing refer reference references referred referring refers reflect reflected
    reflecting reflects regard regarded regarding regardless regards region regular regularly
    regulation regulations regulatory relate related relates relating relation relationship
    relative relatively relevant reliable rely relying relies remain remained remaining
    remains remember remove removed removes render rendered renders repeat repeated repeatedly
    replace replaced replacement replaces replacing report represent represented representing
    represents request requested requests require required requirement requirements requires
    requiring resolve resolved respect respective respectively respond response
    responsibilities responsibility responsible rest restrict restricted restriction
    restrictions restricts result resulted resulting results retain retained retains return
    returned returns reveal reveals review reviewed reviewing reviews right rights rise risen
    role roles roughly route routine routinely rule rules run running runs safe safely said
    sake same satisfactory satisfied satisfies satisfy satisfying save saved say saying says
    scale scenario scenarios scope second secondly section sections secure secured see seeing
    seek seeking seeks seem seems seen sees select selected selecting selection selects send
    sends sense sensible sent separate separated separately sequence series serious seriously
    serve served serves serving set sets setting settings settle settled seven several shape
    share shared shares sharing short shortly shorter show showed showing shown shows side
    sides significance significant significantly similar similarly simple simpler simplest
    simply simultaneously since single situation situations six size sizes slight slightly
    slow small smaller smallest so-called sole solely solution some somebody somehow someone
    something sometimes somewhat somewhere soon sooner sort sorts sought sound source sources
    space speak speaks special specific specifically specification specified specifies specify
    specifying spell spelled spend spent split spoken stage stages stand standard standards
    standing stands start started starting starts state stated statement statements states
    stating status stay stays step steps still stop stopped stops straight straightforward
    strict strictly strong strongly structure structured subject subjected subjects submit
    submits submitted submitting subsequent subsequently substantial substantially substitute
    succeed success successful successfully such sudden suffices sufficient sufficiently
    suggest suggested suggesting suggestion suggests suit suitable suited suits sum summarise
    summarised summarises summarize summarized summarizes summary supplement supplied supplies
    supply supplying support supported supporting supports suppose supposed sure surely
    surround surrounding tail take taken takes taking talk task tasks tell telling tells ten
    tend tends term termed terms text thank thanks themselves theoretically thereby therefore
    thing things think thinks third thorough thoroughly though thought three throughout thus
    tied time timeframe timely times together told took tool tools top topic total totally
    touch toward towards track transition treat treated treating treatment treats tried tries
    trouble true truly try trying turn turned turning turns twice two type types typical
    typically ultimate ultimately unable unacceptable unchanged unclear undergo undergoes
    underlying understand understanding understands understood undertake undertaken undertakes
    undue unduly unique unit units unlike unlikely unnecessary up upcoming update updated
    updates upper upward usage use used useful user users uses using usual usually utilize
    utilized utilizes utilizing valid validity valuable value values varied varies variety
    various vary varying vast verify verified verifies version versions via view viewed views
    virtually visible vital voluntary wait waits want wanted wants watch way ways week weekly
    weeks weigh well went whatever whatsoever whenever whereas whichever whoever whole wholly
    wide widely wider wish wished wishes withhold withholds word worded wording words work
    worked working works world worse worst worth worthwhile would write writes writing written
    wrong wrote year yearly years yes yet yourself zero anticipated accompany accompanied
    accompanies accordance alike amounting aforementioned applicability clause clauses cite
    cited cites citing compliance complies comply complied complying conform conforming
    conforms consist consists consisting correctly covering entails explicitly fairness
    forbidden forbids govern governed governing governs hence in-depth irrespectively keen
    lawful lawfully legal legally mentions minimise obligatory oversee paragraph paragraphs
    particulars prerequisite prevail prevails provisional qualify rationale recipient
    respecting rulemaking specifics stipulate stipulated stipulates stipulating stipulation
    subparagraph subpart subsection subsections thereof title undertaking
"""

GENERAL_WORDS = frozenset(_WORDS.split())
