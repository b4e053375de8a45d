"""What the text of a bank line may name, cut into tokens (pure).

Banks and customers write one reference in many ways: ``INV/2026/00012``,
``inv-2026-00012``, ``INV202600012``, ``INV 2026 00012``. Both sides are brought to
capital letters and digits, so that they can be compared by equality alone.
"""

import re
import unicodedata

#: Atoms joined at the most, to find a reference that is written in parts: a Swiss
#: reference has six, a long creditor reference (ISO 11649) seven.
MOST_PARTS = 8
#: No reference is longer; the creditor reference has 25 characters, SEPA allows 35.
LONGEST = 40
#: A label of any format; what some bank writes beyond it names nobody.
TEXT_LENGTH = 2000
#: A plain number is telling from here on: a postal code has fewer digits.
DIGITS_ALONE = 6
#: Joined from parts, it could be a date or an amount.
DIGITS_JOINED = 10
#: With letters, a reference is shorter: ``FA267``.
SHORTEST, FEWEST_DIGITS = 5, 3
#: Written before the digits, these make an account a token of its own.
ACCOUNT = "#"

YEAR = re.compile(r"(19|20)\d\d")
SEPARATORS = re.compile(r"[\W_]+")
TAGS = re.compile(r"<[^<>]*>")
#: Parts of a company's name that say what it is, not who.
LEGAL_FORMS = frozenset(
    "AB AG AS BV BVBA CO COMPANY CORP CORPORATION EURL GMBH INC KG LIMITED LLC LLP "
    "LP LTD NV OHG OY OYJ PLC PTY SA SARL SAS SASU SL SNC SP SPA SPRL SRL UG ZOO "
    "AND DE ET UND".split()
)


def atoms(text):
    """The words and numbers of a text, in capitals and without accents."""
    plain = text or ""
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return [atom for atom in SEPARATORS.split(plain.upper()) if atom]


def reference_token(text):
    """A reference as a token, or an empty string when it is too plain to name anyone.

    A counter such as ``12``, a year or ``Order 7`` would be found everywhere.
    """
    token = "".join(atoms(text))
    return token if _is_telling(token) else ""


def account_token(number):
    """A bank account's number as a token, or an empty string."""
    token = "".join(atoms(number))
    return ACCOUNT + token if token else ""


def name_tokens(name):
    """The words a text must have, all of them, to name this customer.

    :return: set of words; empty for a name without any
    """
    words = {word for word in atoms(name) if len(word) > 1 and word not in LEGAL_FORMS}
    if not any(len(word) > 2 for word in words):
        return set()
    return words


def text_tokens(*texts):
    """Everything that some texts of one bank line may name.

    :return: set of references, however they are written; set of words
    """
    tokens, words = set(), set()
    for text in texts:
        text = TAGS.sub(" ", text or "")[:TEXT_LENGTH]
        parts = atoms(text)
        words.update(part for part in parts if 1 < len(part) <= LONGEST)
        tokens.update(filter(_is_telling, parts))
        tokens.update(_joined(parts))
        # with letters between the digits it is one only when nothing parts it
        chunks = ("".join(atoms(chunk)) for chunk in text.split())
        tokens.update(chunk for chunk in chunks if _is_telling(chunk, DIGITS_JOINED))
    return tokens, words


def _joined(parts):
    """References written in parts: letters or digits, then parts that have digits."""
    for start, first in enumerate(parts):
        token = first
        for part in parts[start + 1 : start + MOST_PARTS]:
            token += part
            if len(token) > LONGEST or not _has_digit(part):
                break
            if _is_telling(token, DIGITS_JOINED):
                yield token


def _is_telling(token, digits_alone=DIGITS_ALONE):
    if len(token) > LONGEST:
        return False
    if token.isalpha():  # most are
        return False
    digits = "".join(filter(str.isdigit, token))
    if digits == token:
        return len(digits) >= digits_alone
    return (
        len(token) >= SHORTEST
        and len(digits) >= FEWEST_DIGITS
        and not YEAR.fullmatch(digits)
    )


def _has_digit(part):
    return any(map(str.isdigit, part))
