"""Edge cases of stages on words and tokens, of recommendation, item sets, tuning and RFormula."""

from pyspark.ml import Estimator, Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import (
    CountVectorizer,
    CountVectorizerModel,
    NGram,
    RegexTokenizer,
    RFormula,
    StopWordsRemover,
    StringIndexer,
    Tokenizer,
    VectorAssembler,
    Word2Vec,
)
from pyspark.ml.fpm import FPGrowth
from pyspark.ml.param.shared import HasMaxIter
from pyspark.ml.recommendation import ALS
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable

from edge_case import NAN, case, dense, sparse


def cases(frames):
    """Every case of this file."""
    for part in (regexes, sigmas, n_grams, stop_words, count_words, word_vectors, r_formulas, tuned, recommended, item_sets):
        yield from part(frames)


WORDS = [
    ["the", "Quick", "brown", "fox"], [], ["one"], ["a", None, "b", None], [None], ["", "", "x"],
    ["I", "i", "\u0130", "\u0131", "i\u0307"], ["THE", "ΣΟΣ", "σος", "Straße", "STRASSE"], ["日本", "😀", "語"],
]


TEXTS = [
    "Hello  World ", " lead", "", " ", "a\tb\nc\x0bd\x0ce\rf", "nbsp\u00a0and\u3000wide", "\u0130X \u03a3\u039f\u03a3 x",
    "Café d'or, 12,5 €; état-major_x", "日本 語、テスト。", "ΑΣ. Σ ΑΣΒ", "x" * 40, "one.two..three!", "(a)[b]{c}|d^e$f\\g",
    "line\r\nnext\u2028sep\u0085nel", "AbC aBc ABBBA", "foo123bar 4_5 6-7", "Привет, мир!", "K ſ ß",
]
EMOJI = ["emoji 😀 X", "😀😀", "a😀b"]

# Name, pattern, and what else is set. Every construct that is translated stands in one of them.
PATTERNS = [
    ("default", None, {}), ("length", "\\s+", {"minTokenLength": 3}), ("empty_words", " ", {"minTokenLength": 0}),
    ("kept_case", "\\W+", {"toLowercase": False}), ("nothing", "", {}), ("nothing_zero", "\\s*", {"minTokenLength": 0}),
    ("words", "\\w+", {"gaps": False}), ("star", "[a-c]*", {"gaps": False, "minTokenLength": 0}),
    ("letters", "\\p{L}+", {"gaps": False}), ("scripts", "[\\p{IsLatin}\\p{IsGreek}]+|\\p{IsHan}|\\p{IsCyrillic}{2}", {"gaps": False}),
    ("posix", "[\\p{Punct}\\p{Space}]+", {}), ("unions", "[a-z&&[^aeiou]]+", {"gaps": False}),
    ("escapes", "[\\t\\x20\\u00a0\\x{3000}\\-_]|\\Q..\\E|\\056", {}), ("lines", "\\R|\\h", {"minTokenLength": 0}), ("dots", "..", {"gaps": False, "minTokenLength": 0}),
    ("all_dots", "(?s)..(?-s).", {"gaps": False}), ("any_case", "(?i)ab+|[x-z]|é|k", {"gaps": False, "toLowercase": False}),
    ("groups", "(?<w>[a-z]+?)(\\d+|(?:_|-)\\d)?", {"gaps": False}), ("lazy", "b{1,2}?", {"gaps": False, "toLowercase": False}),
    ("counts", "[a-z]{2,3}", {"gaps": False}), ("start", "^\\s|\\A[a-h]", {"minTokenLength": 0}), ("boundary", "\\b\\w+\\b", {"gaps": False}),
    ("no_boundary", "\\B", {}), ("brackets", "[]\\[(){}|^$\\\\.]", {"minTokenLength": 0}), ("properties", "[\\p{IsAlphabetic}\\p{IsDigit}]+", {"gaps": False}),
    ("not_white", "\\S+", {"gaps": False}), ("end", "[.!]\\z", {"minTokenLength": 0}),
]


def regexes(f):
    """Java's regular expressions, as gaps and as words, on text of many scripts."""
    texts = f.one("x", "string", TEXTS)
    both = f.one("x", "string", TEXTS + EMOJI)
    for name, pattern, more in PATTERNS:
        stage = RegexTokenizer(inputCol="x", outputCol="o", **more)
        if pattern is not None:
            stage = stage.setPattern(pattern)
        frame = texts if name in ("nothing", "nothing_zero", "star", "no_boundary") else both
        yield case("RegexTokenizer_%s" % name, "the pattern %s" % (pattern or "as by default"), stage, frame)
    yield case("RegexTokenizer_null", "a null", RegexTokenizer(inputCol="x", outputCol="o"), f.one("x", "string", ["a", None]))
    yield case("RegexTokenizer_unreadable", "a pattern that Java refuses", RegexTokenizer(inputCol="x", outputCol="o", pattern="a**"), texts)


def sigmas(f):
    """The end of a word, where a capital sigma becomes another small letter, as Java sees it."""
    texts = ["ΠΑΡΟΣ-ΑΘΗΝΑ ΣΟΦΟΣ", "Α1Σ Α_Σ Α:Σ Α.Σ ΑΣ.Β", "ΑΣ'Β ’ΑΣ’ ΑΣ", "ΑΣ\u0301 Α\u0301Σ Α\u00adΣ ªΣ", "日ΣΑΣ日 Σ ΣΣ", "12ΑΣ3 ΑΣ3Β $ΑΣ% ΑΣⅠ"]
    halves = ["𐐀Σ", "Α𐐀Σ", "Α𐐀ΑΣ", "ΑΣ𐐀", "ΑΣ𠀀Α", "😀𐐀Σ ΑΣ😀", "日ΑΣ\u0301𝔘 Α\u0e31Σ", "ΣΑ𐐀\u0307'Σ", "न\u0947Σ नΑ\u093eΣ𐐀"]
    yield case("Tokenizer_sigma_halves", "letters of two halves, between which Java's word iterator starts", Tokenizer(inputCol="x", outputCol="o"), f.one("x", "string", halves))
    yield case("Tokenizer_sigma", "the end of a word in Java", Tokenizer(inputCol="x", outputCol="o"), f.one("x", "string", texts))
    yield case("RegexTokenizer_sigma", "the end of a word in Java", RegexTokenizer(inputCol="x", outputCol="o"), f.one("x", "string", texts))
    stage = StopWordsRemover(inputCol="x", outputCol="o", stopWords=["παροσ-αθηνα", "α1ς", "α:ς"])
    yield case("StopWordsRemover_sigma", "the end of a word in Java", stage, f.one("x", "array<string>", [["ΠΑΡΟΣ-ΑΘΗΝΑ", "παρος-αθηνα", "Α1Σ", "Α:Σ"]]))


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


def r_formulas(f):
    """Labels of every kind, handleInvalid, slot names that later stages read."""
    columns = "y int, x double, c string, d string, b boolean, v vector"
    rows = [(1, 0.5, "u", "p", True, dense(1, 0)), (0, 1.5, "v", "q", False, dense(0, 2)), (1, -1.0, "u", "q", True, sparse(2, {})), (0, 2.0, "w", "p", False, dense(3, 4))]
    seen = f.make(columns, rows)
    dirty = f.make(columns, rows + [(3, 1.0, "zz", "p", None, dense(1, 1)), (None, 1.0, "u", None, True, dense(0, 0)), (1, NAN, "w", "q", True, dense(1, 0))])
    for way in ("keep", "skip"):
        for name, terms in (("", "x + c + d"), ("_vector", "x + c + d + v")):
            model = RFormula(formula="y ~ " + terms, featuresCol="f", labelCol="l", handleInvalid=way).fit(seen)
            yield case("RFormulaModel_%s%s" % (way, name), "unseen categories, nulls, NaN; an int label", model, dirty)
    model = RFormula(formula="y ~ x + c", featuresCol="f", labelCol="l").fit(seen)
    yield case("RFormulaModel_error", "one unseen category", model, dirty)
    clean = f.make("x double, c string", [(1.0, "w"), (0.0, "u")])
    yield case("RFormulaModel_no_label", "rows without a label", model, clean)
    taken = f.make("x double, c string, y double, l double", [(1.0, "w", 1.0, 7.0)])
    yield case("RFormulaModel_label_taken", "the label's name is there already", model, taken)
    wrong = f.make("x double, c string, y double, l string", [(1.0, "w", 1.0, "a")])
    yield case("RFormulaModel_label_text", "the label's name is there already, as text", model, wrong)
    words = f.make("x double, c string, y string", [(1.0, "w", "a")])
    yield case("RFormulaModel_label_other", "the label was numbers and is text", model, words)
    yield case("RFormulaModel_boolean_label", "a boolean label", RFormula(formula="b ~ x + c", featuresCol="f", labelCol="l").fit(seen), seen)
    same = RFormula(formula="y ~ .", featuresCol="f", labelCol="y").fit(f.make("y double, x double, c string", [(1.0, 2.0, "a"), (0.0, 1.0, "b")]))
    yield case("RFormulaModel_same_label", "labelCol is the label itself; all columns", same, f.make("y double, x double, c string", [(1.0, 2.0, "a"), (0.0, 1.0, "b")]))
    text = RFormula(formula="d ~ x + c - 1", featuresCol="f", labelCol="l", stringIndexerOrderType="alphabetDesc", handleInvalid="keep").fit(seen)
    yield case("RFormulaModel_text_label", "a label of texts, no intercept: the first categories stay", text, dirty)
    yield case("RFormulaModel_text_label_absent", "no label of texts to index", text, clean)
    forced = RFormula(formula="y ~ x + b", featuresCol="f", labelCol="l", forceIndexLabel=True).fit(seen)
    yield case("RFormulaModel_forced", "forceIndexLabel", forced, seen)
    alone = RFormula(formula=" ~ x + c", featuresCol="f", labelCol="l").fit(seen)
    yield case("RFormulaModel_one_sided", "a formula without a label", alone, seen)
    whole = Pipeline(stages=[RFormula(formula="y ~ x + c + d"), LogisticRegression(maxIter=3)]).fit(seen)
    yield case("PipelineModel_r_formula", "a formula before a classifier", whole, f.make(columns, rows[::-1]))
    chained = Pipeline(stages=[RFormula(formula="y ~ x + c", featuresCol="f1", labelCol="l"), VectorAssembler(inputCols=["f1", "x"], outputCol="f2")]).fit(seen)
    yield case("PipelineModel_r_formula_assembled", "a formula's vector assembled again", chained, seen)


class Plain(Estimator, HasMaxIter, DefaultParamsReadable, DefaultParamsWritable):
    """An estimator written in Python, so that PySpark's own writer saves what tunes it."""

    def _fit(self, dataset):
        return LogisticRegression(maxIter=self.getMaxIter()).fit(dataset)


def tuned(f):
    """Models that were chosen: of pipelines, saved by PySpark's own writer."""
    seen = f.make("label double, a double, c string", [(float(i % 2), i * 0.5 - (i % 3), "xyz"[i % 3]) for i in range(24)])
    index = StringIndexer(inputCol="c", outputCol="ci", handleInvalid="keep")
    gather = VectorAssembler(inputCols=["a", "ci"], outputCol="features")
    lr = LogisticRegression(maxIter=3)
    rows = f.make("a double, c string", [(0.5, "x"), (-1.0, "zz"), (3.0, None), (7.5, "z")])
    judge = BinaryClassificationEvaluator()
    stages = Pipeline(stages=[index, gather, lr])
    grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.1]).build()
    cv = CrossValidator(estimator=stages, estimatorParamMaps=grid, evaluator=judge, numFolds=2, seed=1)
    yield case("CrossValidatorModel_pipeline", "the best of pipelines", cv.fit(seen), rows)
    tvs = TrainValidationSplit(estimator=stages, estimatorParamMaps=grid, evaluator=judge, seed=1)
    yield case("TrainValidationSplitModel_pipeline", "the best of pipelines", tvs.fit(seen), rows)
    plain = Plain()
    ready = gather.transform(index.fit(seen).transform(seen))
    grid = ParamGridBuilder().addGrid(plain.maxIter, [1, 2]).build()
    cv = CrossValidator(estimator=plain, estimatorParamMaps=grid, evaluator=judge, numFolds=2, seed=1)
    yield case("CrossValidatorModel_python", "an estimator written in Python", cv.fit(ready), ready.select("id", "features"))
    tvs = TrainValidationSplit(estimator=plain, estimatorParamMaps=grid, evaluator=judge, seed=1)
    yield case("TrainValidationSplitModel_python", "an estimator written in Python", tvs.fit(ready), ready.select("id", "features"))
    inner = CrossValidator(estimator=lr, estimatorParamMaps=ParamGridBuilder().addGrid(lr.regParam, [0.0]).build(), evaluator=judge, numFolds=2, seed=1)
    whole = Pipeline(stages=[index, Pipeline(stages=[gather]), inner]).fit(seen)
    yield case("PipelineModel_tuned", "a chosen model in a pipeline saved by PySpark's own writer", whole, rows)


def recommended(f):
    """Ids of every type, strangers kept and dropped, a rank above one block of factors."""
    seen = f.make("u int, i int, r float", [(u, i, float((u * i) % 5 + 1)) for u in range(-2, 4) for i in range(5) if (u + i) % 3])
    pairs = [(0, 1), (-2, 0), (3, 4), (99, 1), (0, -1), (2147483647, 0)]
    for way in ("nan", "drop"):
        model = ALS(rank=11, maxIter=2, seed=1, userCol="u", itemCol="i", ratingCol="r", coldStartStrategy=way).setPredictionCol("p").fit(seen)
        yield case("ALSModel_%s" % way, "users and items that are not known", model, f.make("u int, i int", pairs))
    mixed = f.make("u double, i long", [(0.0, 1), (-2.0, 0), (1.0, 99), (-0.0, 4)])
    yield case("ALSModel_numbers", "ids as double and long", model, mixed)
    for name, kind, bad in (("fraction", "double", 0.5), ("nan_id", "double", NAN), ("range", "long", 1 << 31), ("null", "int", None)):
        yield case("ALSModel_%s" % name, "one such user", model, f.make("u %s, i int" % kind, [(0, 1) if kind != "double" else (0.0, 1), (bad, 1)]))


def item_sets(f):
    """Confidence, items of other types, nulls, lists with items twice."""
    baskets = [["a", "b"], ["a", "c"], ["a", "b", "c"], ["b", "d", "a"], ["d"], ["é", "a"]]
    rows = baskets + [[], None, ["zz"], ["a", None], ["b", "zz"], ["d", "b"], ["c", "d", "é"]]
    for least in (0.0, 0.5, 1.0):
        model = FPGrowth(itemsCol="x", minSupport=0.1, minConfidence=least, predictionCol="o").fit(f.one("x", "array<string>", baskets))
        yield case("FPGrowthModel_%g" % least, "minConfidence %g; null, unknown items" % least, model, f.one("x", "array<string>", rows))
    model = FPGrowth(itemsCol="x", minSupport=0.9, predictionCol="o").fit(f.one("x", "array<string>", baskets))
    yield case("FPGrowthModel_none", "no set is frequent, so that its data have no rows", model, f.one("x", "array<string>", rows))
    for kind, big in (("int", 1 << 30), ("long", 1 << 40)):
        numbers = [[1, 2], [1, big], [1, 2, big], [2]]
        model = FPGrowth(itemsCol="x", minSupport=0.2, minConfidence=0.4, predictionCol="o").fit(f.one("x", "array<%s>" % kind, numbers))
        yield case("FPGrowthModel_%ss" % kind, "whole numbers as items", model, f.one("x", "array<%s>" % kind, numbers + [[big], [7], None, [1]]))
