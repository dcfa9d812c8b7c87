"""Random stages of the live test over texts and lists of words."""

from pyspark.ml.feature import (
    IDF,
    CountVectorizer,
    HashingTF,
    NGram,
    RegexTokenizer,
    StopWordsRemover,
    Tokenizer,
    Word2Vec,
)
from pyspark.ml.fpm import FPGrowth

from live_draft import Draft

GAPS = [r"\s+", r"\W+", r"\W", r"[^\p{L}]+", r"[^\p{L}\p{N}]+", r",\s*", r"(?i)ab", r"[\s,.;]+", r"\t|\n", r"\s", r"[aeiou]+", r"\h+|\R", r"[\p{IsGreek}\p{IsHebrew}]+|\s"]
MATCHES = [r"\w+", r"\p{L}+", r"\p{Lu}\p{Ll}*", r"\d{1,2}", r"[a-zé]+", r"\S+", r"(?i)[a-z]{2,3}", r"\p{Alpha}+", r"[^\s\d]+", r".+", r"[\w&&[^\d_]]+", r"[^\p{ASCII}]", r"(?s)..", r"\p{IsCyrillic}{2,}?"]
LANGUAGES = ["english", "german", "russian", "turkish", "french"]


class Texts(Draft):
    """Words and what is counted of them."""

    def words(self):
        """A column of words: made of a text, or ready."""
        if self.chance(0.25):
            self.use("w1")
            return "w1"
        text = self.rnd.choice(["t1", "t2"])
        out = self.name("tokens")
        if self.chance(0.4):
            self.add(Tokenizer(inputCol=text, outputCol=out), text)
            return out
        gaps = self.chance(0.5)
        pattern = self.rnd.choice(GAPS if gaps else MATCHES)
        self.add(
            RegexTokenizer(
                inputCol=text, outputCol=out, pattern=pattern, gaps=gaps, minTokenLength=self.rnd.choice([0, 1, 1, 2, 3]),
                toLowercase=self.chance(0.6),
            ), text,
        )
        return out

    def stopped(self, words):
        """StopWordsRemover over one column or two."""
        extra = {"caseSensitive": True} if self.chance(0.3) else {}
        if self.chance(0.5):
            extra["locale"] = self.rnd.choice(["en_US", "tr", "tr_TR", "de", "en"])
        language = self.rnd.choice(LANGUAGES)
        stop = StopWordsRemover.loadDefaultStopWords(language) if self.chance(0.5) else self.rnd.sample(["the", "AND", "İSTANBUL", "ılık", "σοφος", "ve", "STRASSE", "", "日本"], 5)
        out = self.name("kept")
        if self.chance(0.7):
            self.add(StopWordsRemover(inputCol=words, outputCol=out, stopWords=stop, **extra))
        else:
            other = "g1" if words != "g1" else "w1"
            self.add(StopWordsRemover(inputCols=[words, other], outputCols=[out, self.name("kept")], stopWords=stop, **extra), other)
        return out

    def text(self):
        """Words, fewer words or word pairs, and numbers of them."""
        words = self.words()
        if self.chance(0.4):
            words = self.stopped(words)
        if self.chance(0.3):
            out = self.name("pairs")
            self.add(NGram(inputCol=words, outputCol=out, n=self.rnd.randint(1, 4)))
            words = out
        kind = self.rnd.choice(["hash", "hash", "count", "count", "meaning", "none"])
        if kind == "meaning":
            self.meaning(words)
        elif kind != "none":
            self.counted(words, kind)

    def meaning(self, words):
        """Word2Vec."""
        out, size = self.name("meaning"), self.rnd.choice([1, 3, 8])
        self.add(
            Word2Vec(
                inputCol=words, outputCol=out, vectorSize=size, minCount=self.rnd.randint(0, 2), seed=self.rnd.randint(0, 1 << 30),
                maxIter=1, numPartitions=1,
            )
        )
        self.made(out, size, None)
        self.unsized.add(out)

    def counted(self, words, kind):
        """HashingTF or CountVectorizer, and perhaps IDF."""
        out = self.name("tf")
        if kind == "hash":
            size = self.rnd.choice([1, 8, 32, 1000])
            self.add(HashingTF(inputCol=words, outputCol=out, numFeatures=size, binary=self.chance(0.3)))
        else:
            size = None
            self.add(
                CountVectorizer(
                    inputCol=words, outputCol=out, vocabSize=self.rnd.choice([3, 20, 1000]), minTF=self.rnd.choice([1.0, 2.0, 0.2]),
                    minDF=self.rnd.choice([1.0, 2.0, 0.05]), binary=self.chance(0.3),
                )
            )
        if self.chance(0.5):
            weighed = self.name("idf")
            self.add(IDF(inputCol=out, outputCol=weighed, minDocFreq=self.rnd.randint(0, 3)))
            out = weighed
        self.vectors[out] = size
        self.ready.append(out)

    def basket(self):
        """FPGrowth over goods."""
        self.add(
            FPGrowth(itemsCol="g1", predictionCol=self.name("also"), minSupport=self.rnd.choice([0.05, 0.2, 0.4]), minConfidence=self.rnd.choice([0.1, 0.5, 0.8])),
            "g1",
        )
