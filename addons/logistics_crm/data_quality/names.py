"""The name of a company without what people write differently each time."""

import re
import unicodedata

# What does not come apart into a letter and a mark.
LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ð": "d",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŧ": "t",
        "þ": "th",
    }
)
MARKS = re.compile("[\u0300-\u036f]")
# Letters with full stops (S.A., p.l.c.), and apostrophes: nothing takes their place.
DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
APOSTROPHES = re.compile("['`´‘’ʼ]")
PUNCTUATION = re.compile(r"[\W_]+")
CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CJK_GAP = re.compile(rf"(?<=[{CJK}]) (?=[{CJK}])")

# Legal forms as they stand after folding. Of one word, at the end of a name; those of
# several words below. Short words that are also part of real names (as, se, ag) are
# taken off only at the end, and never if nothing would be left.
LEGAL_WORDS = frozenset(
    """
    ab ag aktiengesellschaft aps as asa bhd bv bvba co company corp corporation cv
    doo eeig eg ehf eirl eireli epe esp eurl ev fze fzc fzco fzllc gbr gesmbh ggmbh
    gie gmbh hf hb inc incorporated jsc kabushikikaisha kb kft kg kgaa kk ks ky lda
    ldc limitada limited llc llp lp ltd ltda mbh nv nyrt oao oe ohg ooo oy oyj ou
    pao partg partgmbb pc pjsc plc private pt pte pty public pvt qsc
    rt sa sab sac sae saic sal saog saoc sapi sarl sas sasu sc sca scrl scs sdn se
    sia sl slne slp slu snc soparfi spa spj spk spzoo sro srl srls ss tbk tls uab ug
    ulc unlimited vof wll yk zao zoo zrt
    ао зао оао ооо пао тов ип
    """.split()  # noqa: SIM905
)
LEGAL_PHRASES = (
    "anonim sirketi",
    "anonim sti",
    "besloten vennootschap",
    "gesellschaft mit beschrankter haftung",
    "haftungsbeschrankt",
    "joint stock company",
    "kabushiki kaisha",
    "limited liability company",
    "ltd sti",
    "limited sirketi",
    "naamloze vennootschap",
    "s p a",
    "sociedad anonima",
    "sociedad limitada",
    "societa per azioni",
    "societe anonyme",
    "societe par actions simplifiee",
    "sociedade anonima",
    "sp k",
    "sp z o o",
    "sp zoo",
    "sp z oo",
    "spolka z o o",
    "spol s r o",
    "spol sro",
    "a s",
    "d o o",
    "de c v",
    "de cv",
    "s a",
    "s l",
    "s r l",
    "s r o",
    "n v",
    "b v",
)
LEGAL_TAILS = tuple(
    tuple(phrase.split())
    for phrase in sorted(LEGAL_PHRASES, key=lambda phrase: -phrase.count(" "))
)
# In front of the name, as in Indonesia and Russia, or Vietnam.
LEGAL_HEADS = (
    ("cong", "ty", "trach", "nhiem", "huu", "han"),
    ("cong", "ty", "co", "phan"),
    ("cong", "ty", "tnhh"),
    ("cong", "ty", "cp"),
    ("pt",),
    ("p", "t"),
    ("ooo",),
    ("ооо",),
    ("оао",),
    ("зао",),
    ("пао",),
    ("ао",),
)
# Stuck to the name, without a space. Longest first.
CJK_TAILS = (
    "股份有限责任公司",
    "有限责任公司",
    "有限責任公司",
    "股份有限公司",
    "有限公司",
    "股份公司",
    "株式会社",
    "株式會社",
    "合同会社",
    "有限会社",
    "公司",
    "주식회사",
    "유한회사",
)
CJK_HEADS = (
    "株式会社",
    "株式會社",
    "合同会社",
    "有限会社",
    "(株)",
    "주식회사",
    "유한회사",
)


def normalise_name(name: str | None) -> str:
    """Return a name as a key to compare: equal companies give equal keys.

    Without case, full width, diacritics, punctuation and legal forms (GmbH, Co., Ltd.,
    S.A., 有限公司) at its ends. Places and words such as Group stay: they tell sister
    companies apart. Empty for an empty name; never empty for one with a letter or a
    digit in it. A second pass changes nothing.

    >>> normalise_name("MÜLLER  Spedition GmbH & Co. KG")
    'muller spedition'
    >>> normalise_name("Ａｃｍｅ Logistics Co., Ltd.")
    'acme logistics'
    >>> normalise_name("上海远航国际物流有限公司")
    '上海远航国际物流'
    """
    words = _fold(name or "").split()
    while words != (shorter := _without_legal_form(words)):
        words = shorter
    # what a legal form stood between may now touch
    return CJK_GAP.sub("", " ".join(words))


def _fold(text: str) -> str:
    """Return lower-case words of plain letters and digits."""
    before = None
    while text != before:  # a few characters need a second round
        before = text
        text = unicodedata.normalize("NFKD", text).casefold()
        text = MARKS.sub("", text).translate(LETTERS)
        text = unicodedata.normalize("NFKC", text)
        text = APOSTROPHES.sub("", text)
        text = DOTTED.sub(lambda match: match[0].replace(".", "") + " ", text)
        text = PUNCTUATION.sub(" ", text.replace("&", " and ")).strip()
        text = CJK_GAP.sub("", text)
    return text


def _without_legal_form(words: list[str]) -> list[str]:
    """Return the words without one legal form, or as they are."""
    for tail in LEGAL_TAILS:
        if len(words) > len(tail) and tuple(words[-len(tail) :]) == tail:
            return words[: -len(tail)]
    for head in LEGAL_HEADS:
        if len(words) > len(head) and tuple(words[: len(head)]) == head:
            return words[len(head) :]
    if len(words) > 1 and (words[-1] in LEGAL_WORDS or words[-1] == "and"):
        return words[:-1]  # "and" of "GmbH & Co. KG"
    if words:
        first, last = words[0], words[-1]
        for tail in CJK_TAILS:
            if last == tail and len(words) > 1:
                return words[:-1]
            if last.endswith(tail) and last != tail:
                return [*words[:-1], last.removesuffix(tail)]
        for head in CJK_HEADS:
            if first == head and len(words) > 1:
                return words[1:]
            if first.startswith(head) and first != head:
                return [first.removeprefix(head), *words[1:]]
    return words
