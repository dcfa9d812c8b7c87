"""Edge cases of stages on words and tokens, of recommendation, item sets, tuning and RFormula."""

from pyspark.ml.feature import CountVectorizer, CountVectorizerModel, NGram, StopWordsRemover, VectorAssembler, Word2Vec
from pyspark.ml import Pipeline

from edge_case import case


def cases(frames):
    """Every case of this file."""
    for part in (n_grams, stop_words, count_words, word_vectors):
        yield from part(frames)


WORDS = [
    ["the", "Quick", "brown", "fox"], [], ["one"], ["a", None, "b", None], [None], ["", "", "x"],
    ["I", "i", "\u0130", "\u0131", "i\u0307"], ["THE", "ΣΟΣ", "σος", "Straße", "STRASSE"], ["日本", "😀", "語"],
]


def n_grams(f):
    """Lists shorter than n, nulls among words."""
    for n in (1, 2, 3):
        yield case("NGram_%d" % n, "short lists, null and empty words", NGram(n=n, inputCol="x", outputCol="o"), f.one("x", "array<string>", WORDS))
    yield case("NGram_null", "a null list", NGram(inputCol="x", outputCol="o"), f.one("x", "array<string>", [["a", "b"], None]))


def stop_words(f):
    """Lower case by language, null words, several columns."""
    words = f.one("x", "array<string>", WORDS + [["I\u0307", "IX", "İX", "ix", "ıx", "THE\u0307", "J\u0301", "Ì", "i\u0307\u0300"]])
    own = ["I", "the", "ix", "σος", "", "\u00cc", "j\u0307\u0301"]
    for locale in ("en", "tr", "az", "lt", "tr_TR", "de"):
        stage = StopWordsRemover(inputCol="x", outputCol="o", stopWords=own, locale=locale)
        yield case("StopWordsRemover_%s" % locale, "lower case by the rules of the locale", stage, words)
    stage = StopWordsRemover(inputCol="x", outputCol="o", stopWords=own, caseSensitive=True, locale="tr")
    yield case("StopWordsRemover_case", "caseSensitive: as they are", stage, words)
    yield case("StopWordsRemover_default", "the English words", StopWordsRemover(inputCol="x", outputCol="o"), f.one("x", "array<string>", [["The", "won't", "wouldn't", "can", "could", "I'd", "fox", "ours"]]))
    turkish = StopWordsRemover(inputCol="x", outputCol="o", stopWords=StopWordsRemover.loadDefaultStopWords("turkish"), locale="tr")
    yield case("StopWordsRemover_turkish_words", "Spark's Turkish words", turkish, f.one("x", "array<string>", [["İLE", "ILE", "Şu", "KIM", "KİM", "acaba", "fox"]]))
    two = StopWordsRemover(inputCols=["a", "b"], outputCols=["oa", "ob"], stopWords=["x"])
    yield case("StopWordsRemover_two", "two columns at once", two, f.make("a array<string>, b array<string>", [(["x", "y"], ["X", None]), ([], ["z"])]))
    yield case("StopWordsRemover_null", "a null list", StopWordsRemover(inputCol="x", outputCol="o"), f.one("x", "array<string>", [["a"], None]))


def count_words(f):
    """minTF absolute and as a part, binary, nulls, unknown words."""
    seen = f.one("x", "array<string>", [["a", "b", "a"], ["c", "b"], ["a", "", "é"]])
    rows = f.one("x", "array<string>", [["a", "a", "b"], [], ["zz"], ["a", None, "a", "zz", "b"], ["", "é", "É", ""], ["c"] * 5 + ["b"], [None, None]])
    for least, binary in ((1.0, False), (1.0, True), (2.0, False), (0.4, False), (0.34, True), (0.0, False)):
        model = CountVectorizer(inputCol="x", outputCol="o", minTF=least, binary=binary).fit(seen)
        name = "CountVectorizerModel_%g%s" % (least, "_binary" if binary else "")
        yield case(name, "minTF %g, binary %s" % (least, binary), model, rows)
    made = CountVectorizerModel.from_vocabulary(["b", "a"], inputCol="x", outputCol="o")
    yield case("CountVectorizerModel_made", "made from a vocabulary", made, rows)
    yield case("CountVectorizerModel_null", "a null list", made, f.one("x", "array<string>", [["a"], None]))


def word_vectors(f):
    """Unknown words, repeated words, no words."""
    seen = f.one("x", "array<string>", [["a", "b", "c", "a"], ["d", "e", "a"], ["b", "d", "f", "g"]])
    model = Word2Vec(vectorSize=9, minCount=1, seed=3, inputCol="x", outputCol="o").fit(seen)
    rows = [["a"], ["a", "b", "c"], ["a", "zz", None], ["zz"], [], [None], ["g", "g", "g", "f", "e", "d", "c", "b", "a"], ["A"]]
    yield case("Word2VecModel_unknown", "unknown, null and repeated words, no words", model, f.one("x", "array<string>", rows))
    yield case("Word2VecModel_null", "a null list", model, f.one("x", "array<string>", [["a"], None]))
    rare = Word2Vec(vectorSize=2, minCount=2, seed=3, inputCol="x", outputCol="o").fit(seen)
    both = Pipeline(stages=[rare, VectorAssembler(inputCols=["o", "o"], outputCol="v")]).fit(seen)
    yield case("PipelineModel_word_vectors", "assembled twice", both, f.one("x", "array<string>", rows))
