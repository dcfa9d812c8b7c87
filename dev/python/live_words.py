"""The words of the live test: many scripts, and the letters that are hard to make lower case or to cut."""

LETTERS = ["a", "b", "c", "", "Zürich", "日本", "x y", "1", "1.0", "é", "e\u0301", "I", "ı", "😀", " "]
WORDS = (
    "spark fire steel flint tinder Ünïcode İstanbul ISTANBUL ılık ΣΟΦΟΣ ΟΔΟΣ ς straße STRASSE ẞ ſtone 日本 日本語 😀 👩‍👩‍👧 𝔘𝔫𝔦 𐐀𐐨 "
    "a ab abc abcd abcde the The AND and не И это och ve VE Привет שלום مرحبا สวัสดี नमस्ते 한국어 e\u0301te\u0301 A\u030angstro\u0308m ǅ "
    "ﬁn 12 3.14 x=1,y=2 it's don't snake_case e-mail a.b.c ЁЖ Ǆungla K Ω Ⅷ ① １２"
).split(" ")
SPACES = [" ", " ", " ", " ", "  ", "\t", "\n", "\r\n", ", ", ".", "\u00a0", "\u3000", "\u2003", "\u0085", "\x0b", "\u200b", "\x1c"]
STRAY = ["\u0301", "\ufeff", "\u202e", "\U0001f468\u200d", "\u0130", "\u03a3", "\u00ad", "\U00010400", "\u0307", "'"]
