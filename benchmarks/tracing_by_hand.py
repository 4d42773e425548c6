"""Questions and answers written by hand, as a language model writes them about regulations.

Each names the section that it retells (as of January 2026; "" for law that is in none of
titles 1, 3, 4, 6 and 21 of the CFR) and what was planted in its answer: a wrong "number",
another "modal", a "term" that the section does not have, or nothing. The sentences are our
own, and were written before the tracer saw them. What it did with them was looked at afterwards,
and a few of its rules are from there; nothing was fitted to them.
"""

from __future__ import annotations

from typing import NamedTuple


class ByHand(NamedTuple):
    """A pair, the section it is of, and what is wrong with it."""

    section: str
    question: str
    answer: str
    planted: str = ""


BY_HAND: tuple[ByHand, ...] = (
    ByHand(
        "21 CFR 1307.13",
        "Does a registered manufacturer need a separate registration for a controlled substance "
        "that arises as an unavoidable by-product?",
        "No. If making the substance is incidental but necessary to producing another controlled "
        "substance for which the manufacturer is registered and holds an individual quota, no "
        "extra registration is needed, provided the by-product is disposed of as part 1317 "
        "requires.",
    ),
    ByHand(
        "21 CFR 112.207",
        "By when does a farm have to ask for an informal hearing if it appeals the withdrawal of "
        "its qualified exemption?",
        "The hearing request has to accompany the written appeal and must be handed in within 15 "
        "calendar days after the farm receives the order.",
    ),
    ByHand(
        "21 CFR 112.207",
        "By when does a farm have to ask for an informal hearing on the withdrawal of its "
        "qualified exemption?",
        "The owner, operator or agent in charge of the farm must submit the request together with "
        "the written appeal within 30 calendar days of receiving the order.",
        "number",
    ),
    ByHand(
        "21 CFR 73.3107",
        "For what may carbazole violet be used?",
        "It is allowed as a color additive in contact lenses, in no greater quantity than is "
        "reasonably needed to achieve the coloring that is intended.",
    ),
    ByHand(
        "21 CFR 73.2190",
        "Can henna be used on eyelashes?",
        "No. Henna is only for coloring hair and must not be used on eyelashes, eyebrows or "
        "anywhere near the eyes.",
    ),
    ByHand(
        "21 CFR 73.2190",
        "What limits on lead and arsenic apply to henna?",
        "Henna may have at most 20 parts per million of lead and no more than 3 parts per million "
        "of arsenic.",
    ),
    ByHand(
        "21 CFR 73.2190",
        "How much moisture may henna have?",
        "Its moisture content must stay at or below 12 percent.",
        "number",
    ),
    ByHand(
        "21 CFR 73.2190",
        "May henna be applied around the eyes?",
        "Yes, henna may be used for coloring the eyelashes and eyebrows as well as hair.",
        "modal",
    ),
    ByHand(
        "21 CFR 1.392",
        "Who must be given the detention order when the food is on a truck?",
        "When the detained food is in a vehicle or another carrier, FDA must also give a copy to "
        "the shipper of record and to the vehicle's owner and operator, as long as it can readily "
        "find out who they are.",
    ),
    ByHand(
        "21 CFR 510.106",
        "What warning does an antibiotic recommended for dairy cows need on its label?",
        "The label has to warn either that the drug is not for animals producing milk because the "
        "milk would be contaminated, or that milk taken during treatment and for a stated number "
        "of hours after the last treatment must not be used for food.",
    ),
    ByHand(
        "21 CFR 558.575",
        "Can a veterinary feed directive for sulfadimethoxine and ormetoprim be refilled?",
        "No, refills are not allowed, and the directive must expire no more than six months after "
        "it was issued.",
    ),
    ByHand(
        "21 CFR 558.575",
        "How long can a VFD for sulfadimethoxine and ormetoprim feed be valid?",
        "The expiration date must not be more than 9 months after the date of issuance.",
        "number",
    ),
    ByHand(
        "21 CFR 807.87",
        "What happens if a company does not send the additional information FDA requested about "
        "its 510(k)?",
        "If it fails to provide the information within 30 days of the request, the Commissioner "
        "treats the premarket notification as withdrawn.",
    ),
    ByHand(
        "21 CFR 111.315",
        "Who has to sign off on laboratory control processes for dietary supplements?",
        "Quality control personnel must review and approve them. The processes include criteria "
        "for specifications, sampling plans, and the choice of suitable test methods and "
        "reference materials.",
    ),
    ByHand(
        "21 CFR 14.174",
        "In what form do the committees on prescription drugs usually give their advice?",
        "Normally as a written report, which can be the approved minutes of the meeting or a "
        "report of its own, and which explains what the advice is based on.",
    ),
    ByHand(
        "21 CFR 558.195",
        "Is bentonite compatible with decoquinate feeds?",
        "Bentonite should not be used in feeds that contain decoquinate.",
    ),
    ByHand(
        "21 CFR 558.195",
        "Is bentonite compatible with decoquinate feeds?",
        "Bentonite must not be used in decoquinate feeds.",
        "modal",
    ),
    ByHand(
        "21 CFR 822.38",
        "Which reports do I owe FDA once my postmarket surveillance plan is approved?",
        "You have to send in the interim and final reports that the approved plan calls for. FDA "
        "may ask for more where it thinks that this is needed to protect public health, and will "
        "say why it is asking and what it will do with the information.",
    ),
    ByHand(
        "21 CFR 822.38",
        "Which reports do I owe FDA once my postmarket surveillance plan is approved?",
        "You may submit interim and final reports as specified in your approved postmarket "
        "surveillance plan.",
        "modal",
    ),
    ByHand(
        "1 CFR 8.3",
        "How often is each volume of the Code of Federal Regulations brought up to date?",
        "At a minimum once every calendar year. When nothing has changed, a short notation can "
        "serve as that year's supplement.",
    ),
    ByHand(
        "1 CFR 8.3",
        "Over what period is the Code published?",
        "The Code is produced in a staggered publication system over an 18-month period.",
        "number",
    ),
    ByHand(
        "4 CFR 21.13",
        "Will GAO decide protests about subcontract awards?",
        "It will consider protests of subcontracts awarded by or for a federal agency, provided "
        "that the agency has agreed in writing to let GAO decide such protests.",
    ),
    ByHand(
        "21 CFR 1318.03",
        "Who has to prove that an application to grow cannabis meets the requirements?",
        "The burden is on the applicant, who must show that the conditions for the registration "
        "are met.",
    ),
    ByHand(
        "21 CFR 50.27",
        "How is informed consent documented in a clinical investigation?",
        "Through a written consent form that the IRB has approved and that the subject, or a "
        "legally authorized representative, signs and dates when consenting. The person who signs "
        "receives a copy.",
    ),
    ByHand(
        "21 CFR 50.27",
        "How is informed consent documented in a clinical investigation?",
        "With a consent form approved by the IRB and signed and dated by the subject. The consent "
        "form must also be notarized and uploaded to the national blockchain registry by the "
        "hospital's notary within the same week.",
        "term",
    ),
    ByHand(
        "21 CFR 1304.03",
        "What must the records of a freight forwarding facility show when controlled substances "
        "pass through it?",
        "They have to show the date and time of the transfer, how many cartons, crates, drums or "
        "other packages were shipped, and authorized signatures for every transfer. They must be "
        "kept for two years.",
    ),
    ByHand(
        "21 CFR 1304.03",
        "For how long must a freight forwarding facility's transfer records be kept?",
        "The records must be maintained for a period of five years.",
        "number",
    ),
    ByHand(
        "21 CFR 1312.42",
        "What is the purpose of a hearing on an import permit?",
        "If the applicant asks for it, the Administrator holds a hearing to take factual evidence "
        "on whether the permit should be issued or denied.",
    ),
    ByHand(
        "21 CFR 520.1430",
        "When should treatment of a dog with mibolerone begin?",
        "Give it every day, starting no less than 30 days before heat is expected, and do not "
        "carry on for more than 24 months.",
    ),
    ByHand(
        "21 CFR 520.1430",
        "What dose of mibolerone does a German Shepherd get?",
        "German Shepherds and their mixes receive 240 micrograms daily, whatever they weigh.",
        "number",
    ),
    ByHand(
        "21 CFR 60.40",
        "How long does one have to request a hearing about FDA's due diligence determination?",
        "Anybody may ask for an informal hearing up to 60 days after the determination has been "
        "published.",
    ),
    ByHand(
        "21 CFR 60.40",
        "How long does one have to request a hearing about FDA's due diligence determination?",
        "A request must be made not later than 90 days after FDA's due diligence determination is "
        "published.",
        "number",
    ),
    ByHand(
        "21 CFR 1.610",
        "When can an accreditation body be recognized by FDA?",
        "It is eligible if it can show that it fulfills §§ 1.611 through 1.615. Documents showing "
        "conformity with ISO/IEC 17011:2004 can be used for that.",
    ),
    ByHand(
        "21 CFR 117.254",
        "Who has to approve an order that withdraws a qualified facility's exemption?",
        "An FDA Division Director for the area of the facility, or a more senior FDA official, "
        "must approve it before it goes out; for foreign facilities it is the Director of the "
        "Office of Compliance in the Center for Food Safety and Applied Nutrition.",
    ),
    ByHand(
        "21 CFR 117.254",
        "Does the withdrawal order need to be in writing?",
        "FDA may issue the order orally; a signature or date is not required.",
        "modal",
    ),
    ByHand(
        "21 CFR 522.2694",
        "How long before slaughter must cattle be off the zinc, copper, manganese and selenium "
        "injection?",
        "Cattle cannot be slaughtered for human food until 14 days have passed since the last "
        "treatment.",
    ),
    ByHand(
        "21 CFR 522.2694",
        "How long before slaughter must cattle be off the zinc, copper, manganese and selenium "
        "injection?",
        "Cattle must not be slaughtered for human food consumption within 7 days of the last "
        "treatment.",
        "number",
    ),
    ByHand(
        "21 CFR 74.2255",
        "How much D&C Orange No. 5 may a lipstick contain?",
        "Up to 5.0 percent of the weight of the finished product.",
    ),
    ByHand(
        "21 CFR 102.19",
        "What can be done when the main display panel is too small for the mandatory information?",
        "The Commissioner can lay down an acceptable alternative by regulation, for instance a "
        "smaller type size. Whoever wants such a regulation has to petition for it under part 10.",
    ),
    ByHand(
        "6 CFR 17.420",
        "May a school district keep girls out of its vocational school?",
        "No, a local educational agency that receives funds must not exclude anyone from its "
        "vocational institutions on the basis of sex.",
    ),
    ByHand(
        "6 CFR 27.410",
        "Can a neighbor sue a chemical facility to enforce this part?",
        "No. Nobody but the Secretary has a right of action under this part, whether for "
        "injunctions, damages or any other remedy.",
    ),
    ByHand(
        "21 CFR 878.4670",
        "What must the labeling of an internal tissue marker warn about?",
        "It must warn against using the marker on a non-sterile surface before it is used "
        "internally, give an expiration date, and say on the device itself that it is for single "
        "use.",
    ),
    ByHand(
        "21 CFR 570.245",
        "What evidence does Part 5 of a GRAS notice for animal food need?",
        "Proof that, before January 1, 1958, a significant number of animals of the species had "
        "eaten the substance over a substantial period, and that people had eaten foods from "
        "such animals.",
    ),
    ByHand(
        "21 CFR 570.245",
        "Before which date must the history of use lie for Part 5 of a GRAS notice?",
        "There must be a substantial history of consumption by the target animal species before "
        "January 1, 1968.",
        "number",
    ),
    ByHand(
        "21 CFR 314.54",
        "Can a new indication for a listed drug be approved through an ANDA?",
        "No. If studies other than bioavailability or bioequivalence studies are essential, the "
        "Act does not allow approval of an ANDA; a 505(b)(2) application may be submitted "
        "instead.",
    ),
    ByHand(
        "21 CFR 660.33",
        "How many donor sources are needed when testing Reagent Red Blood Cells?",
        "At least two donor sources for each antibody specificity. A single one will do only if "
        "no more are available and the Director of the Center for Biologics Evaluation and "
        "Research has approved it.",
    ),
    ByHand(
        "21 CFR 524.1044g",
        "How is the gentamicin, betamethasone and clotrimazole ointment given to dogs?",
        "It is put into the ear canal two times a day for seven days in a row; from a 7.5-gram "
        "tube, small dogs under 30 pounds get 4 drops and larger ones 8.",
    ),
    ByHand(
        "21 CFR 11.10",
        "What does the rule require of audit trails in closed systems?",
        "They have to be secure, generated by computer and time-stamped, and must record "
        "independently when operators create, change or delete electronic records. Earlier "
        "entries must stay readable.",
    ),
    ByHand(
        "21 CFR 11.10",
        "How long do audit trails have to be kept in a closed system?",
        "They may be kept for as long as the electronic records they belong to, and the agency "
        "should be able to copy them.",
        "modal",
    ),
    ByHand(
        "6 CFR 5.5",
        "What happens to the response time when a FOIA request reaches the wrong DHS component?",
        "The clock starts when the right component gets the request, but no later than ten "
        "working days after any designated component first received it.",
    ),
    ByHand(
        "6 CFR 5.5",
        "What happens to the response time when a FOIA request reaches the wrong DHS component?",
        "It begins when the proper component receives the request, and in any case within ten "
        "calendar days after its first receipt by a designated component.",
        "number",
    ),
    ByHand(
        "21 CFR 211.180",
        "How long must drug batch records be retained?",
        "For a minimum of one year past the batch's expiration date. Certain OTC drugs that carry "
        "no expiration date are the exception: their records stay on file for 3 years after the "
        "batch was distributed.",
    ),
    ByHand(
        "21 CFR 211.180",
        "Can drug manufacturing records be kept electronically at another site?",
        "Yes. Records that can be called up at once from elsewhere by computer or other "
        "electronic means count as readily available.",
    ),
    ByHand(
        "21 CFR 211.180",
        "How long must drug batch records be retained?",
        "Batch records must be kept for at least 5 years after the expiration date of the batch.",
        "number",
    ),
    ByHand(
        "21 CFR 740.11",
        "What warning has to appear on a pressurized cosmetic spray?",
        "It must caution people to keep the spray away from the eyes, say that the contents are "
        "under pressure, and tell them not to puncture or burn the can, not to store it above "
        "120 °F and to keep it away from children.",
    ),
    ByHand(
        "21 CFR 740.11",
        "What may be added to the warning on aerosol cosmetics made for children?",
        "The words “except under adult supervision” must be added at the end of the last sentence.",
        "modal",
    ),
    ByHand(
        "21 CFR 1306.13",
        "What should a pharmacist do if only part of a Schedule II prescription can be supplied?",
        "The pharmacist may fill it in part and note the quantity supplied. The rest may follow "
        "within 72 hours; if that is not possible, the prescriber has to be told, and anything "
        "more needs a new prescription.",
    ),
    ByHand(
        "21 CFR 1306.13",
        "How long after a partial filling can the rest of a Schedule II prescription be filled?",
        "The remaining portion may be filled within 96 hours of the first partial filling.",
        "number",
    ),
    ByHand(
        "6 CFR 37.21",
        "For how long can a State issue a temporary REAL ID license?",
        "No longer than the holder is authorized to stay in the country. If the stay has no end "
        "date, one year is the limit.",
    ),
    ByHand(
        "6 CFR 37.21",
        "Does a State have to verify lawful status for a temporary license?",
        "States should verify the information presented to establish lawful status through SAVE "
        "or another method approved by DHS.",
        "modal",
    ),
    ByHand(
        "1 CFR 5.9",
        "Under which heading does the Federal Register print announcements of meetings?",
        "They fall into the category of notices, which holds miscellaneous documents that apply "
        "to the public and belong to none of the other three categories.",
    ),
    ByHand(
        "1 CFR 18.17",
        "How is an effective date counted when its last day is a holiday?",
        "Counting begins on the day after publication and includes weekends and holidays, but if "
        "the last day is a Saturday, Sunday or holiday, the next Federal business day is taken.",
    ),
    ByHand(
        "4 CFR 28.12",
        "Can the General Counsel's statement about an investigation be used in evidence?",
        "No, it cannot be introduced before the Board, and it is not subject to discovery.",
    ),
    ByHand(
        "4 CFR 28.12",
        "Can the General Counsel's statement about an investigation be used in evidence?",
        "Yes. The statement is subject to discovery and may be introduced into evidence before "
        "the Board.",
        "modal",
    ),
    ByHand(
        "4 CFR 81.6",
        "Are GAO's internal personnel rules open to the public?",
        "Records that only concern the internal personnel rules and practices of an agency are "
        "exempt, for example guidelines for auditors, investigators or examiners.",
    ),
    ByHand(
        "21 CFR 117.10",
        "Do food plant employees have to take off jewelry?",
        "Yes. Under 21 CFR 117.10, unsecured jewelry and other objects that might fall into food "
        "or equipment have to be removed, as does hand jewelry that cannot be adequately "
        "sanitized while food is handled.",
    ),
    ByHand(
        "21 CFR 820.22",
        "Who may carry out quality audits of a device maker's quality system?",
        "Only people who are not directly responsible for what is being audited. Results go into "
        "a report that the responsible management reviews.",
    ),
    ByHand(
        "21 CFR 123.9",
        "For how long do seafood processors keep records on refrigerated products?",
        "At least one year after they were prepared; for frozen, preserved or shelf-stable "
        "products it is two years.",
    ),
    # Law that is in none of those titles, and what everybody knows.
    ByHand(
        "",
        "How soon must a controller report a personal data breach under the GDPR?",
        "Without undue delay and, where feasible, within 72 hours of becoming aware of it, to the "
        "competent supervisory authority.",
    ),
    ByHand(
        "",
        "What capital must a national bank hold against its risk-weighted assets?",
        "A national bank has to maintain a common equity tier 1 ratio of 4.5 percent of its "
        "risk-weighted assets.",
    ),
    ByHand(
        "",
        "How far must an aircraft stay from clouds in Class E airspace below 10,000 feet?",
        "Under visual flight rules, 500 feet below, 1,000 feet above and 2,000 feet horizontally.",
    ),
    ByHand(
        "",
        "How long do employers keep the OSHA 300 log?",
        "The log of work-related injuries and illnesses is kept for five years following the end "
        "of the calendar year that it covers.",
    ),
    ByHand(
        "",
        "What is the annual dose limit for radiation workers?",
        "Licensees control the occupational dose to individual adults to 5 rems a year of total "
        "effective dose equivalent.",
    ),
    ByHand(
        "",
        "May a website collect a child's email address without asking the parents?",
        "An operator must obtain verifiable parental consent before it collects personal "
        "information from children under 13.",
    ),
    ByHand(
        "",
        "What does Regulation E say about unauthorized transfers?",
        "A consumer who reports the loss of a debit card within two business days is liable for "
        "no more than $50.",
    ),
    ByHand(
        "",
        "What is the boiling point of water?",
        "At sea level water boils at 100 degrees Celsius, which is 212 degrees Fahrenheit.",
    ),
    ByHand(
        "",
        "Who painted the Mona Lisa?",
        "Leonardo da Vinci painted it in Florence in the early sixteenth century.",
    ),
    ByHand(
        "",
        "How is a limited liability company dissolved in Delaware?",
        "Unless the operating agreement says otherwise, by the consent of members who own more "
        "than two-thirds of the interest in profits.",
    ),
    ByHand(
        "",
        "When does a bank have to file a suspicious activity report?",
        "No later than 30 calendar days after it first detects facts that may be a basis for "
        "filing, or 60 days if no suspect has been identified.",
    ),
    ByHand(
        "",
        "How much mileage can I deduct on my tax return?",
        "Employees cannot deduct commuting; the standard mileage rate for business use is set by "
        "the Internal Revenue Service every year.",
    ),
)
